"""Knows the units that may stand beside a number, and which of them mean the same."""

from __future__ import annotations

import re

LONGEST = 40  # characters of a unit

PREFIXES = (
    "",
    *["p", "n", "µ", "μ", "u", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti"],
)
PREFIXED = (  # noqa: SIM905  a list would have a line for each word
    "m g s A K mol cd Hz N Pa J W C V F Ω ohm S Wb T H lm lx Bq Gy Sv l L eV bar B b cal kal t Wh Ah VA"
).split()
ALONE = (  # noqa: SIM905  a list would have a line for each word
    "% ‰ ° °C °F °R h j jam d hari min menit detik dtk sekon minggu bulan tahun abad ha are ons kuintal ton"
    " kph mph rpm kmh dB ppm ppb atm mmHg psi hp px inci inch kaki ft yard mil mile lb oz derajat persen"
    " percent bit byte meter kilometer sentimeter centimeter desimeter milimeter gram kilogram miligram liter"
    " mililiter newton joule watt kilowatt volt ampere pascal hertz kelvin celcius celsius fahrenheit kalori"
    " kilobyte megabyte gigabyte terabyte rupiah dolar euro yen Rp IDR $ USD US$ € EUR £ GBP ¥ JPY RM MYR S$"
    " SGD ribu juta miliar triliun orang buah biji ekor lembar batang butir keping kali second seconds minute"
    " minutes hour hours day days week weeks month months year years metre metres meters kilometers kilometres"
    " grams kilograms litre litres liters degree degrees people times pieces"
).split()
KNOWN = frozenset((*ALONE, *(prefix + base for prefix in PREFIXES for base in PREFIXED)))
SAME = (
    "% persen percent", "rp rupiah idr", "$ dolar usd us$", "€ euro eur", "°c celcius celsius c derajat ° degree degrees",
    "m meter metre meters metres", "km kilometer kilometers kilometre kilometres", "cm sentimeter centimeter", "mm milimeter",
    "g gram grams gr", "kg kilogram kilograms", "l liter litre liters litres", "ml mililiter", "n newton", "j joule",
    "w watt", "v volt", "a ampere", "pa pascal", "hz hertz", "k kelvin", "s detik dtk sekon second seconds",
    "min menit minute minutes", "jam h hour hours", "hari day days", "minggu week weeks", "bulan month months",
    "tahun year years", "km/jam km/h kph kmh", "m/s m/detik",
)  # fmt: skip
MEANING = {name: names.split()[0] for names in SAME for name in names.split()}
# Between the parts of `m/s²`, `kg·m^2` and `km per jam`.
JOIN = re.compile(r"\s*[/·⋅*]\s*|\s+(?:per\s+)?")
POWER = re.compile(r"(?:\^\s*\(?[+-]?\d\)?|[⁺⁻]?[¹²³⁴⁵⁶⁷⁸⁹]|[23])\Z")
HIGH = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁻", "123456789-")


def is_unit(text: str) -> bool:
    """Tells whether a text is a unit, or several that are multiplied or divided, as ``km/jam`` and ``m/s²``."""
    text = text.strip()
    return 0 < len(text) <= LONGEST and all(POWER.sub("", part) in KNOWN for part in JOIN.split(text))


def same_unit(typed: str, unit: str) -> bool:
    """Tells whether two units mean the same. Capitals do not count, so MB is right where Mb is accepted."""
    return _meaning(typed) == _meaning(unit)


def _meaning(text: str) -> str:
    """Returns one text for units of the same meaning: ``Kilometer / jam`` and ``km/h`` are ``km/jam``."""
    text = text.strip().rstrip(".").casefold().translate(HIGH).replace("^", "")
    text = re.sub(r"\s+per\s+", "/", text)
    parts = re.split(r"\s*([/·⋅*])\s*", text)
    joined = "".join(MEANING.get(part, part) for part in parts)
    return MEANING.get(joined, joined)
