"""Judges typed answers as version 0.1 did, for the marks that were given in this way. It never changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

NUMBER = re.compile(r"[+-]?(\d{1,100}([.,]\d{0,100})?|[.,]\d{1,100})([eE][+-]?\d{1,3})?\Z")
# An accepted answer that version 0.1 read as a number. It knew no units, no percent and no powers of ten.
KEY = re.compile(
    r"(?P<value>[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?)(?:\s*(?:±|\+/-|\+-)\s*(?P<tolerance>(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?))?\Z"
)


def is_right(typed: str, accepted: Sequence[Mapping[str, Any]]) -> bool:
    """Tells whether a typed text is one of the accepted answers, read from their words as version 0.1 read them.

    A key that today's parser has read may have numbers where version 0.1 had words, such as ``5 km``.
    """
    keys = [KEY.match(answer["text"].replace("\N{MINUS SIGN}", "-")) for answer in accepted]
    numbers = [key for key in keys if key]
    if len(numbers) < len(keys):
        return any(_plain(typed) == _plain(answer["text"]) for answer in accepted)
    return any(_is_near(typed, key) for key in numbers)


def _is_near(typed: str, key: re.Match[str]) -> bool:
    number = parse_number(typed)
    if number is None:
        return False
    tolerance = Fraction(Decimal((key["tolerance"] or "0").replace(",", ".")))
    return abs(number - Fraction(Decimal(key["value"].replace(",", ".")))) <= tolerance


def parse_number(text: str) -> Fraction | None:
    """Returns the exact value of a typed number (``0,8``, ``-3``, ``1.5e3``), or ``None``."""
    text = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not NUMBER.match(text):
        return None
    try:
        return Fraction(Decimal(text.replace(",", ".")))
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
