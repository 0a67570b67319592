"""Who finishes by a load: the plan counts them, the load records them, and both cost the same for one and for many."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions, Plan
from modules.models import Attempt, Enrolment, Module, Quiz
from modules.quizzes import completion
from modules.reading import progress
from tests.cast import NOON, PLANETS, a_module, at, take

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
WRONG = ["Mars", ["Venus"], "Venus", "9"]
HALF = ["Mars", ["Saturnus", "Uranus"], "Mars", "9"]
OUTER = "## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n\n"
QUIZ = PLANETS[PLANETS.index("## Kuis akhir") :]
SHORTER = PLANETS.replace(OUTER, "")
WITHOUT_QUIZ = PLANETS.replace(QUIZ, "")
KEYED = PLANETS.replace("- [ ] Mars", "- [x] Mars", 1).replace("- [x] Jupiter", "- [ ] Jupiter")


def learners(count: int, name: str = "l") -> list[User]:
    return User.objects.bulk_create([User(email=f"{name}{n}@example.com") for n in range(count)])


def a_class(module: Module) -> None:
    """Learners at every point of the way, each with another work behind them."""
    readings = [(), ("planet-dalam",), ("planet-luar",), ("planet-dalam", "planet-luar")]
    takes = [(), (WRONG,), (RIGHT,), (HALF,), (RIGHT, WRONG)]
    people = iter(learners(len(readings) * len(takes)))
    Quiz.objects.update(quiz_opens=Quiz.QuizOpens.AT_ONCE)
    quiz = Module.objects.get(pk=module.pk).quiz
    for read in readings:
        for tries in takes:
            learner = next(people)
            for identity in read:
                progress.record_reading(learner, module.sections.get(identity=identity), now=NOON)
            for answers in tries:
                take(learner, quiz, list(answers))


def plan(module: Module, text: str, **decisions) -> Plan:
    module = Module.objects.get(pk=module.pk)
    return planning.plan_document(
        module, uploads.parse_with_images(text, module=module), Decisions(**decisions)
    )


def outcome() -> list[tuple]:
    return [
        *Enrolment.objects.order_by("pk").values_list("pk", "passed_at", "finished_at"),
        *Attempt.objects.order_by("pk").values_list("pk", "outcome_recorded_at"),
    ]


def one_by_one(module: Module, now, *, graded: bool) -> None:
    """What :func:`finishing.settle` does, for one learner after the other."""
    for enrolment in Enrolment.objects.filter(module=module).select_related("learner", "module"):
        has_submitted = enrolment.attempts.submitted().exists()
        if (enrolment.finished_at is None and enrolment.readings.exists()) or (graded and has_submitted):
            completion.record_outcome(enrolment, now)


LOADS = [
    pytest.param(SHORTER, {}, id="a section goes"),
    pytest.param(WITHOUT_QUIZ, {}, id="the quiz goes"),
    pytest.param(WITHOUT_QUIZ.replace(OUTER, ""), {}, id="both go"),
    pytest.param("# Tata surya\n\n" + QUIZ, {}, id="all sections go"),
    pytest.param(SHORTER.replace("## Kuis", "## Baru\n\nKomet.\n\n## Kuis"), {}, id="one goes and one comes"),
    pytest.param(f"---\ncounts: last\n---\n{PLANETS}", {}, id="the last grade counts"),
    pytest.param(f"---\ncounts: average\n---\n{SHORTER}", {}, id="the average counts"),
    pytest.param(f"---\npass_mark: 10\n---\n{PLANETS}", {}, id="another pass mark for those who come"),
    pytest.param(KEYED, {"regrade": frozenset({"planet-terbesar"})}, id="another key"),
    pytest.param(
        f"---\ncounts: average\n---\n{KEYED}",
        {"regrade": frozenset({"planet-terbesar"})},
        id="another key and the average counts",
    ),
    pytest.param(
        SHORTER.replace("Merkurius, Venus, Bumi, Mars.", "Empat planet batu."),
        {"tell": {"planet-dalam": "again"}},
        id="one goes and the other is to be read again",
    ),
    pytest.param(PLANETS.replace("Bumi, Mars.\n", "Bumi.\n\n## Mars\n\nMars.\n"), {}, id="a section is cut"),
]


@pytest.mark.parametrize(("text", "decisions"), LOADS)
def test_as_many_finish_as_the_plan_says_and_as_when_each_is_asked(text, decisions, monkeypatch):
    module = a_module()
    a_class(module)
    before = Enrolment.objects.filter(finished_at__isnull=False).count()
    planned = plan(module, text, **decisions)
    if planned.shortens or planned.changes_grades:
        Attempt.objects.filter(number=1).update(
            outcome_recorded_at=None
        )  # recording what followed had failed

    start = transaction.savepoint()
    apply.apply_plan(planned, by=None, now=at(60))
    found = outcome()
    assert Enrolment.objects.filter(finished_at__isnull=False).count() - before == planned.finishes

    transaction.savepoint_rollback(start)
    monkeypatch.setattr(completion, "record_outcomes", lambda *given, **named: None)
    apply.apply_plan(plan(module, text, **decisions), by=None, now=at(60))
    one_by_one(module, at(60), graded=planned.changes_grades)
    assert outcome() == found


def test_some_of_these_loads_finish_somebody():
    """Else the test above would show nothing."""
    module = a_module()
    a_class(module)
    counts = [plan(module, load.values[0], **load.values[1]).finishes for load in LOADS]
    some = ["a section goes", "the quiz goes", "both go", "all sections go", "the average counts", "another key", "another key and the average counts"]  # fmt: skip
    assert [load.id for load, count in zip(LOADS, counts, strict=True) if count] == some


@pytest.mark.parametrize(
    "text", [PLANETS.replace("Delapan", "8"), SHORTER, WITHOUT_QUIZ, f"---\ncounts: last\n---\n{PLANETS}"]
)
def test_a_load_asks_the_database_as_often_for_one_learner_as_for_many(text):
    module = a_module()

    def queries(people: list[User]) -> int:
        for learner in people:
            progress.record_reading(learner, module.sections.get(identity="planet-dalam"), now=NOON)
        planned = plan(module, text)
        with CaptureQueriesContext(connection) as asked:
            apply.apply_plan(planned, by=None, now=at(60))
        return len(asked)

    start = transaction.savepoint()
    few = queries(learners(1, "few"))
    transaction.savepoint_rollback(start)
    assert queries(learners(25, "many")) == few
