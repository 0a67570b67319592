"""Tests which learners finish when a document is loaded: the plan counts them and the load records them."""

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
OTHER_KEY = PLANETS.replace("- [ ] Mars", "- [x] Mars", 1).replace("- [x] Jupiter", "- [ ] Jupiter")


def create_learners(count: int, name: str = "l") -> list[User]:
    return User.objects.bulk_create([User(email=f"{name}{n}@example.com") for n in range(count)])


def create_class(module: Module) -> None:
    """Creates a learner for each combination of sections read and attempts submitted."""
    readings = [(), ("planet-dalam",), ("planet-luar",), ("planet-dalam", "planet-luar")]
    takes = [(), (WRONG,), (RIGHT,), (HALF,), (RIGHT, WRONG)]
    people = iter(create_learners(len(readings) * len(takes)))
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


def recorded_outcomes() -> list[tuple]:
    return [
        *Enrolment.objects.order_by("pk").values_list("pk", "passed_at", "finished_at"),
        *Attempt.objects.order_by("pk").values_list("pk", "outcome_recorded_at"),
    ]


def record_outcomes_one_by_one(module: Module, now, *, graded: bool) -> None:
    """Records the same outcomes as ``completion.record_outcomes``, but for one learner at a time."""
    for enrolment in Enrolment.objects.filter(module=module).select_related("learner", "module"):
        has_submitted = enrolment.attempts.submitted().exists()
        if (enrolment.finished_at is None and enrolment.readings.exists()) or (graded and has_submitted):
            completion.record_outcome(enrolment, now)


LOADS = [
    pytest.param(SHORTER, {}, id="section removed"),
    pytest.param(WITHOUT_QUIZ, {}, id="quiz removed"),
    pytest.param(WITHOUT_QUIZ.replace(OUTER, ""), {}, id="section and quiz removed"),
    pytest.param("# Tata surya\n\n" + QUIZ, {}, id="all sections removed"),
    pytest.param(SHORTER.replace("## Kuis", "## Baru\n\nKomet.\n\n## Kuis"), {}, id="one section replaced"),
    pytest.param(f"---\ncounts: last\n---\n{PLANETS}", {}, id="the last grade counts"),
    pytest.param(f"---\ncounts: average\n---\n{SHORTER}", {}, id="the average counts"),
    pytest.param(f"---\npass_mark: 10\n---\n{PLANETS}", {}, id="another pass mark"),
    pytest.param(OTHER_KEY, {"regrade": frozenset({"planet-terbesar"})}, id="another key"),
    pytest.param(
        f"---\ncounts: average\n---\n{OTHER_KEY}",
        {"regrade": frozenset({"planet-terbesar"})},
        id="another key and the average counts",
    ),
    pytest.param(
        SHORTER.replace("Merkurius, Venus, Bumi, Mars.", "Empat planet batu."),
        {"tell": {"planet-dalam": "again"}},
        id="one section removed, the other to be read again",
    ),
    pytest.param(PLANETS.replace("Bumi, Mars.\n", "Bumi.\n\n## Mars\n\nMars.\n"), {}, id="section split"),
]


@pytest.mark.parametrize(("text", "decisions"), LOADS)
def test_load_finishes_as_many_learners_as_planned(text, decisions, monkeypatch):
    module = a_module()
    create_class(module)
    before = Enrolment.objects.filter(finished_at__isnull=False).count()
    planned = plan(module, text, **decisions)
    if planned.shortens or planned.changes_grades:
        Attempt.objects.filter(number=1).update(
            outcome_recorded_at=None
        )  # as if recording the outcome had failed

    start = transaction.savepoint()
    apply.apply_plan(planned, by=None, now=at(60))
    outcomes_by_load = recorded_outcomes()
    assert Enrolment.objects.filter(finished_at__isnull=False).count() - before == planned.finishes

    transaction.savepoint_rollback(start)
    monkeypatch.setattr(completion, "record_outcomes", lambda *args, **kwargs: None)
    apply.apply_plan(plan(module, text, **decisions), by=None, now=at(60))
    record_outcomes_one_by_one(module, at(60), graded=planned.changes_grades)
    assert recorded_outcomes() == outcomes_by_load


def test_listed_loads_finish_at_least_one_learner():
    """Checks the list of loads: if none of them finished anybody, the test above would prove nothing."""
    module = a_module()
    create_class(module)
    counts = [plan(module, load.values[0], **load.values[1]).finishes for load in LOADS]
    finishing_loads = [
        "section removed",
        "quiz removed",
        "section and quiz removed",
        "all sections removed",
        "the average counts",
        "another key",
        "another key and the average counts",
    ]
    assert [load.id for load, count in zip(LOADS, counts, strict=True) if count] == finishing_loads


@pytest.mark.parametrize(
    "text", [PLANETS.replace("Delapan", "8"), SHORTER, WITHOUT_QUIZ, f"---\ncounts: last\n---\n{PLANETS}"]
)
def test_load_query_count_ignores_number_of_learners(text):
    module = a_module()

    def queries(people: list[User]) -> int:
        for learner in people:
            progress.record_reading(learner, module.sections.get(identity="planet-dalam"), now=NOON)
        planned = plan(module, text)
        with CaptureQueriesContext(connection) as captured:
            apply.apply_plan(planned, by=None, now=at(60))
        return len(captured)

    start = transaction.savepoint()
    queries_for_one = queries(create_learners(1, "few"))
    transaction.savepoint_rollback(start)
    assert queries(create_learners(25, "many")) == queries_for_one
