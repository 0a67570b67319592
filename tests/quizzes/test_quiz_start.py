"""Tests the page of a quiz: what matters first, in each state that a learner can be in."""

import pytest

from modules.quizzes import corrections
from tests.cast import NOON, PLANETS, a_module, a_quiz, at, read_all, take

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
WRONG = ["Mars", ["Venus"], "Bumi", "9"]


def planets(rules: str = ""):
    return a_module(f"---\n{rules}---\n{PLANETS}" if rules else PLANETS).quiz


@pytest.fixture
def page(as_learner, at_noon):
    return lambda quiz: as_learner.get(quiz.get_absolute_url()).context["page"]


def test_pass_comes_first(page, learner):
    quiz = planets()
    read_all(learner, quiz.module)
    attempt = take(learner, quiz, RIGHT)
    shown = page(quiz)
    assert (shown.passed.grade, shown.passed.result_url) == (100, f"/attempts/{attempt.pk}/result/")
    assert shown.passed.finished_at == NOON


def test_hidden_marks_hide_the_pass(page, learner):
    quiz = planets("review:\n  while_open: answer\n  right_after: answer\n")
    read_all(learner, quiz.module)
    take(learner, a_quiz("### Mana?\n\n- [x] a\n- [ ] b\n", front_matter="slug: lain\n"), ["a"])
    assert page(quiz).passed is None


def test_last_miss_leads_to_the_sections(page, learner):
    quiz = planets("attempts: 1\n")
    read_all(learner, quiz.module)
    take(learner, quiz, WRONG)
    shown = page(quiz)
    assert (shown.best, [item.stop.identity for item in shown.reread]) == (0, ["planet-luar"])
    assert shown.practice_url
    assert shown.missed == 4


def test_waiting_learner_reads_no_last_word(page, learner):
    quiz = planets("wait: 30\n")
    read_all(learner, quiz.module)
    take(learner, quiz, WRONG)
    shown = page(quiz)
    assert (shown.best, list(shown.reread)) == (None, [])
    assert shown.refusal


def test_rules_are_all_there_with_the_weighty_first(page, learner):
    quiz = planets("time_limit: 12\nattempts: 2\n")
    read_all(learner, quiz.module)
    assert [rule.icon for rule in page(quiz).rules] == ["clock", "again", "half", "info"]


def test_time_of_an_attempt_is_said(page, learner):
    quiz = planets()
    read_all(learner, quiz.module)
    attempt = take(learner, quiz, WRONG, now=at(-9))
    attempt.submitted_at = NOON
    attempt.save()
    assert page(quiz).attempts[0].minutes == 9


def test_deleted_pass_is_no_pass(page, learner, instructor):
    quiz = planets()
    attempt = take(learner, a_quiz("### Mana?\n\n- [x] a\n- [ ] b\n"), ["a"])
    corrections.delete(attempt, corrections.Why(instructor, "salah", NOON))
    assert page(attempt.quiz).passed is None
    assert page(quiz).passed is None
