"""Reads numbers of other programs, and writes them as accepted answers of ours: ``8 ± 1``."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction

# Short enough that no exponent makes a number of any size.
NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:[.,]\d{0,40})?|[.,]\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
PRECISION = 200  # digits, more than the sum of two numbers of this form has


def decimal(text: str) -> Decimal | None:
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    return Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def accepted_number(value: str, tolerance: str = "") -> str:
    """Returns a number with its tolerance, or an empty text if the value is no number."""
    number, around = decimal(value), decimal(tolerance) if tolerance.strip() else Decimal(0)
    if number is None or around is None:
        return ""
    written = value.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    return f"{written} ± {tolerance.strip().lstrip('+-').replace(',', '.')}" if around else written


def accepted_range(low: str, high: str) -> str:
    """Returns the numbers from one to another as the middle and a tolerance."""
    first, last = decimal(low), decimal(high)
    if first is None or last is None:
        return ""
    with localcontext() as context:
        context.prec = PRECISION
        return _written((first + last) / 2, abs(last - first) / 2)


def _written(number: Decimal, tolerance: Decimal) -> str:
    return f"{plain(number)} ± {plain(tolerance)}" if tolerance else plain(number)


def plain(number: Decimal) -> str:
    """Returns a number without an exponent and without zeros at its end."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def points(text: str) -> Fraction:
    """Returns points as an exact fraction, rounded to four places, or one point if they are none."""
    number = decimal(text)
    return Fraction(round(number, 4)) if number is not None and 0 < number <= 1_000 else Fraction(1)


def bounds(value: str, tolerance: str) -> tuple[str, str]:
    """Returns the lowest and the highest number within a tolerance."""
    number, around = decimal(value) or Decimal(0), decimal(tolerance) or Decimal(0)
    with localcontext() as context:
        context.prec = PRECISION
        return plain(number - around), plain(number + around)


def accepted_between(value: str, low: str, high: str) -> str:
    """Returns a number with its bounds as a tolerance if it lies in the middle of them, else the middle of them."""
    number, first, last = decimal(value), decimal(low), decimal(high)
    if number is None or first is None or last is None or first == last:
        return accepted_number(value) or accepted_range(low, high)
    with localcontext() as context:
        context.prec = PRECISION
        is_middle = last - number == number - first
        return accepted_number(value, plain(last - number)) if is_middle else accepted_range(low, high)
