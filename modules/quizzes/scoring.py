"""Marks answers to questions. It takes plain values, and returns exact fractions.

An answer is a list of strings: the keys of the chosen choices, or the one text that was typed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from modules.document.syntax.numbers import typed_values
from modules.models import JUDGING
from modules.quizzes import first_judging
from modules.quizzes.comparing import same_signs, same_words

RIGHT_MINUS_WRONG, ALL_OR_NOTHING = "right_minus_wrong", "all_or_nothing"
FIRST = 1  # the way of judging typed answers before there was another one

Accepted = Mapping[str, Any]  # an accepted answer, as `modules.document.syntax.values.Answer` has it


def mark(
    version: Any, answer: Sequence[str], scoring: str = RIGHT_MINUS_WRONG, judging: int = JUDGING
) -> Fraction:
    """Returns the points that an answer earns, from 0 to ``version.points``.

    ``version`` has the ``kind``, ``points``, ``choices`` and ``answers`` of a question. ``scoring`` says how multiple
    responses are marked, and ``judging`` how typed answers are judged.
    """
    return version.points * share(version, answer, scoring, judging)


def share(
    version: Any, answer: Sequence[str], scoring: str = RIGHT_MINUS_WRONG, judging: int = JUDGING
) -> Fraction:
    """Returns the part of a question that an answer gets right, from 0 to 1."""
    if not answer:
        return Fraction(0)
    match version.kind:
        case "multiple" if scoring != ALL_OR_NOTHING:
            return right_minus_wrong(set(answer), version.right_keys)
        case "single" | "multiple":
            return Fraction(set(answer) == version.right_keys)
        case "short" | "numerical":
            return Fraction(_is_right(answer[0], version.answers, version.kind, judging))
    raise ValueError(f"no such kind of question: {version.kind}")


def _is_right(typed: str, answers: Sequence[Accepted], kind: str, judging: int) -> bool:
    if judging == FIRST:
        return first_judging.is_right(typed, answers)
    return any(is_accepted(typed, accepted, kind) for accepted in answers)


def right_minus_wrong(chosen: Collection[str], right: Collection[str]) -> Fraction:
    """Returns (chosen right choices - chosen wrong choices) / right choices, and at least 0.

    Each wrong choice undoes a right one, so that choosing everything does not pay.
    """
    hits = sum(key in right for key in chosen)
    return max(Fraction(0), Fraction(hits - (len(chosen) - hits), len(right)))


def is_accepted(typed: str, accepted: Accepted, kind: str) -> bool:
    """Tells whether a typed text is an accepted answer. A number that stands among words counts as a number, too."""
    if accepted["value"] is not None and near(typed, accepted):
        return True
    return kind == "short" and has_same_words(typed, accepted)


def has_same_words(typed: str, accepted: Accepted) -> bool:
    """Tells whether two texts have the same words, apart from what keyboards and programs do to them."""
    if accepted.get("as_written"):
        return same_signs(typed, accepted["text"])
    return same_words(typed, accepted["text"], case_counts=bool(accepted.get("case")))


def near(typed: str, accepted: Accepted) -> bool:
    """Tells whether a typed number lies within the tolerance of an accepted one, ends included.

    A number with two meanings, such as ``25.000``, counts in both.
    """
    value = Fraction(Decimal(accepted["value"]))
    tolerance = Fraction(Decimal(accepted["tolerance"] or 0))
    numbers = typed_values(
        typed,
        accepted.get("unit", ""),
        needs_unit=bool(accepted.get("needs_unit")),
        is_unit_first=bool(accepted.get("unit_first")),
    )
    return any(abs(number - value) <= tolerance for number in numbers)


def shown(grade: Fraction) -> Decimal:
    """Returns a grade as people see it, cut after two decimals, so that 69.999 never looks like a pass at 70."""
    hundredths = math.floor(grade * 100)
    return Decimal(hundredths // 100) if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2).normalize()
