"""Reads numbers as people write them: with a comma or a point, in groups, as a fraction, with an exponent, with a unit.

``25.000`` has two meanings: 25, and twenty-five thousand as Indonesian writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from modules.document.syntax.signs import plain
from modules.document.syntax.units import is_unit, same_unit, stands_on_either_side

LONGEST = 200  # characters; a longer text is no number
SIGNS = str.maketrans(
    dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}", "-")
    | {"\N{FRACTION SLASH}": "/", "\N{DIVISION SLASH}": "/", "٫": ",", "٬": "'", "٪": "%"}
)
HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
TEN_TO = r"10\s*(?:(?:\^|\*\*)\s*\(?([+-]?\d{1,3})\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))"
POWER = re.compile(rf"\s*[x×*·⋅∙•.]\s*{TEN_TO}")
POWER_ALONE = re.compile(rf"(?<![\d.,/^*]){TEN_TO}")
NEGATIVE = re.compile(r"\A(?:minus|min\.?|negatif|negative|سالب|ناقص)\s*(?=\d)", re.IGNORECASE)
NO_CENTS = re.compile(r"(?<=\d)[.,]-{1,2}(?=\s|\Z)")  # as in Rp 25.500,-
VULGAR = dict(
    zip("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞", "1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8".split(), strict=True)  # noqa: SIM905
)  # fmt: skip
VULGAR_SIGN = re.compile(rf"(?<=\d)\s*([{''.join(VULGAR)}])|([{''.join(VULGAR)}])")
DECIMAL = re.compile(r"[+-]?(?:\d{1,100}(?:[.,]\d{0,100})?|[.,]\d{1,100})(?:[eE][+-]?\d{1,3})?")
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,\d{1,100})?|(?:,\d{3})+(?:\.\d{1,100})?|(?:[ '’]\d{3})+(?:[.,]\d{1,100})?)"
)
FRACTION = re.compile(r"([+-]?)(?:(\d{1,20}) )?(\d{1,20}) ?/ ?([1-9]\d{0,19})")
LONELY_BLANK = re.compile(r"(?<!\d) | (?!\d)")  # not between two digits
UNIT_FIRST = re.compile(r"(?P<sign>-?)\s*(?P<unit>[^\d+-]+?)\.?\s*(?P<number>[+-]?\d.*)", re.DOTALL)
NUMBER_FIRST = re.compile(
    r"(?P<number>[+-]?[\d.,][\d.,/eE ]*?(?:[eE][+-]?\d+)?)\s*(?P<unit>[^\d\s.,/+-].*)", re.DOTALL
)
# Words that make a number larger. They are no units: one million is not 1.
MULTIPLIERS = {
    name: factor
    for names, factor in (
        ("ribu rb thousand ألف", 10**3), ("juta jt million مليون", 10**6), ("miliar milyar billion مليار", 10**9),
        ("triliun trillion", 10**12), ("ratus hundred مئة", 100), ("lusin dozen", 12),
    )
    for name in names.split()
}  # fmt: skip
MULTIPLIED = re.compile(
    rf"(?P<number>[+-]?[\d.,][\d.,' ]*?)\s*(?P<word>{'|'.join(MULTIPLIERS)})\.?(?P<rest>\s.*)?",
    re.IGNORECASE | re.DOTALL,
)
# A row of numbers, and a number that begins with a nought that counts nothing: a time of day or a code.
ROW = re.compile(r"\d[.,]\s+[+-]?\d")
CODE = re.compile(r"[+-]?0\d")
AROUND = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is written, with its unit, which is empty if there is none, and which may stand first."""

    number: str
    unit: str = ""
    is_unit_first: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedNumber:
    """A number that is accepted. ``value`` and ``tolerance`` are decimals as text."""

    value: str
    tolerance: str | None = None
    unit: str = ""
    is_unit_first: bool = False


def possible_values(text: str) -> tuple[Fraction, ...]:
    """Returns the values that a text may have, the plain decimal first. A text that is no number has none."""
    text = unified(text)
    if len(text) > LONGEST:
        return ()
    multiplied = MULTIPLIED.fullmatch(text)
    if multiplied and not multiplied["rest"]:
        factor = MULTIPLIERS[multiplied["word"].casefold()]
        return tuple(factor * value for value in dict.fromkeys(_possible_values(multiplied["number"])))
    return tuple(dict.fromkeys(_possible_values(text)))


def _possible_values(text: str) -> Iterator[Fraction]:
    joined = LONELY_BLANK.sub("", text)
    if DECIMAL.fullmatch(joined):
        yield from _exact(joined.replace(",", "."))
    grouped = text[:-1] if text.endswith((".", ",")) else text
    if GROUPED.fullmatch(grouped):
        yield from _exact(_without_groups(grouped))
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
    text = plain(text).strip().translate(SIGNS)
    text = NO_CENTS.sub("", NEGATIVE.sub("-", text))
    text = VULGAR_SIGN.sub(lambda match: (" " if match[1] else "") + VULGAR[match[1] or match[2]], text)
    return " ".join(POWER.sub(lambda match: f"e{_exponent(match)}", text).split())


def _exponent(match: re.Match[str]) -> str:
    return (match[1] or match[2]).translate(HIGH)


def as_typed(text: str) -> str:
    """Returns a typed text in which powers of ten alone are numbers. In a key, ``10³`` asks for just that form."""
    return POWER_ALONE.sub(lambda match: f"1e{_exponent(match)}", unified(text))


def typed_values(
    text: str, unit: str = "", *, needs_unit: bool = False, is_unit_first: bool = False
) -> tuple[Fraction, ...]:
    """Returns the values of a typed number. The unit may stand beside it, and has to if ``needs_unit``.

    It stands on the side of the accepted unit, since the century 19 is not 19 centuries.
    """
    text = as_typed(text)
    alone = () if needs_unit else possible_values(text)
    if alone or not unit:
        return alone
    written = _split(text)
    if written is None or not same_unit(written.unit, unit):
        return ()
    is_on_its_side = written.is_unit_first == is_unit_first or stands_on_either_side(unit)
    return possible_values(written.number) if is_on_its_side else ()


def _split(text: str) -> Quantity | None:
    """Splits a text into its number and its unit, which stands behind the number, or before it as in ``Rp5.000``."""
    text = unified(text)
    if len(text) > LONGEST:
        return None
    if match := MULTIPLIED.fullmatch(text):
        number = f"{match['number']} {match['word']}"
        return Quantity(number, match["rest"].strip()) if match["rest"] else None
    if match := NUMBER_FIRST.fullmatch(text):
        return Quantity(match["number"].strip(), match["unit"].strip())
    match = UNIT_FIRST.fullmatch(text)
    if match is None:
        return None
    return Quantity(match["sign"] + match["number"].strip(), match["unit"].strip(), is_unit_first=True)


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
    """Reads ``5 km``, ``3×10^8``, ``200 ± 5 %`` and ``5 ± 0,1 km``. Returns ``None`` for anything else.

    A row such as ``2, 3`` is no number, and ``07.30`` and ``007`` are none either.
    """
    parts = AROUND.split(unified(text))
    middle = quantity(parts[0], any_unit=any_unit)
    if middle is None or len(parts) > 2 or "/" in middle.number or not _is_plain(middle.number):
        return None
    value = _decimal(middle.number)
    if len(parts) == 1:
        return AcceptedNumber(value, None, middle.unit, middle.is_unit_first)
    around = quantity(parts[1], any_unit=any_unit)
    if around is None or "/" in around.number or around.number[:1] in "+-":
        return None
    return _with_tolerance(value, middle, around)


def _is_plain(number: str) -> bool:
    return not ROW.search(number) and not CODE.match(number)


def _with_tolerance(value: str, middle: Quantity, around: Quantity) -> AcceptedNumber | None:
    tolerance, unit = _decimal(around.number), middle.unit
    if around.unit == "%" and unit != "%":
        around_value = str(abs(Decimal(value)) * Decimal(tolerance) / 100)
        return AcceptedNumber(value, around_value, unit, middle.is_unit_first)
    if around.unit and unit and not same_unit(around.unit, unit):
        return None
    return AcceptedNumber(value, tolerance, unit or around.unit, middle.is_unit_first)


def _decimal(number: str) -> str:
    """Returns a number as decimal text. A number with two meanings is the plain decimal: ``25.000`` is 25."""
    if match := MULTIPLIED.fullmatch(number):
        factor = MULTIPLIERS[match["word"].casefold()]
        return f"{(Decimal(_decimal(match['number'])) * factor).normalize():e}".replace("e+", "e")
    joined = LONELY_BLANK.sub("", number)
    return joined.replace(",", ".") if DECIMAL.fullmatch(joined) else _without_groups(number)
