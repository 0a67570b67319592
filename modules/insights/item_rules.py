"""Judges questions by their figures. Each rule speaks only where the attempts are enough for what it says.

``bench/item_rules.py`` simulates quizzes and prints how often the rule about the key is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import atanh, sqrt, tanh
from statistics import NormalDist

from modules.insights.item_analysis import ChoiceFigures, ItemAnalysis

FEWEST_ATTEMPTS = 15  # with fewer, no rule speaks; more would leave small classes without any judgement
# The rule about the key speaks above this many standard errors. Raising it misses more wrong keys and accuses fewer
# right ones. From 1.3 to 3.3, bench/item_rules.py keeps its promises with most room here.
KEY_EVIDENCE = 1.75
# The choosers of a rival lead the others by this much on the rest of the quiz, in standard deviations. Raising it
# misses more wrong keys, and accuses fewer traps that nearly nobody sees through.
SMALLEST_LEAD = 0.1
LARGEST_CHANCE = 0.05  # that a choice is left out by chance; raising it names more choices
# The lower end of the interval exceeds this share. Raising it calls fewer questions too easy.
EASY = 0.85
HARD = 0.2  # the same for a question that cannot be guessed, and the upper end
HALF = 0.5  # the upper end for a question that can be guessed: above it, learners know something
LEAST_DISCRIMINATION = 0.2  # a question that surely lies below it does not tell learners apart
ONE_SIDED = NormalDist().inv_cdf(0.95)


class Finding(StrEnum):
    """Names what a rule may say of a question. The first one matters most."""

    KEY = "key"
    HARD = "hard"
    FLAT = "flat"
    EASY = "easy"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Says what a rule found, and on how many attempts it rests.

    ``choice`` is the choice that it is about. For a key, ``top`` attempts are the upper half, of which ``rivals`` chose
    that choice and ``keys`` the key.
    """

    finding: Finding
    attempts: int
    choice: ChoiceFigures | None = None
    top: int = 0
    rivals: int = 0
    keys: int = 0


def verdicts(analysis: ItemAnalysis) -> list[Verdict]:
    """Returns what the rules say of a question, the most important first. Under 15 attempts they say nothing."""
    if analysis.attempts < FEWEST_ATTEMPTS:
        return []
    found = [verdict for rule in RULES for verdict in rule(analysis)]
    names = {verdict.finding for verdict in found}
    return [verdict for verdict in found if not names & HIDDEN_BY.get(verdict.finding, frozenset())]


def _key_may_be_wrong(analysis: ItemAnalysis) -> Iterator[Verdict]:
    """Looks for a wrong choice that the upper half prefers to the key, and whose choosers are the better learners.

    Both are measured in standard errors, and added as Stouffer does. A trap attracts weak learners, so the second
    measure keeps its question from being accused.
    """
    keys = [each for each in analysis.choices if each.choice.is_right]
    if not analysis.is_single or len(keys) != 1:
        return
    key = keys[0]
    rivals = [each for each in analysis.choices if _is_preferred(each, key, analysis)]
    rival = max(rivals, key=lambda each: _evidence(each, key, analysis), default=None)
    if rival and _evidence(rival, key, analysis) > KEY_EVIDENCE:
        top = sum(analysis.quarters[2:])
        yield Verdict(Finding.KEY, analysis.attempts, rival, top, _in_top(rival), _in_top(key))


def _is_preferred(rival: ChoiceFigures, key: ChoiceFigures, analysis: ItemAnalysis) -> bool:
    """Tells whether the highest quarter chose the rival more often than the key. Equal scores may leave one empty."""
    highest = max((place for place, size in enumerate(analysis.quarters) if size), default=0)
    return rival is not key and rival.by_quarter[highest] > key.by_quarter[highest]


def _evidence(rival: ChoiceFigures, key: ChoiceFigures, analysis: ItemAnalysis) -> float:
    """Returns the standard errors that speak for a rival, or 0 if its choosers are not the better learners."""
    others = 1 - rival.times / analysis.attempts  # as a share
    if not others:
        return _preference(rival, key) / sqrt(2)
    if rival.mean_rest is None or analysis.rest_mean is None or not analysis.rest_variance:
        return 0.0
    lead = (rival.mean_rest - analysis.rest_mean) / others / sqrt(analysis.rest_variance)
    if lead < SMALLEST_LEAD:
        return 0.0
    return (_preference(rival, key) + lead * sqrt(rival.times * others)) / sqrt(2)


def _preference(rival: ChoiceFigures, key: ChoiceFigures) -> float:
    rivals, keys = _in_top(rival), _in_top(key)
    return (rivals - keys) / sqrt(max(1, rivals + keys))


def _in_top(figures: ChoiceFigures) -> int:
    return sum(figures.by_quarter[2:])


def _is_too_hard(analysis: ItemAnalysis) -> Iterator[Verdict]:
    """Looks for a question that is answered no better than by guessing, or by hardly anybody."""
    if analysis.interval is None:
        return
    low, high = analysis.interval
    guessing = 1 / len(analysis.choices) if analysis.is_single else 0.0
    if (low <= guessing and high < HALF) if guessing else high < HARD:
        yield Verdict(Finding.HARD, analysis.attempts)


def _is_flat(analysis: ItemAnalysis) -> Iterator[Verdict]:
    """Looks for a discrimination whose upper bound, after Fisher, is still low."""
    value = analysis.discrimination
    if value is None:
        return
    middle = atanh(max(-0.999, min(0.999, value)))
    if tanh(middle + ONE_SIDED / sqrt(analysis.attempts - 3)) < LEAST_DISCRIMINATION:
        yield Verdict(Finding.FLAT, analysis.attempts)


def _is_too_easy(analysis: ItemAnalysis) -> Iterator[Verdict]:
    if analysis.interval and analysis.interval[0] > EASY:
        yield Verdict(Finding.EASY, analysis.attempts)


def _has_unused_choice(analysis: ItemAnalysis) -> Iterator[Verdict]:
    """Looks for choices that nobody chose, if so many wrong answers would hardly leave one out by chance."""
    wrong = [each for each in analysis.choices if not each.choice.is_right]
    if not analysis.is_single or len(wrong) < 2:
        return
    answers = sum(each.times for each in wrong)
    if (1 - 1 / len(wrong)) ** answers < LARGEST_CHANCE:
        yield from (Verdict(Finding.UNUSED, analysis.attempts, each) for each in wrong if not each.times)


RULES: tuple[Callable[[ItemAnalysis], Iterator[Verdict]], ...] = (
    _key_may_be_wrong,
    _is_too_hard,
    _is_flat,
    _is_too_easy,
    _has_unused_choice,
)

# A wrong key makes a question hard and flat, and a question that nearly all get right cannot tell them apart.
HIDDEN_BY: dict[Finding, frozenset[Finding]] = {
    Finding.HARD: frozenset({Finding.KEY}),
    Finding.FLAT: frozenset({Finding.KEY, Finding.HARD, Finding.EASY}),
    Finding.UNUSED: frozenset({Finding.KEY}),
}
