"""Says whether two choices differ only by the sweep of a formatter or of an editor.

:func:`plain_form` is loose: choices with the same one compete. :func:`says_the_same` is strict: a sign of code, a
prime, capitals of units and genotypes, and zeros that may be thousands make another choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from modules.document.compare.likeness import turning_words
from modules.document.compare.question_text import BARE
from modules.document.compare.typos import SAME_SIGNS, is_any_case, is_misspelt
from modules.document.marks import normal_form

LABEL = re.compile(r"\(?[A-Ha-h][.)]\s+(?=\S)")
# A capital with a full stop may be an initial: "C. elegans", "A. Einstein".
SURE_LABEL = re.compile(r"(?:\(?[A-Ha-h]\)|[a-h]\.|[A-H]\.(?=\s+[-+]?\d))\s+(?=\S)")
REMARK = re.compile(r"(?<=\S)\s+(\([^()]*[^\W\d_]{3}[^()]*\))\s*\Z")
# Words by which a remark changes what a choice says, besides numbers and negations.
CONDITIONS = frozenset(
    {"jika", "jikalau", "bila", "apabila", "kalau", "hanya", "saja", "selalu", "kadang", "asal", "selain"}
    | {"if", "when", "only", "always", "sometimes", "unless", "but", "provided"}
)
LOOKS = re.compile(r"[\"'`*_\s]")
WORD = re.compile(r"\w{3,}")  # in shorter words, case tells kB from Kb
PROSE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")  # two words or more without signs and numbers
QUOTES = dict.fromkeys(map(ord, "\"'“”„‘’«»"))
LETTERS = re.compile(r"\w+")
NUMBER = re.compile(r"([-+]?)(\d+)(?:([.,])(\d+))?")
QUOTED = re.compile(r"(?<!\w)([\"'`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
EMPHASIS = re.compile(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1|(?<!\w)(_{1,2})(?=\S)(.+?)(?<=\S)\3(?!\w)")
# White space that a sweep may add or take out: not between two digits, except between thousands.
LOOSE_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)|(?<=\d)\s(?=\d{3}(?!\d))")
SPACE_AT_SIGN = re.compile(r"(?<=[^\w\s])\s+|\s+(?=[^\w\s])")  # in code
# A full stop behind other digits may be a decimal point.
STOP = re.compile(r"(?:(?<![\d.])|(?<=\.\d)|(?<=\.\d\d))\.\Z")
CURLY = dict.fromkeys(map(ord, "“”„"))


def plain_form(text: str) -> str:
    """Returns a choice without code marks, quotes, capitals, labels, spaces and a full stop at its end.

    A number is written without zeros behind its point. It takes what :func:`comparable_text` returns.
    """
    bare = LABEL.sub("", _bare(text), count=1)
    bare = LOOKS.sub("", WORD.sub(lambda word: word[0].casefold(), bare)).rstrip(".,;:")
    number = NUMBER.fullmatch(bare)
    if not number:
        return bare
    whole, decimals = number[1] + number[2], (number[4] or "").rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def without_remark(text: str) -> str:
    """Returns a choice without words in brackets at its end, unless they change what it says."""
    remark = None if text.startswith("`") else REMARK.search(text)
    if remark is None or turning_words(remark[1]) or CONDITIONS & {*LETTERS.findall(remark[1].casefold())}:
        return text
    return text[: remark.start()]


def without_labels(texts: Mapping[str, str]) -> dict[str, str]:
    """Returns the choices of a question without the letters in front of them.

    If these are A, B, C and so on, each is a label, also where every choice has one and some letters are missing. So is
    the letter of the place of a choice, a small letter, and a letter before a number. Another capital may be an
    initial.
    """
    labels = {key: label for key, text in texts.items() if (label := LABEL.match(text.lstrip("` ")))}
    letters = [label[0].strip(" ().").casefold() for label in labels.values()]
    is_run = len(letters) > 1 and (
        letters == [*"abcdefgh"][: len(letters)]
        or (len(letters) == len(texts) and letters[0] == "a" and letters == sorted({*letters}))
    )
    places = dict(zip(texts, "ABCDEFGH", strict=False))
    return {
        key: _without_label(text, LABEL if is_run or places.get(key, "-") in labels[key][0] else SURE_LABEL)
        if key in labels
        else text
        for key, text in texts.items()
    }


def with_same_label(old: str, new: str) -> bool:
    """Checks whether the same letter stands in front of two choices, as a capital or not."""
    labels = [LABEL.match(text.lstrip("` ")) for text in (old, new)]
    letters = {label[0].strip(" ().").casefold() for label in labels if label}
    return all(labels) and len(letters) == 1


def without_label(text: str) -> str:
    """Returns a choice without the letter in front of it, also where that might be an initial."""
    return _without_label(text, LABEL) if LABEL.match(text.lstrip("` ")) else text


def says_the_same(old: str, new: str) -> bool:
    """Checks whether two choices without labels differ only in looks that cannot change what they say."""
    marked = [text for text in (old, new) if text.startswith("`")]
    if len(marked) == 2:
        return _code(old) == _code(new)
    if marked:
        prose = new if marked[0] == old else old
        code = _code(marked[0])
        return code in (_code(prose), _code(_unquoted(prose))) or _without_emphasis(code) == _code(prose)
    return _prose(old) == _prose(new, any_case=True) or _prose(old, any_case=True) == _prose(new)


def is_misspelt_prose(old: str, new: str) -> bool:
    """Checks whether two choices are prose with a mistyped word, whether or not they are marked as code or quoted."""
    before, after = (text.lstrip("` ").rstrip(".").translate(QUOTES) for text in (old, new))
    is_prose = all(PROSE.fullmatch(text) for text in (before, after)) or _is_bare_word(before, after)
    return is_prose and before.count(" ") == after.count(" ") and is_misspelt(before, after)


def _is_bare_word(first: str, second: str) -> bool:
    """Checks whether one of two different words is a word like "Benar", which is no code even where it is marked so."""
    words = {first.casefold(), second.casefold()}
    return len(words) == 2 and bool(words & BARE)


def _without_label(text: str, label: re.Pattern[str]) -> str:
    marks = text[: len(text) - len(text.lstrip("` "))]
    return marks + label.sub("", text[len(marks) :], count=1) if label.match(text, len(marks)) else text


def _bare(text: str) -> str:
    return normal_form("NFC", text).lstrip("`").strip().translate(SAME_SIGNS)


def _unquoted(text: str) -> str:
    """Takes out quotes in pairs. A single one may be a prime, as in f'(x), or a sign of a unit."""
    return QUOTED.sub(r"\2", text.translate(SAME_SIGNS))


def _without_emphasis(code: str) -> str:
    """Returns code as it was shown while nothing marked it as code: Markdown took its signs for emphasis."""
    return EMPHASIS.sub(lambda found: found[2] or found[4], code)


def _code(text: str) -> str:
    """Returns a choice with each sign of it, without spaces beside signs, and without a full stop behind it.

    Curly quotes are taken out, since they are no signs of code.
    """
    bare = STOP.sub("", _bare(text.translate(CURLY)))
    return bare if {"'", '"'} & {*bare} else SPACE_AT_SIGN.sub("", bare)


def _prose(text: str, *, any_case: bool = False) -> str:
    """Returns a choice without what makes no difference in prose. With ``any_case``, mixed capitals make none, too."""
    bare = _unquoted(_bare(text)).rstrip(".,;: ")
    if number := NUMBER.fullmatch(bare):
        return _number(*number.groups())
    cased = LETTERS.sub(lambda word: _in_lower_case(word[0], any_case=any_case), bare)
    return LOOSE_SPACE.sub("", cased)


def _in_lower_case(word: str, *, any_case: bool) -> str:
    is_mixed = any_case and len(word) > 2 and is_any_case(word.casefold())
    return word.casefold() if is_mixed or is_any_case(word) else word


def _number(sign: str, whole: str, point: str | None, decimals: str | None) -> str:
    """Returns a number without zeros that say nothing. Three digits may be thousands, and 3.10 may be a version."""
    if not point or not decimals or (len(decimals) == 3 and whole.strip("0")):
        return f"{sign}{whole}{point or ''}{decimals or ''}"
    if point == "," or not decimals.strip("0"):
        decimals = decimals.rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
