"""Brings texts into a normal form of Unicode in linear time.

A normal form orders the combining marks behind a letter. Python takes the square of their number for that. So of a
long row of marks only the first are kept. Texts in which a letter has more marks are written to do harm: Unicode's
Stream-Safe Text Format (UAX 15) has the same number.
"""

import re
import unicodedata
from functools import cache
from typing import Literal

Form = Literal["NFC", "NFKC", "NFD", "NFKD"]

MOST_MARKS = 30  # behind one letter
SHORT = 300  # characters; the square of such a number is still small
LAST = 0x1EFFF  # the last code point that may be a mark


def normal_form(form: Form, text: str) -> str:
    """Returns a text in a normal form."""
    return unicodedata.normalize(form, text if len(text) <= SHORT else _long_rows().sub(r"\1", text))


@cache
def _long_rows() -> re.Pattern[str]:
    """Returns a pattern of rows of marks that are too long. It is made when it is needed first, in 20 ms."""
    marks = "".join(chr(code) for code in range(LAST) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+")
