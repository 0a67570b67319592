"""Finds lists and tables of answers, such as the key at the end of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from modules.document.convert.answer_words import TAGS
from modules.document.convert.lines import Lines, heading_words

HEAD = re.compile(
    r"[\W_]*(?:(?:kunci|daftar)[ \t]+jawaban|kunci|jawaban|answer[ \t]+keys?|answers?|keys?|solutions?|correct answers)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
NAMED = (
    r"(?i:(?:no|nomor|soal|pertanyaan|question|q|s)\.?[ \t]*[#*_]{0,2}[ \t]*)?"  # before a number: Soal 1, Q1
)
ENTRY = re.compile(
    rf"(?<![\w.,]){NAMED}[(\[]?(?P<number>\d{{1,3}})[)\]]?[*_]{{0,2}}"
    r"(?:[ \t]*(?:\\?[.):=\-–—→][ \t]*|\|[ \t]*|[ \t])|(?=[A-H](?![\w'’])))"
    r"[*_]{0,2}[ \t]?[*_]{0,2}\(?(?P<letter>[A-Za-z])\)?[*_]{0,2}(?![\w'’])",
)
PART = re.compile(r"[\s>*_•+-]*[^\W\d][^:|]{0,60}[:：][ \t*_]*(?P<rest>\(?\d.*)$")  # Latihan 1: 1. B 2. A
AFTER = re.compile(r"[ \t*_]*(?:$|[.,:;(|–—-])")
START = re.compile(rf"[\s>*_|•+-]*{NAMED}[(\[]?\d")
SHOWS = re.compile(
    r"(?:klik|lihat|tampilkan|buka|show|see|view|click|reveal)\b[^.:]{0,30}?(?=kunci|jawaban|answer)",
    re.IGNORECASE,
)
DELIMITER = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*$")
MOST_AHEAD = 3  # lines between the head of a key and its first answer


@dataclass(slots=True)
class Key:
    """Describes a key on the lines from ``start`` to ``end``: its letters, and what explains them, by number.

    ``given`` is the number of questions that have their answer from this key.
    """

    start: int
    end: int
    letters: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    given: int = 0

    @property
    def is_used(self) -> bool:
        return self.given > 0


def keys(lines: Lines) -> Iterator[Key]:
    """Yields all keys of a text in their order."""
    place = 0
    while place < len(lines):
        lines.deadline.check()
        found = _keys_at(lines, place) if lines.shown[place] else []
        yield from found
        place = found[-1].end if found else place + 1


def _keys_at(lines: Lines, start: int) -> list[Key]:
    """Returns the key that begins on a line, or one for each part below a heading that names keys."""
    if key := _key(lines, start):
        return [key]
    head = HEAD.match(heading_words(lines.all[start])) if lines.levels[start] else None
    if head is None or not is_head(lines, start, head["rest"]):
        return []
    found: list[Key] = []
    for place in range(start + 1, lines.end_of_part(start)):
        part = Key(place, place + 1)
        if lines.levels[place] and (not found or place >= found[-1].end):
            _read_entries(lines, part)
        elif lines.shown[place] and (named := PART.match(lines.all[place])):
            _take(part, named["rest"])
        found += [part] if part.letters else []
    return found if len(found) > 1 else []


def _key(lines: Lines, start: int) -> Key | None:
    line = lines.all[start]
    words = TAGS.sub(" ", heading_words(line)).strip()
    if "<summary" in line.lower():
        words = SHOWS.sub("", words, count=1)
    if "|" in words:  # the head of a table
        words = words.strip("| \t").rpartition("|")[2].strip()
    if len(words) > 2_000 or not (head := HEAD.match(words)):
        return None
    key = Key(start, start + 1)
    _take(key, head["rest"])
    if not key.letters and not is_head(lines, start, head["rest"]):
        return None
    _read_entries(lines, key)
    return _with_fold(lines, key) if key.letters else None


def is_head(lines: Lines, place: int, rest: str) -> bool:
    """Checks whether a line that says “key” is the head of one, and no answer or sentence."""
    if not rest.strip("*_: \t#"):
        return True
    is_set_off = lines.levels[place] or lines.all[place].lstrip().startswith(("**", "<"))
    return bool(is_set_off) and len(rest) < 40 and ":" not in rest.rstrip("*_: \t#")


def _read_entries(lines: Lines, key: Key) -> None:
    """Reads answers until another kind of line follows."""
    place, numbers = key.start + 1, list[int]()
    misses = 0
    while place < len(lines) and (lines.shown[place] and not lines.levels[place]):
        words = TAGS.sub(" ", lines.all[place]).strip()
        cells = [cell.strip(" \t*_") for cell in words.strip("|").split("|")] if "|" in words else []
        if numbers and len(cells) >= len(numbers) and (letters := _letters(cells[-len(numbers) :])):
            key.letters |= dict(zip(numbers, letters, strict=True))
            key.end, numbers = place + 1, []
        elif found := [int(cell) for cell in cells if cell.isdecimal() and len(cell) <= 3][: len(cells)]:
            numbers = found if len(found) >= max(1, len(cells) - 1) and len(found) > 1 else []
            key.end = place + 1 if _take(key, words) else key.end
        elif _take(key, words):
            key.end = place + 1
        elif words and not DELIMITER.match(words):
            misses += 1
            if key.letters or misses > MOST_AHEAD:
                break
        place += 1


def _letters(cells: list[str]) -> list[str]:
    """Returns the letters of a row of a table, or nothing where a cell holds something else."""
    return (
        [cell.upper() for cell in cells] if all(len(cell) == 1 and cell.isalpha() for cell in cells) else []
    )


def _take(key: Key, words: str) -> bool:
    """Takes the answers in a line, or returns false where it has none."""
    if not START.match(words.lstrip(": \t*_")) or len(words) > 2_000:
        return False
    found = list(ENTRY.finditer(words))
    if len(found) == 1 and not AFTER.match(words, found[0].end()):
        return False  # a sentence that begins with a number and a word of one letter
    for match in found:
        key.letters.setdefault(int(match["number"]), match["letter"].upper())
    if len(found) == 1 and (rest := words[found[0].end() :].strip(" \t|*_.–—-:;,()")):
        key.reasons[int(found[0]["number"])] = rest
    return bool(found)


def _with_fold(lines: Lines, key: Key) -> Key:
    """Takes the ``<details>`` around a key with it."""
    following = lines.skip_blank(key.end)
    if following < len(lines) and lines.all[following].strip().lower() == "</details>":
        key.end = following + 1
        above = key.start - 1
        while above >= 0 and not lines.all[above].strip():
            above -= 1
        if above >= 0 and lines.all[above].strip().lower().startswith("<details"):
            key.start = above
    return key
