"""Compares typed words with accepted ones, as a teacher does who cares for words and not for keyboards.

Phones and word processors change what is typed: quotes become round, hyphens become dashes, and invisible characters
come along with pasted text. None of that makes an answer wrong. Superscripts do: ``10³`` is not ``103``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from modules.document.syntax import signs

QUOTES = dict.fromkeys("‘’‚‛ʹʻʼʽ´`′＇ˈ", "'") | dict.fromkeys("“”„‟«»″＂", '"')
DASHES = dict.fromkeys("\N{MINUS SIGN}\N{HYPHEN BULLET}\N{SMALL HYPHEN-MINUS}", "-")
# Signs that Arabic and Persian keyboards write in different ways.
ARABIC = {"ک": "ك", "ی": "ي", "ى": "ي", "ٱ": "ا", "ہ": "ه", "ە": "ه", "\N{ARABIC TATWEEL}": ""}
ARABIC |= {"،": ",", "؛": ";", "٪": "%", "٫": ",", "٬": "."}
MATHS = {"\N{FRACTION SLASH}": "/", "\N{RATIO}": ":", "×": "x", "≤": "<=", "≥": ">=", "≠": "!="}
SIGNS = str.maketrans({**QUOTES, **DASHES, **ARABIC, **MATHS})
RAISED = ("<super>", "<circle>")  # forms that mean something else than their plain sign; H₂O is H2O
POWER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+")
LOW = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
POWER_IN_BRACES = re.compile(r"\^\s*[({]([^(){}]*)[)}]")
# Blanks that one writer sets and another does not: around signs of formulas and lists, and around a dash.
LOOSE = re.compile(r"\s*([=+<>:/^,;|·])\s*|\s+(-)\s+|(?<=√)\s+|(?<=\d)\s*(x)\s*(?=\d)")
# A time of day, with a colon or with the point of Indonesian.
TIME = re.compile(r"0?(\d{1,2}):([0-5]\d)(?!\S)|([01]\d|2[0-4])\.([0-5]\d)(?!\S)")
END = ".,。۔"
VOWELS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"  # Arabic
)
IN_QUOTES = re.compile(r"\"(.+)\"|'(.+)'", re.DOTALL)
LONG_DASH = "\N{EM DASH}"  # what phones make of two hyphens


def same_words(typed: str, accepted: str, *, case_counts: bool = False) -> bool:
    """Tells whether a typed text has the words of an accepted one, with or without quotation marks around all of it."""
    wanted = comparable(accepted, case_counts=case_counts)
    texts = {typed, typed.replace(LONG_DASH, "--")}
    forms = {comparable(text, case_counts=case_counts) for text in texts}
    return wanted in forms or wanted in {_unquoted(form) for form in forms}


def words_alone(typed: str, *, case_counts: bool = False) -> str:
    """Returns the words of a typed text as they are compared, without quotation marks around all of it."""
    return _unquoted(comparable(typed, case_counts=case_counts))


def same_signs(typed: str, accepted: str) -> bool:
    """Tells whether two texts have the same signs. The typed one may stand in backticks, as authors write code."""
    texts = {typed, typed.strip().removeprefix("`").removesuffix("`")}
    return as_written(accepted) in {as_written(text) for text in texts}


@lru_cache(maxsize=4096)
def comparable(text: str, *, case_counts: bool = False) -> str:
    """Returns a text in the form in which it is compared."""
    text = unicodedata.normalize("NFC", "".join(map(_plain, _spaced(text))).translate(SIGNS))
    text = " ".join((VOWELS.sub("", text) if VOWELS.sub("", text).strip() else text).split())
    text = text.rstrip(END).rstrip() or text
    text = POWER_IN_BRACES.sub(r"^\1", POWER.sub(lambda match: f"^{match[0].translate(LOW)}", text))
    text = LOOSE.sub(lambda match: match[1] or match[2] or match[3] or "", text)
    text = TIME.sub(lambda match: f"{int(match[1] or match[3])}:{match[2] or match[4]}", text, count=1)
    return text if case_counts else _folded(text)


def _folded(text: str) -> str:
    """Returns a text without capitals. The dot that folding leaves on the Turkish capital İ is no accent."""
    return unicodedata.normalize("NFC", text.casefold().replace("i̇", "i"))


def as_written(text: str) -> str:
    """Returns a text for a comparison in which every sign counts but those that a phone changes by itself."""
    straight = text.translate(str.maketrans(dict[str, str | int | None](QUOTES)))
    dashes = straight.replace(LONG_DASH, "--").replace("\N{EN DASH}", "-").replace("\N{MINUS SIGN}", "-")
    visible = signs.INVISIBLE.sub("", unicodedata.normalize("NFC", dashes.replace("…", "...")))
    return "".join(" " if sign.isspace() else sign for sign in visible).strip()


def _unquoted(text: str) -> str:
    match = IN_QUOTES.fullmatch(text)
    return (match[1] or match[2]).strip() if match else text


def _spaced(text: str) -> str:
    """Returns a text with a space between a number and its fraction, so that ``1½`` is not ``11/2``."""
    visible = signs.INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(signs.DEGREES)
    return re.sub(r"(?<=\d)(?=[¼-¾⅐-⅞])", " ", visible)


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if unicodedata.category(sign) == "Pd":
        return "-"
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    is_raised = unicodedata.decomposition(sign).startswith(RAISED)
    return sign if is_raised or sign in QUOTES else unicodedata.normalize("NFKC", sign)
