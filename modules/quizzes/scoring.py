"""Marks answers to questions. It takes plain values, and returns exact fractions.

An answer is a list of strings: the keys of the chosen choices, or the one text that was typed.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

NUMBER = re.compile(r"[+-]?(\d{1,100}([.,]\d{0,100})?|[.,]\d{1,100})([eE][+-]?\d{1,3})?\Z")


RIGHT_MINUS_WRONG, ALL_OR_NOTHING = "right_minus_wrong", "all_or_nothing"


def mark(version: Any, answer: Sequence[str], scoring: str = RIGHT_MINUS_WRONG) -> Fraction:
    """Returns the points that an answer earns, from 0 to ``version.points``.

    ``version`` has the ``kind``, ``points``, ``choices`` and ``answers`` of a question. ``scoring`` says how multiple
    responses are marked.
    """
    return version.points * share(version, answer, scoring)


def share(version: Any, answer: Sequence[str], scoring: str = RIGHT_MINUS_WRONG) -> Fraction:
    """Returns the part of a question that an answer gets right, from 0 to 1."""
    if not answer:
        return Fraction(0)
    match version.kind:
        case "multiple" if scoring != ALL_OR_NOTHING:
            return right_minus_wrong(set(answer), version.right_keys)
        case "single" | "multiple":
            return Fraction(set(answer) == version.right_keys)
        case "short":
            return Fraction(any(same_words(answer[0], accepted["text"]) for accepted in version.answers))
        case "numerical":
            return Fraction(any(near(answer[0], accepted) for accepted in version.answers))
    raise ValueError(f"no such kind of question: {version.kind}")


def right_minus_wrong(chosen: Collection[str], right: Collection[str]) -> Fraction:
    """Returns (chosen right choices - chosen wrong choices) / right choices, and at least 0.

    Each wrong choice undoes a right one, so that choosing everything does not pay.
    """
    hits = sum(key in right for key in chosen)
    return max(Fraction(0), Fraction(hits - (len(chosen) - hits), len(right)))


def same_words(typed: str, accepted: str) -> bool:
    """Tells whether two texts are equal apart from case and outer or repeated spaces."""
    return _plain(typed) == _plain(accepted)


def near(typed: str, accepted: dict[str, str | None]) -> bool:
    """Tells whether a typed number lies within the tolerance of an accepted one, ends included."""
    number = parse_number(typed)
    if number is None or accepted["value"] is None:
        return False
    tolerance = Fraction(Decimal(accepted["tolerance"] or 0))
    return abs(number - Fraction(Decimal(accepted["value"]))) <= tolerance


def parse_number(text: str) -> Fraction | None:
    """Returns the exact value of a number as people type it (``0,8``, ``-3``, ``1.5e3``), or ``None``."""
    text = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not NUMBER.match(text):
        return None
    try:
        return Fraction(Decimal(text.replace(",", ".")))
    except InvalidOperation:
        return None


def shown(grade: Fraction) -> Decimal:
    """Returns a grade as people see it, cut after two decimals, so that 69.999 never looks like a pass at 70."""
    hundredths = math.floor(grade * 100)
    return Decimal(hundredths // 100) if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2).normalize()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
