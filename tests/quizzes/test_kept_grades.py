"""Tests that the grade by which results are sorted is the final grade, whatever happens to attempts and rules."""

from fractions import Fraction

import pytest

from modules.models import Attempt, Enrolment, Question, Quiz, RegradeJob
from modules.quizzes import attempts, corrections
from modules.quizzes.corrections import Why
from modules.quizzes.final_grade import exact_grade, final_grade
from tests.cast import NOON, a_quiz, at, take
from tests.large_class import (
    LARGEST,
    OTHER_KEY,
    finish,
    load,
    make_four_large,
    taken_by,
    the_learners,
    the_module,
)
from tests.quizzes.test_corrections import TWO_QUESTIONS

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"]]  # 100
HALF = ["Mars", ["Saturnus", "Uranus"]]  # 50
WRONG = ["Mars", "Venus"]  # 0


def kept() -> list[float | None]:
    """Returns the kept grades, after comparing each with the grade that the attempts give."""
    enrolments = Enrolment.objects.order_by("pk")
    for enrolment in enrolments:
        exact = final_grade(enrolment.attempts.all(), Quiz.objects.get().counts)
        assert enrolment.grade == (None if exact is None else float(exact))
    return [enrolment.grade for enrolment in enrolments]


@pytest.fixture
def why(instructor):
    return Why(instructor, "Salinan jawaban", at(60))


@pytest.fixture
def quiz():
    return a_quiz(TWO_QUESTIONS)


def first_response():
    return Attempt.objects.get().responses.get(slot=1)


@pytest.mark.parametrize(("counts", "grade"), [("highest", 100), ("average", 50), ("first", 50), ("last", 0)])
def test_grade_is_kept_with_each_submission(learner, quiz, counts, grade):
    Quiz.objects.update(counts=counts)
    for number, answers in enumerate([HALF, RIGHT, WRONG]):
        take(learner, quiz, answers, now=at(10 * number))
    assert kept() == [grade]


def test_open_attempt_has_no_grade(learner, quiz):
    attempts.start(learner, quiz, now=NOON)
    assert kept() == [None]


def test_mark_by_hand_changes_the_grade(learner, quiz, why):
    take(learner, quiz, HALF)
    corrections.give_mark(first_response(), Fraction(1, 3), why)
    assert kept() == [pytest.approx(66.6667, abs=0.001)]
    corrections.give_mark(first_response(), None, why)
    assert kept() == [50]


def test_deleted_and_restored_attempt_changes_the_grade(learner, quiz, why):
    attempt = take(learner, quiz, RIGHT)
    corrections.delete(attempt, why)
    assert kept() == [None]
    corrections.restore(attempt, why)
    assert kept() == [100]


def test_reopened_and_closed_attempt_changes_the_grade(learner, quiz, why):
    attempt = take(learner, quiz, RIGHT)
    corrections.reopen(attempt, why)
    assert kept() == [None]
    corrections.close(attempt, why)
    assert kept() == [100]


def test_full_marks_for_everybody_change_the_grade(learner, other_learner, quiz, why):
    take(learner, quiz, HALF)
    take(other_learner, quiz, RIGHT)
    question = Question.objects.order_by("pk")[0]
    corrections.give_full_marks(question, why)
    assert kept() == [100, 100]
    corrections.take_full_marks_back(question, why)
    assert kept() == [50, 100]


def test_regrading_changes_the_grades_at_once(db):
    module = the_module()
    taken_by(the_learners(), module)
    before = kept()
    load(OTHER_KEY, LARGEST)
    assert kept() != before


def test_regrading_a_large_class_changes_the_grades(db, monkeypatch):
    make_four_large(monkeypatch)
    module = the_module()
    taken_by(the_learners(), module)
    before = kept()
    load(OTHER_KEY, LARGEST)
    assert kept() == before
    finish(RegradeJob.objects.get())
    assert kept() != before


@pytest.mark.parametrize(
    "grade", [Fraction(5729, 100), Fraction(200, 3), Fraction(100), Fraction(0), Fraction(699999, 10000)]
)
def test_kept_grade_stands_for_the_exact_one(grade):
    assert exact_grade(float(grade)) == grade
