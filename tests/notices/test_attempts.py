"""Tests that a learner is told what an instructor did with an attempt."""

from fractions import Fraction

import pytest

from modules.models import Enrolment, Notice, Question, Quiz
from modules.notices.seeing import see_quiz, unseen_by
from modules.quizzes import attempts, corrections
from modules.quizzes.corrections import Why
from tests.cast import NOON, a_module, at, read_all, take
from tests.notices.test_grades import OTHER_KEY, RIGHT, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def module(learner):
    module = a_module()
    read_all(learner, module)
    return module


@pytest.fixture
def why(instructor):
    return Why(instructor, "Listrik padam", at(60))


def unseen(learner) -> list[tuple]:
    return [(notice.kind, notice.finish, notice.reason) for notice in unseen_by(learner)]


def test_reopened_attempt_is_told(learner, module, why):
    corrections.reopen(take(learner, module.quiz, RIGHT), why)
    assert unseen(learner) == [("reopened", "", "Listrik padam")]


def test_closed_attempt_is_told_in_the_place_of_reopening(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.reopen(attempt, why)
    corrections.close(attempt, why)
    assert unseen(learner) == [("closed", "", "Listrik padam")]


def test_deleted_attempt_is_told_with_the_finish_that_goes(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.delete(attempt, why)
    assert unseen(learner) == [("deleted", "taken", "Listrik padam")]


def test_restored_attempt_is_told_only_after_the_deletion_was_seen(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.delete(attempt, why)
    corrections.restore(attempt, why)
    assert unseen(learner) == []
    corrections.delete(attempt, why)
    see_quiz(learner, module.quiz, now=at(61))
    corrections.restore(attempt, why)
    assert unseen(learner) == [("restored", "given", "Listrik padam")]


def test_attempt_restored_with_another_grade_is_told(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.delete(attempt, why)
    load(OTHER_KEY, regrade=False)
    corrections.regrade(Question.objects.select_related("current").get(identity="planet-terbesar"), why)
    corrections.restore(attempt, why)
    assert [(row.kind, row.after) for row in unseen_by(learner)] == [("restored", 75)]


def test_deleted_attempt_hides_what_was_told_of_its_grade(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    load(OTHER_KEY)
    corrections.delete(attempt, why)
    assert [kind for kind, *_rest in unseen(learner)] == ["deleted"]


def test_finish_that_a_mark_took_is_told_although_the_attempt_is_deleted(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    for slot in (1, 2, 3):
        corrections.give_mark(attempt.responses.get(slot=slot), Fraction(0), why)
    corrections.delete(attempt, why)
    assert unseen(learner) == [("deleted", "taken", "Listrik padam")]
    corrections.restore(attempt, why)
    assert sorted(unseen(learner)) == [("grade", "", "Listrik padam"), ("restored", "taken", "Listrik padam")]


def test_reopening_tells_of_the_finish_that_a_mark_took(learner, module, why):
    attempt = take(learner, module.quiz, RIGHT)
    for slot in (1, 2, 3):
        corrections.give_mark(attempt.responses.get(slot=slot), Fraction(0), why)
    corrections.reopen(attempt, why)
    assert unseen(learner) == [("reopened", "taken", "Listrik padam")]


def test_restoring_another_attempt_tells_that_the_finish_is_back(learner, module, why):
    made = [take(learner, module.quiz, RIGHT) for _number in range(2)]
    for attempt in made:
        corrections.delete(attempt, why)
    assert [finish for _kind, finish, _reason in unseen(learner)] == ["taken", ""]
    corrections.restore(made[0], why)
    assert unseen(learner)[0] == ("restored", "given", "Listrik padam")


def test_restoring_tells_of_the_finish_that_the_deletion_had_brought(learner, module, why):
    Quiz.objects.update(counts=Quiz.Counts.FIRST)
    wrong, _right = take(learner, module.quiz, []), take(learner, module.quiz, RIGHT)
    corrections.delete(wrong, why)
    assert Enrolment.objects.get().finished_at is not None
    corrections.restore(wrong, why)
    assert Enrolment.objects.get().finished_at is None
    assert unseen(learner) == [("restored", "taken", "Listrik padam")]


def test_refused_correction_tells_nothing(learner, module, why):
    attempt = attempts.start(learner, module.quiz, now=NOON)
    with pytest.raises(corrections.Impossible):
        corrections.reopen(attempt, why)
    assert not Notice.objects.exists()
