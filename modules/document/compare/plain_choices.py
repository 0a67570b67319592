"""Returns the plain form of a choice, in which the sweep of a formatter or of an editor changes nothing."""

from __future__ import annotations

import re

from modules.document.compare.typos import SAME_SIGNS
from modules.document.marks import normal_form

LABEL = re.compile(r"\(?[A-Ha-h][.)]\s+(?=\S)")
REMARK = re.compile(r"(?<=\S)\s+\([^()]*[^\W\d_]{3}[^()]*\)\s*\Z")
NUMBER = re.compile(r"([-+]?\d+)(?:[.,](\d+))?\Z")
LOOKS = re.compile(r"[\"'`*_\s]")
WORD = re.compile(r"\w{3,}")  # in shorter words, case tells kB from Kb


def plain_form(text: str) -> str:
    """Returns a choice without code marks, quotes, capitals, labels, spaces and a full stop at its end.

    A number is written without zeros behind its point. It takes what :func:`comparable_text` returns.
    """
    bare = normal_form("NFC", text).lstrip("`").strip().translate(SAME_SIGNS)
    bare = LABEL.sub("", bare, count=1)
    bare = LOOKS.sub("", WORD.sub(lambda word: word[0].casefold(), bare)).rstrip(".,;:")
    number = NUMBER.match(bare)
    if not number:
        return bare
    whole, decimals = number[1], (number[2] or "").rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def without_remark(text: str) -> str:
    """Returns the plain form of a choice without words in brackets at its end."""
    return plain_form(text if text.startswith("`") else REMARK.sub("", text))
