"""Writes labels of other alphabets and signs as plain letters and numbers: ``Ⓑ``, ``🇧``, ``Ｂ．``, ``2️⃣``, ``ii.``"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from modules.document.convert.answer_words import ANSWER
from modules.document.convert.lines import Lines

MOST_APART = 8  # lines from one label to the next, and to the answer
LONGEST = 2_000  # characters of a line that is looked at
FIRST_SIGNS = (
    0x1F130,
    0x1F150,
    0x1F170,
    0x1F1E6,
)  # A in a square, in black, in a black square, and as a flag
RANGES = ((0x2460, 0x2468), (0x249C, 0x24E9), (0xFF10, 0xFF5A), (0x1D400, 0x1D7FF))  # circled, wide, bold


def _signs() -> Iterator[tuple[str, str]]:
    """Yields signs that are no words, each with its letter or number."""
    for place in range(26):
        for first in FIRST_SIGNS:
            yield chr(first + place), chr(ord("A") + place)
    for start, end in RANGES:
        for code in range(start, end + 1):
            plain = unicodedata.normalize("NFKC", chr(code)).strip("()")
            if len(plain) == 1 and plain.isascii() and plain.isalnum():
                yield chr(code), plain.upper()
    for digit in "123456789":
        for keycap in ("\u20e3", "\ufe0f\u20e3"):
            yield digit + keycap, digit


def _alphabet(letters: str) -> dict[str, str]:
    """Returns a table of the first letters of an alphabet, and of the Latin letters that may stand among them."""
    return dict(zip("ABCDEabcde", "ABCDE" * 2, strict=True)) | dict(zip(letters, "ABCDE" * 2, strict=False))


SIGNS = dict(_signs())
SIGN = "|".join(sorted(map(re.escape, SIGNS), reverse=True))
LEAD = r"(?P<lead>[ \t]*(?:[-*+•][ \t]+)?)"
MARKED = re.compile(rf"{LEAD}(?P<sign>{SIGN})\ufe0f?(?P<stop>[.)．）:：]?)[ \t]*(?=\S)")
WRITTEN = re.compile(rf"{LEAD}(?P<sign>[^\W\d_])(?P<stop>[.)])[ \t]*(?=\S)")
# A letter of ours in another dress: **A** · `A` · [A] · A/ · A |
DRESSED = re.compile(
    rf"{LEAD}(?=\*\*[A-H]\*\*|`[A-H]`|\[[A-H]\](?!\()|[A-Ha-h][ \t]?[/|])(?:\*\*|`|\[)?(?P<sign>[A-Ha-h])"
    r"(?:\*\*|`|\]|[ \t]?[/|])[ \t]+(?=\S)"
)
LETTERS = {letter: letter.upper() for letter in "ABCDEFGHabcdefgh"}
ROMAN = re.compile(rf"{LEAD}(?P<sign>i{{1,3}}|iv|v)(?P<stop>[.)])[ \t]+(?=\S)")
ROMANS = dict(zip(("i", "ii", "iii", "iv", "v"), "ABCDE", strict=True))
# Letters that look like ours, and the first ones of other alphabets.
ALPHABETS = tuple(map(_alphabet, ("АВСDЕавсdе", "АБВГДабвгд", "أبجده", "ΑΒΓΔΕαβγδε")))
OF_KEY = re.compile(rf"(?P<number>\d[ \t]*[.):=–-]?[ \t]*)(?P<sign>{SIGN})\ufe0f?")
ANY_SIGN = re.compile(rf"(?:{SIGN})\ufe0f?")
INVISIBLE = re.compile("[\u200b\u200c\u200e\u200f\u2060\ufeff]")
FIRST_WORD = re.compile(r"(?P<before>[\W_]*)(?P<sign>[^\W_]+)(?![^\W_])")


def write_plain(lines: Lines) -> None:
    """Writes the labels of choices, and those of answers and keys, as plain letters in ``lines.all``."""
    lines.all = list(lines.all)
    for place in range(lines.matter.lines, len(lines)):
        line = lines.all[place]
        if lines.shown[place] and len(line) <= LONGEST and not line.isascii():
            lines.all[place] = _plain_answer(line)
    _write_runs(lines, MARKED, SIGNS)
    for alphabet in ALPHABETS:
        _write_runs(lines, WRITTEN, alphabet)
    _write_runs(lines, DRESSED, LETTERS)
    _write_runs(lines, ROMAN, ROMANS)


def _plain_answer(line: str) -> str:
    """Returns a line with plain letters if it is an answer or a part of a key."""
    visible = INVISIBLE.sub("", line)
    if ANSWER.match(visible):
        return ANY_SIGN.sub(lambda match: SIGNS[match[0].rstrip("\ufe0f")], visible)
    return OF_KEY.sub(lambda match: f"{match['number']}{SIGNS[match['sign']]}", line)


def _write_runs(lines: Lines, pattern: re.Pattern[str], table: Mapping[str, str]) -> None:
    """Writes each row of labels that follow each other as letters, and the answer below it."""
    run: list[tuple[int, re.Match[str]]] = []
    for place, match in _labels(lines, pattern, table):
        follows = run and place - run[-1][0] <= MOST_APART
        if not follows or table[match["sign"]] != chr(ord(table[run[-1][1]["sign"]]) + 1):
            _write_run(lines, run, table)
            run = []
        if run or table[match["sign"]] in "A1":
            run.append((place, match))
    _write_run(lines, run, table)


def _labels(
    lines: Lines, pattern: re.Pattern[str], table: Mapping[str, str]
) -> list[tuple[int, re.Match[str]]]:
    places = range(lines.matter.lines, len(lines))
    matches = ((place, pattern.match(lines.all[place])) for place in places if lines.shown[place])
    return [(place, match) for place, match in matches if match and match["sign"] in table]


def _write_run(lines: Lines, run: list[tuple[int, re.Match[str]]], table: Mapping[str, str]) -> None:
    """Writes one row of labels. Roman numbers also count statements, so an answer has to name one of them."""
    is_ours = table is not LETTERS and all(match["sign"] in LETTERS for _place, match in run)
    if len(run) < 2 or is_ours:
        return
    has_answer = _write_answer(lines, run[-1][0] + 1, table)
    if table is ROMANS and not has_answer:
        return
    for place, match in run:
        rest = lines.all[place][match.end() :]
        lines.all[place] = f"{match['lead']}{table[match['sign']]}. {rest}"


def _write_answer(lines: Lines, start: int, table: Mapping[str, str]) -> bool:
    """Writes the answer below a row of labels, and returns whether it names one of them."""
    for place in range(start, min(len(lines), start + MOST_APART)):
        answer = ANSWER.match(lines.all[place]) if lines.shown[place] else None
        word = FIRST_WORD.match(answer["rest"]) if answer else None
        if answer and word and word["sign"] in table:
            head = lines.all[place][: answer.start("rest")]
            rest = answer["rest"][word.end() :]
            lines.all[place] = f"{head}{word['before']}{table[word['sign']]}{rest}"
            return True
        if lines.levels[place]:
            return False
    return False
