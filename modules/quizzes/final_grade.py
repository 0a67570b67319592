"""Decides which attempt counts: the final grade of a learner in a quiz, and whether it is a pass."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from modules.models import Attempt, Quiz


def final_grade(attempts: Iterable[Attempt], counts: str) -> Fraction | None:
    """The grade that counts, in percent, by one of :class:`Quiz.Counts`; ``None`` until an attempt is submitted."""
    grades = [one.grade for one in _in_order(attempts) if one.grade is not None]
    if not grades:
        return None
    match counts:
        case Quiz.Counts.AVERAGE:
            return sum(grades, start=Fraction(0)) / len(grades)
        case Quiz.Counts.FIRST:
            return grades[0]
        case Quiz.Counts.LAST:
            return grades[-1]
    return max(grades)


def deciding_attempt(attempts: Iterable[Attempt], counts: str) -> Attempt | None:
    """The attempt whose pass mark the grade that counts has to reach; ``None`` until one is submitted.

    It is the one that counts; of an average, the latest one.
    """
    submitted = [one for one in _in_order(attempts) if one.submitted_at is not None]
    if not submitted:
        return None
    match counts:
        case Quiz.Counts.FIRST:
            return submitted[0]
        case Quiz.Counts.HIGHEST:
            return max(submitted, key=lambda one: (one.is_passed, one.grade or 0))
    return submitted[-1]


def is_passing(attempts: Iterable[Attempt], counts: str) -> bool:
    """Whether the grade that counts reaches the pass mark of the attempt that decides."""
    submitted = [one for one in attempts if one.submitted_at is not None]
    last = deciding_attempt(submitted, counts)
    if last is None or counts != Quiz.Counts.AVERAGE:
        return last is not None and last.is_passed
    grade = final_grade(submitted, counts)
    return grade is not None and grade >= last.pass_mark


def _in_order(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.number)
