"""Compares typed words with accepted ones, as a teacher does who cares for words and not for keyboards.

Phones and word processors change what is typed: quotes become round, hyphens become dashes, and invisible characters
come along with pasted text. None of that makes an answer wrong. Superscripts do: ``10³`` is not ``103``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

QUOTES = dict.fromkeys("‘’‚‛ʹʻʼʽ´`′＇ˈ", "'") | dict.fromkeys("“”„‟«»″＂", '"')
DASHES = dict.fromkeys("\N{MINUS SIGN}\N{HYPHEN BULLET}\N{SMALL HYPHEN-MINUS}", "-")
# Signs that Arabic and Persian keyboards write in different ways.
ARABIC = {"ک": "ك", "ی": "ي", "ى": "ي", "ٱ": "ا", "ہ": "ه", "ە": "ه", "\N{ARABIC TATWEEL}": ""}
SIGNS = str.maketrans({**QUOTES, **DASHES, **ARABIC, "\N{FRACTION SLASH}": "/", "×": "x"})
RAISED = ("<super>", "<circle>")  # forms that mean something else than their plain sign; H₂O is H2O
END = ".,。،"
VOWELS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"  # Arabic
)


@lru_cache(maxsize=4096)
def comparable(text: str, *, case_counts: bool = False) -> str:
    """Returns a text in the form in which it is compared."""
    text = unicodedata.normalize("NFC", "".join(_plain(sign) for sign in _spaced(text)).translate(SIGNS))
    text = " ".join(VOWELS.sub("", text).split())
    text = text.rstrip(END).rstrip() or text
    return text if case_counts else unicodedata.normalize("NFC", text.casefold())


def as_written(text: str) -> str:
    """Returns a text for a comparison in which every sign counts but those that a phone changes by itself."""
    straight = text.translate(str.maketrans(dict[str, str | int | None](QUOTES)))
    return unicodedata.normalize("NFC", "".join(sign for sign in straight if _is_visible(sign))).strip()


def _spaced(text: str) -> str:
    """Returns a text with a space between a number and its fraction, so that ``1½`` is not ``11/2``."""
    return re.sub(r"(?<=\d)(?=[¼-¾⅐-⅞])", " ", unicodedata.normalize("NFC", text))


def _plain(sign: str) -> str:
    if not _is_visible(sign):
        return ""
    if unicodedata.category(sign) == "Pd":
        return "-"
    is_raised = unicodedata.decomposition(sign).startswith(RAISED)
    return sign if is_raised or sign in QUOTES else unicodedata.normalize("NFKC", sign)


def _is_visible(sign: str) -> bool:
    """Tells whether a sign can be seen: no zero width space, mark of direction, soft hyphen or variation selector."""
    is_control = unicodedata.category(sign) in ("Cf", "Cc") and not sign.isspace()
    return not is_control and not "\ufe00" <= sign <= "\ufe0f"
