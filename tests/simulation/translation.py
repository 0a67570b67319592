"""Translates texts word by word into an invented language. Numbers, code and the addresses of links stay."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

SYLLABLES = (
    "ba",
    "cle",
    "dor",
    "fen",
    "gri",
    "hux",
    "jol",
    "kem",
    "lth",
    "mov",
    "ner",
    "phi",
    "quo",
    "ros",
    "sty",
    "vex",
)
KNOWN = {"benar": "true", "salah": "false"}
# What a translation does not touch: code, the address of a link, and whatever has a digit.
KEPT = re.compile(r"(`[^`]*`|\]\([^)]*\)|\w*\d\w*)")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def translated(text: str) -> str:
    pieces = KEPT.split(text)  # every second piece is kept
    pieces[::2] = [WORD.sub(lambda word: _translated_word(word[0]), piece) for piece in pieces[::2]]
    return "".join(pieces)


def _translated_word(word: str) -> str:
    other = _invented(word.casefold())
    return other.capitalize() if word[0].isupper() else other


@lru_cache(maxsize=4096)
def _invented(word: str) -> str:
    random = Random(word)
    return KNOWN.get(word) or "".join(random.choices(SYLLABLES, k=min(4, 1 + len(word) // 3)))
