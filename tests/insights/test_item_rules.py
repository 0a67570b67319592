"""Judges questions: each rule speaks where the attempts are enough for it, and is silent with a few less."""

from collections.abc import Iterable

import pytest

from modules.insights.item_analysis import Answer, Choice, Tally
from modules.insights.item_rules import FEWEST_ATTEMPTS, Finding, verdicts

CHOICES = [Choice(key, key.upper(), key == "c") for key in "abcd"]


def said(chosen: Iterable[str]) -> list[Finding]:
    return [verdict.finding for verdict in _verdicts(chosen)]


def _verdicts(chosen: Iterable[str]):
    """Judges a question. The learners come from the weakest to the strongest on the rest of the quiz."""
    chosen, tally = list(chosen), Tally(CHOICES)
    for place, key in enumerate(chosen):
        tally.add(Answer(float(key == "c"), place / len(chosen), [key]))
    return verdicts(tally.analysis())


def test_rival_of_the_strong_is_a_sign_of_a_wrong_key():
    (verdict,) = _verdicts("acdcadcabd" + "bbbcbbbbbb")

    assert (verdict.finding, verdict.attempts) == (Finding.KEY, 20)
    assert verdict.choice.choice.key == "b"
    assert (verdict.top, verdict.rivals, verdict.keys) == (10, 9, 1)


def test_everybody_against_the_key_is_a_sign_of_a_wrong_key():
    assert said("b" * 30) == [Finding.KEY]


def test_trap_of_the_weak_is_no_sign_of_a_wrong_key():
    assert Finding.KEY not in said("bbbbbbbbbbbbbbbbbb" + "abdcbbcbcccc")


def test_sound_question_gets_no_verdict():
    assert said("adbabdbcadcb" + "ccbcacccdccccccccc") == []


def test_guessed_question_is_too_hard():
    assert said("abcd" * 10) == [Finding.HARD]


def test_question_without_a_trend_does_not_tell_apart():
    assert said("ccca" * 10 + "cccb" * 10 + "cccd" * 10) == [Finding.FLAT]


@pytest.mark.parametrize(("right", "expected"), [(21, []), (22, [Finding.EASY])])
def test_too_easy_needs_enough_who_are_right(right, expected):
    assert said("c" * right) == expected


@pytest.mark.parametrize(("wrong", "expected"), [("ab" * 3 + "a", []), ("ab" * 4, [Finding.UNUSED])])
def test_unused_choice_needs_enough_wrong_answers(wrong, expected):
    assert said(wrong + "c" * 12) == expected


def test_fewer_than_fifteen_attempts_get_no_verdict():
    assert said("b" * FEWEST_ATTEMPTS) == [Finding.KEY]
    assert said("b" * (FEWEST_ATTEMPTS - 1)) == []


def test_rule_about_the_key_finds_it_in_simulated_quizzes():
    """Runs a part of ``bench/item_rules.py``, which holds the promises with four hundred quizzes."""
    from bench import item_rules as simulation

    found = simulation.count(60, 25, "tests", is_planted=True).found
    false = simulation.count(60, 25, "tests", is_planted=False).false
    assert found >= 20
    assert false <= 2
