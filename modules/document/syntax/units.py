"""Knows the units that may stand beside a number, and which of them mean the same."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from modules.document.syntax.signs import plain

LONGEST = 40  # characters of a unit

PREFIXES = (
    "",
    *["p", "n", "µ", "μ", "u", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti"],
)
PREFIXED = (  # noqa: SIM905  a list would have a line for each word
    "m g s A K mol cd Hz N Pa J W C V F Ω Ω ohm S Wb T H lm lx Bq Gy Sv l L eV bar B b cal kal t Wh Ah VA"
).split()
ALONE = (  # noqa: SIM905  a list would have a line for each word
    "% ‰ ° °C °F °R h j hari minggu bulan tahun abad ha are ons kuintal ton rpm dB ppm ppb atm mmHg psi hp px inci inch"
    " kaki ft yard mil mile lb oz byte bit orang buah biji ekor lembar batang butir keping kali people times pieces"
    " Rp $ € £ ¥ RM MYR S$ SGD jam menit detik meter gram liter km/jam kmh kph"
).split()
# Units that mean the same, the first of them as it is compared.
SAME = (
    "% persen prosen percent", "Rp rupiah idr", "$ dolar dollar dollars usd us$", "€ euro euros eur", "£ pound pounds gbp",
    "¥ yen jpy", "° derajat degree degrees درجة", "°C celcius celsius oc", "°F fahrenheit", "K kelvin",
    "m meter metre meters metres متر م", "g gram grams gr غرام جرام غ جم", "l liter litre liters litres لتر ل",
    "kg kilo kilos kgs كغ كجم", "km kms كم", "cm سم", "mm مم", "µg mcg", "Ω ohm ohms Ω", "t ton tonne tonnes",
    "N newton newtons", "J joule joules", "W watt watts", "V volt volts", "A ampere amperes amper", "Pa pascal pascals",
    "Hz hertz", "F farad", "C coulomb", "cal kal kalori calorie calories", "B byte bytes b bit bits", "bar bars",
    "s detik dtk sekon second seconds sec ثانية ثوان", "min menit mnt minute minutes mins دقيقة دقائق",
    "jam h hr hrs hour hours ساعة ساعات", "hari day days يوم أيام", "minggu week weeks أسبوع", "bulan month months شهر",
    "tahun year years سنة سنوات عام", "cm^3 cc", "kali times",
)  # fmt: skip
NAMED_PREFIXES = {
    "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "mili": "m", "milli": "m", "senti": "c", "centi": "c", "desi": "d",
    "deci": "d", "deka": "da", "hekto": "h", "hecto": "h", "mikro": "µ", "micro": "µ", "nano": "n", "كيلو": "k",
    "سنتي": "c", "سانتي": "c", "ملي": "m", "مللي": "m",
}  # fmt: skip
NAMED = (  # noqa: SIM905  a list would have a line for each word
    "meter metre meters metres gram grams liter litre liters litres newton joule watt volt ampere pascal hertz ohm byte"
    " bytes bit bits kalori calorie calories متر غرام جرام لتر"
).split()
MEANING = {name.casefold(): names.split()[0] for names in SAME for name in names.split()}
MEANING = {name: meaning for name, meaning in MEANING.items() if len(name) > 1 or not name.isascii()} | {
    "h": "jam"
}
MEANING |= {f"{prefix}ohm".casefold(): f"{prefix}Ω" for prefix in "kMmµ"}
MEANING |= {prefix + name: sign + MEANING[name] for prefix, sign in NAMED_PREFIXES.items() for name in NAMED}
KNOWN = frozenset(
    chain(
        ALONE, MEANING.values(), MEANING,
        (prefix + base for prefix in PREFIXES for base in PREFIXED),
    )
)  # fmt: skip
MONEY = frozenset({"Rp", "$", "€", "£", "¥", "rm", "myr", "s$", "sgd"})
EITHER_SIDE = MONEY | {"%"}  # units that people write before and behind a number
# Units of which a thousandth and a million both occur, so that the capital of their prefix counts: mW and MW.
CAPITAL_COUNTS = frozenset({"W", "Hz", "V", "Pa", "J", "N", "eV", "Wh", "Ω", "A", "VA", "F", "C"})
# A typed unit that is taken for another one, although it is a unit of its own.
TAKEN_FOR = frozenset(
    {("C", "°C"), ("c", "°C"), ("°", "°C"), ("°C", "C"), ("°", "°F"), ("°", "°R"), ("j", "jam")}
)
PHRASES = (
    (re.compile(r"\bper\s+cent\b"), "persen"),
    (re.compile(r"(?:derajat|degrees?|°)\s*(?=celsius|celcius|fahrenheit|[cf]\b)", re.IGNORECASE), "°"),
    (re.compile(r"°(?:celsius|celcius)", re.IGNORECASE), "°C"),
    (re.compile(r"°fahrenheit", re.IGNORECASE), "°F"),
    (re.compile(r"\b(?:square|sq\.?)\s+(\w+)"), r"\1^2"),
    (re.compile(r"\bcubic\s+(\w+)"), r"\1^3"),
    (re.compile(r"\s+(?:persegi|kuadrat|squared|مربع)\b"), "^2"),
    (re.compile(r"\s+(?:kubik|cubed|مكعب)\b"), "^3"),
    (re.compile(r"\bm/?s(?=\s*(?:\^|⁻))"), lambda match: match[0] if "/" in match[0] else "m s"),  # ms⁻¹ in books of physics
    (re.compile(r"\b([kµu]) (?=ohm)"), r"\1"),
    (re.compile(r"\bkpj\b|\bkmh\b|\bkph\b", re.IGNORECASE), "km/jam"),
)  # fmt: skip
PART = re.compile(r"(?P<over>\s*/\s*|\s+per\s+)|(?P<join>\s*[·⋅*.]\s*|\s+)")
POWER = re.compile(
    r"(?P<unit>.*?[^\d^⁺⁻¹²³⁴⁵⁶⁷⁸⁹(+-])(?P<power>\^?\s*\(?[+-]?\d\)?|[⁺⁻]?[¹²³⁴⁵⁶⁷⁸⁹])", re.DOTALL
)
HIGH = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "123456789-+")

Parts = tuple[tuple[str, int], ...]  # units with their powers, in the order of their names


def is_unit(text: str) -> bool:
    """Tells whether a text is a unit, or several that are multiplied or divided, as ``km/jam`` and ``m/s²``."""
    text = text.strip()
    return 0 < len(text) <= LONGEST and all(_is_known(name) for name, _power in _parts(text))


def _is_known(name: str) -> bool:
    """Capitals tell names from units of one letter: ``5 KG`` is a weight, and ``5 G`` is none."""
    return name in KNOWN or (len(name) > 1 and name.casefold() in MEANING)


def stands_on_either_side(unit: str) -> bool:
    """Tells whether people write a unit before a number and behind it alike, as they do with money and percent."""
    return all(name in EITHER_SIDE or name.casefold() in EITHER_SIDE for name, _power in _parts(unit))


def same_unit(typed: str, unit: str) -> bool:
    """Tells whether a typed unit means an accepted one.

    Capitals do not count, so MB is right where Mb is accepted; but MW is not right where mW is.
    """
    parts, accepted = _parts(typed), _parts(unit)
    if len(parts) != len(accepted):
        return False
    pairs = zip(parts, accepted, strict=True)
    return all(power == wanted and _same_name(one, other) for (one, power), (other, wanted) in pairs)


def _same_name(typed: str, unit: str) -> bool:
    if typed == unit or (typed, unit) in TAKEN_FOR:
        return True
    is_million = {typed[:1], unit[:1]} == {"m", "M"} and typed[1:] == unit[1:] in CAPITAL_COUNTS
    return typed.casefold() == unit.casefold() and not is_million


@lru_cache(maxsize=1024)
def _parts(text: str) -> Parts:
    """Returns the units of a text with their powers, so that ``m/s²`` and ``meter per detik kuadrat`` are alike."""
    text = plain(text).strip().rstrip(".").replace("μ", "µ")
    for phrase, short in PHRASES:
        text = phrase.sub(short, text)
    parts, sign, start = [], 1, 0
    for match in PART.finditer(text):
        parts.append((text[start : match.start()], sign))
        sign, start = (-1 if match["over"] else 1), match.end()
    parts.append((text[start:], sign))
    read = [_with_power(name, sign) for name, sign in parts if name]
    return tuple(sorted(read, key=lambda part: (part[0].casefold(), part[1])))


def _with_power(text: str, sign: int) -> tuple[str, int]:
    match = POWER.fullmatch(text)
    name, power = (match["unit"], int(match["power"].translate(HIGH).strip("^() "))) if match else (text, 1)
    meaning = MEANING.get(name.casefold() if len(name) > 1 else name, name)
    if meaning.startswith("u") and f"µ{meaning[1:]}" in KNOWN:
        meaning = f"µ{meaning[1:]}"
    if meaning == "cm^3":  # from cc
        meaning, power = "cm", 3 * power
    return meaning, sign * power
