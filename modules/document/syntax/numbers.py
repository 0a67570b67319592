"""Reads numbers as people write them: with a comma or a point, in groups, as a fraction, with an exponent, with a unit.

``25.000`` has two meanings: 25, and twenty-five thousand as Indonesian writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from modules.document.syntax.units import is_unit, same_unit

LONGEST = 200  # characters; a longer text is no number
SIGNS = str.maketrans(
    dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}", "-")
    | {"\N{FULLWIDTH PLUS SIGN}": "+", "\N{FRACTION SLASH}": "/", "\N{DIVISION SLASH}": "/"}
)
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
POWER = re.compile(r"\s*[x×*·⋅]\s*10\s*(?:\^\s*\(?([+-]?\d{1,3})\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))")
VULGAR = dict(
    zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
        [
            "1/2",
            "1/3",
            "2/3",
            "1/4",
            "3/4",
            "1/5",
            "2/5",
            "3/5",
            "4/5",
            "1/6",
            "5/6",
            "1/8",
            "3/8",
            "5/8",
            "7/8",
        ],
        strict=True,
    )
)
VULGAR_SIGN = re.compile(rf"(?<=\d)\s*([{''.join(VULGAR)}])|([{''.join(VULGAR)}])")
DECIMAL = re.compile(r"[+-]?(?:\d{1,100}(?:[.,]\d{0,100})?|[.,]\d{1,100})(?:[eE][+-]?\d{1,3})?")
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,\d{1,100})?|(?:,\d{3})+(?:\.\d{1,100})?|(?:[ '’]\d{3})+(?:[.,]\d{1,100})?)"
)
FRACTION = re.compile(r"([+-]?)(?:(\d{1,20}) )?(\d{1,20}) ?/ ?([1-9]\d{0,19})")
LONELY_BLANK = re.compile(r"(?<!\d) | (?!\d)")  # not between two digits
UNIT_FIRST = re.compile(r"(?P<unit>[^\d+-]+?)\.?\s*(?P<number>[+-]?\d.*)", re.DOTALL)
NUMBER_FIRST = re.compile(
    r"(?P<number>[+-]?[\d.,][\d.,/eE ]*?(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s.,/+-].*)", re.DOTALL
)
AROUND = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is written, with its unit, which is empty if there is none."""

    number: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedNumber:
    """A number that is accepted. ``value`` and ``tolerance`` are decimals as text."""

    value: str
    tolerance: str | None = None
    unit: str = ""


def possible_values(text: str) -> tuple[Fraction, ...]:
    """Returns the values that a text may have, the plain decimal first. A text that is no number has none."""
    text = unified(text)
    if len(text) > LONGEST:
        return ()
    return tuple(dict.fromkeys(_possible_values(text)))


def _possible_values(text: str) -> Iterator[Fraction]:
    joined = LONELY_BLANK.sub("", text)
    if DECIMAL.fullmatch(joined):
        yield from _exact(joined.replace(",", "."))
    if GROUPED.fullmatch(text):
        yield from _exact(_without_groups(text))
    if fraction := FRACTION.fullmatch(text):
        sign, whole, over, under = fraction.groups()
        value = int(whole or 0) + Fraction(int(over), int(under))
        yield -value if sign == "-" else value


def is_grouped(text: str) -> bool:
    """Tells whether a number may be written in groups of three digits, as ``25.000`` and ``1,000.5``."""
    return bool(GROUPED.fullmatch(unified(text)))


def _without_groups(text: str) -> str:
    """Returns the decimal that is written in groups. The first sign that is no digit stands between its groups."""
    groups = next(sign for sign in text.lstrip("+-") if not sign.isdigit())
    return text.replace(groups, "").replace(",", ".")


def _exact(text: str) -> Iterator[Fraction]:
    try:
        yield Fraction(Decimal(text))
    except InvalidOperation:  # an exponent beyond all numbers
        return


def unified(text: str) -> str:
    """Returns a text with one sign for each meaning: ``−3`` is ``-3``, ``2 × 10³`` is ``2e3``, ``1½`` is ``1 1/2``."""
    text = INVISIBLE.sub("", text).translate(SIGNS)
    text = VULGAR_SIGN.sub(lambda match: (" " if match[1] else "") + VULGAR[match[1] or match[2]], text)
    text = POWER.sub(lambda match: f"e{(match[1] or match[2]).translate(HIGH)}", text)
    return " ".join(text.split())


def typed_values(text: str, unit: str = "", *, needs_unit: bool = False) -> tuple[Fraction, ...]:
    """Returns the values of a typed number. The unit may stand beside it, and has to if ``needs_unit``."""
    plain = () if needs_unit else possible_values(text)
    if plain or not unit:
        return plain
    written = _split(text)
    return possible_values(written.number) if written and same_unit(written.unit, unit) else ()


def _split(text: str) -> Quantity | None:
    """Splits a text into its number and its unit, which stands behind the number, or before it as in ``Rp5.000``."""
    text = unified(text)
    if len(text) > LONGEST:
        return None
    match = NUMBER_FIRST.fullmatch(text) or UNIT_FIRST.fullmatch(text)
    return Quantity(match["number"].strip(), match["unit"].strip()) if match else None


def quantity(text: str, *, any_unit: bool = False) -> Quantity | None:
    """Returns a number with or without a unit, as an author writes it. ``any_unit`` takes a unit that nobody knows.

    A unit of one letter needs a space before it, since ``4K`` and ``2D`` are names.
    """
    if possible_values(text):
        return Quantity(unified(text))
    written = _split(text)
    if written is None or not possible_values(written.number):
        return None
    is_name = len(written.unit) == 1 and written.unit.isalpha() and " " not in unified(text)
    return written if any_unit or (is_unit(written.unit) and not is_name) else None


def accepted_number(text: str, *, any_unit: bool = False) -> AcceptedNumber | None:
    """Reads ``5 km``, ``3×10^8``, ``200 ± 5 %`` and ``5 ± 0,1 km``. Returns ``None`` for anything else."""
    parts = AROUND.split(unified(text))
    middle = quantity(parts[0], any_unit=any_unit)
    if middle is None or len(parts) > 2 or "/" in middle.number:
        return None
    value = _decimal(middle.number)
    if len(parts) == 1:
        return AcceptedNumber(value, None, middle.unit)
    around = quantity(parts[1], any_unit=any_unit)
    if around is None or "/" in around.number or around.number[:1] in "+-":
        return None
    return _with_tolerance(value, middle.unit, around)


def _with_tolerance(value: str, unit: str, around: Quantity) -> AcceptedNumber | None:
    tolerance = _decimal(around.number)
    if around.unit == "%" and unit != "%":
        return AcceptedNumber(value, str(abs(Decimal(value)) * Decimal(tolerance) / 100), unit)
    if around.unit and unit and not same_unit(around.unit, unit):
        return None
    return AcceptedNumber(value, tolerance, unit or around.unit)


def _decimal(number: str) -> str:
    """Returns a number as decimal text. A number with two meanings is the plain decimal: ``25.000`` is 25."""
    joined = LONELY_BLANK.sub("", number)
    return joined.replace(",", ".") if DECIMAL.fullmatch(joined) else _without_groups(number)
