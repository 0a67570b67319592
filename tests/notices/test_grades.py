"""Tests that each learner whose grade changes gets one notice of it, from the first grade to the last."""

from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions
from modules.models import Attempt, Module, Notice, Question
from modules.notices.seeing import see_attempt
from modules.quizzes import corrections
from modules.quizzes.corrections import Why
from tests.cast import PLANETS, a_module, at, read_all, take

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
WRONG = ["Mars", ["Saturnus", "Uranus"], "Mars", "8"]
OTHER_KEY = PLANETS.replace("- [ ] Mars", "- [x] Mars", 1).replace("- [x] Jupiter", "- [ ] Jupiter")
BOTH_RIGHT = PLANETS.replace("- [ ] Mars", "- [x] Mars", 1)
WORTH_THREE = PLANETS.replace("### Planet terbesar?", "### Planet terbesar? {points=3}")


@pytest.fixture
def module(learner):
    module = a_module()
    read_all(learner, module)
    return module


def load(text: str, *, reason: str = "Kunci keliru", minutes: int = 60, regrade: bool = True) -> None:
    """Loads a text, and grades the first question again."""
    module = Module.objects.get()
    decisions = Decisions(regrade=frozenset({"planet-terbesar"} if regrade else ()))
    plan = planning.plan_document(module, uploads.parse_with_images(text, module=module), decisions)
    apply.apply_plan(plan, by=None, now=at(minutes), reason=reason)


def told() -> list[tuple]:
    rows = Notice.objects.order_by("pk")
    return [(row.kind, row.before, row.after, [slot[:4] for slot in row.slots], row.reason) for row in rows]


def test_load_with_regrade_tells_with_its_reason(learner, other_learner, module):
    read_all(other_learner, module)
    attempt = take(learner, module.quiz, RIGHT)
    take(other_learner, module.quiz, ["Mars", ["Venus"], "Mars", "8"])
    load(OTHER_KEY)
    notice = Notice.objects.get(attempt=attempt)
    assert (notice.enrolment.learner, notice.made_at, notice.seen_at) == (learner, at(60), None)
    assert told() == [
        ("grade", 100, 75, [[1, "regraded", "1", "0"]], "Kunci keliru"),
        ("grade", 50, 75, [[1, "regraded", "0", "1"]], "Kunci keliru"),
    ]


def test_load_without_regrade_tells_nothing(learner, module):
    take(learner, module.quiz, RIGHT)
    load(OTHER_KEY, regrade=False)
    assert told() == []


def test_learner_whose_grade_stays_is_told_nothing(learner, module):
    take(learner, module.quiz, RIGHT)
    load(BOTH_RIGHT)
    assert told() == []


def test_regrades_before_it_is_seen_are_one_notice(learner, module):
    take(learner, module.quiz, WRONG)
    load(OTHER_KEY, reason="Kunci keliru")
    load(WORTH_THREE.replace("- [ ] Mars", "- [x] Mars", 1), reason="Tiga poin", minutes=61)
    assert told() == [
        ("grade", 75, 100, [[1, "regraded", "0", "3"]], "Tiga poin"),
    ]
    assert Notice.objects.get().made_at == at(61)


def test_reasons_for_different_questions_are_joined(learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    for slot, mark, reason in ((1, 0, "Menyalin"), (2, 0, "Salah lihat"), (2, Fraction(1, 2), "Satu benar")):
        why = Why(instructor, reason, at(30))
        corrections.give_mark(attempt.responses.get(slot=slot), Fraction(mark), why)
    assert [(row[2], row[4]) for row in told()] == [(Fraction(125, 2), "Menyalin\nSatu benar")]


def test_grade_that_is_again_what_it_was_is_no_news(learner, module):
    take(learner, module.quiz, RIGHT)
    load(OTHER_KEY)
    load(PLANETS, minutes=61)
    assert told() == []


def test_regrade_after_it_is_seen_is_told_again(learner, module):
    attempt = take(learner, module.quiz, RIGHT)
    load(OTHER_KEY)
    see_attempt(learner, attempt, now=at(61))
    load(PLANETS, minutes=62)
    assert [(before, after) for _kind, before, after, *_rest in told()] == [(100, 75), (75, 100)]


def test_open_attempt_is_told_nothing(learner, module):
    take(learner, module.quiz, RIGHT)
    Attempt.objects.update(submitted_at=None, passed_at=None, mark=None, max_mark=None)
    load(OTHER_KEY)
    assert told() == []


def test_deleted_attempt_is_told_of_no_grade(learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.delete(attempt, Why(instructor, "Dua kali", at(30)))
    load(OTHER_KEY)
    assert [kind for kind, *_rest in told()] == ["deleted"]


def test_corrections_of_a_question_are_told(learner, instructor, module):
    take(learner, module.quiz, WRONG)
    question = Question.objects.get(identity="planet-terbesar")
    corrections.give_full_marks(question, Why(instructor, "Soal rancu", at(30)))
    assert told() == [("grade", 75, 100, [[1, "full_marks", "0", "1"]], "Soal rancu")]
    corrections.take_full_marks_back(question, Why(instructor, "Sudah jelas", at(31)))
    assert told() == []


def test_regrade_by_correction_tells_its_reason(learner, instructor, module):
    take(learner, module.quiz, RIGHT)
    load(OTHER_KEY, regrade=False)
    question = Question.objects.select_related("current").get(identity="planet-terbesar")
    corrections.regrade(question, Why(instructor, "Kunci lama salah", at(62)))
    assert told() == [("grade", 100, 75, [[1, "regraded", "1", "0"]], "Kunci lama salah")]


def test_mark_by_hand_is_told_with_what_it_takes(learner, instructor, module):
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "9"])
    response = attempt.responses.get(slot=1)
    corrections.give_mark(response, Fraction(0), Why(instructor, "Menyalin", at(30)))
    assert told() == [("grade", 75, 50, [[1, "mark", "1", "0"]], "Menyalin")]
    assert Notice.objects.get().finish == "taken"
    corrections.give_mark(response, None, Why(instructor, "Keliru", at(31)))
    assert told() == []


def test_mark_that_changes_no_grade_is_no_news(learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1), Why(instructor, "Benar", at(30)))
    assert told() == []


def test_reopening_replaces_the_notice_of_a_grade(learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    load(OTHER_KEY)
    corrections.reopen(attempt, Why(instructor, "Listrik padam", at(62)))
    assert told() == [("reopened", 75, None, [], "Listrik padam")]


def test_number_of_queries_ignores_the_number_of_attempts(module):
    def queries(count: int) -> int:
        start = transaction.savepoint()
        for number in range(count):
            learner = User.objects.create(email=f"peserta{number}@example.com")
            read_all(learner, module)
            take(learner, module.quiz, RIGHT)
        with CaptureQueriesContext(connection) as captured:
            load(OTHER_KEY)
        assert Notice.objects.count() == count
        transaction.savepoint_rollback(start)
        return len(captured)

    assert queries(1) == queries(5)
