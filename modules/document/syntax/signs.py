"""Gives one sign to what keyboards write in several ways: digits of other scripts, wide and invisible signs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Characters that nobody sees: marks of direction, joiners, soft hyphens, fillers and controls other than blanks.
INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
# Forms that mean the same as their plain signs. A raised or circled digit means something else.
SAME_MEANING = ("<wide>", "<narrow>", "<small>", "<square>", "<compat>", "<noBreak>")
# The signs of a degree that keyboards offer beside the real one.
DEGREES = str.maketrans("º˚", "°°")


def plain(text: str) -> str:
    """Returns a text without invisible signs, with narrow Latin signs and with the digits 0 to 9."""
    return "".join(map(_plain, INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(DEGREES)))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    return (
        unicodedata.normalize("NFKC", sign)
        if unicodedata.decomposition(sign).startswith(SAME_MEANING)
        else sign
    )
