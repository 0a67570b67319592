"""Decides which attempt counts: the final grade of a learner in a quiz, and whether it is a pass."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from modules.models import Attempt, Quiz

LARGEST_DENOMINATOR = 1_000_000  # of a grade that a stored number is read as


def final_grade(attempts: Iterable[Attempt], counts: str) -> Fraction | None:
    """Returns the grade that counts, in percent, or ``None`` until an attempt is submitted.

    ``counts`` is one of :class:`Quiz.Counts`.
    """
    grades = [attempt.grade for attempt in _in_order(attempts) if attempt.grade is not None]
    if not grades:
        return None
    match Quiz.Counts(counts):
        case Quiz.Counts.HIGHEST:
            return max(grades)
        case Quiz.Counts.AVERAGE:
            return sum(grades, start=Fraction(0)) / len(grades)
        case Quiz.Counts.FIRST:
            return grades[0]
        case Quiz.Counts.LAST:
            return grades[-1]


@lru_cache(maxsize=10_000)
def exact_grade(stored: float) -> Fraction:
    """Returns the grade that :attr:`Enrolment.grade` stands for, so that 57.29 is not shown as 57.28."""
    return Fraction(stored).limit_denominator(LARGEST_DENOMINATOR)


def deciding_attempt(attempts: Iterable[Attempt], counts: str) -> Attempt | None:
    """Returns the attempt whose pass mark the grade that counts has to reach, or ``None`` until one is submitted.

    It is the attempt that counts. For an average it is the latest one.
    """
    submitted = [attempt for attempt in _in_order(attempts) if attempt.submitted_at is not None]
    if not submitted:
        return None
    match Quiz.Counts(counts):
        case Quiz.Counts.HIGHEST:
            return max(submitted, key=lambda attempt: (attempt.is_passed, attempt.grade or 0))
        case Quiz.Counts.FIRST:
            return submitted[0]
        case Quiz.Counts.LAST | Quiz.Counts.AVERAGE:
            return submitted[-1]


def is_passing(attempts: Iterable[Attempt], counts: str) -> bool:
    """Tells whether the grade that counts reaches the pass mark of the attempt that decides."""
    submitted = [attempt for attempt in attempts if attempt.submitted_at is not None]
    deciding = deciding_attempt(submitted, counts)
    if deciding is None or counts != Quiz.Counts.AVERAGE:
        return deciding is not None and deciding.is_passed
    grade = final_grade(submitted, counts)
    return grade is not None and grade >= deciding.pass_mark


def _in_order(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.number)
