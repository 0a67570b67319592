"""Judges typed answers as version 0.1 did, for the marks that were given in this way. It never changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

NUMBER = re.compile(r"[+-]?(\d{1,100}([.,]\d{0,100})?|[.,]\d{1,100})([eE][+-]?\d{1,3})?\Z")


def is_accepted(typed: str, accepted: Mapping[str, Any], kind: str) -> bool:
    if kind == "short":
        return _plain(typed) == _plain(accepted["text"])
    number = parse_number(typed)
    if number is None or accepted["value"] is None:
        return False
    tolerance = Fraction(Decimal(accepted["tolerance"] or 0))
    return abs(number - Fraction(Decimal(accepted["value"]))) <= tolerance


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
