"""Finds the words of a question above its choices, and takes the number of the question off them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent

from modules.document.convert.lines import Lines, heading_words, without_break
from modules.document.syntax.lookalikes import QUIZ_NAMES

# The number that an author gives a question: 1. · 1) · Soal 1: · **Soal 1.** · Q1. · S1) · 1\. as Word files bring it
NUMBER = re.compile(
    r"[ \t]*(?:\*\*|__)?(?:(?:soal|pertanyaan|question|nomor|no)\.?[ \t]*(?:#|ke-|no\.?)?[ \t]*(?P<named>\d{1,3})(?!\d)(?:\*\*|__)?[ \t]*\\?[.):–—-]?"
    r"|[qsp](?P<short>\d{1,3})\\?[.):]|\(?(?P<number>\d{1,3})\\?[.)](?!\d))(?:\*\*|__)?(?=[ \t]|$|\*\*|[^\W\d])[ \t]*",
    re.IGNORECASE,
)
BOLD = re.compile(r"[ \t]*(?P<sign>\*\*|__)(?P<words>[^\s*_].*?)(?P=sign)(?P<rest>.*)$")
BLANK = re.compile(r"_{3,}|\.{4,}|…")
ASKING = re.compile(
    r"(?:apa|apakah|siapa|siapakah|kapan|di mana|dimana|mana|manakah|mengapa|kenapa|bagaimana|bagaimanakah|berapa|berapakah|sebutkan|tentukan|pilih|pilihlah"
    r"|what|who|whom|whose|when|where|why|how|which|choose|select|true or false|benar atau salah)\b",
    re.IGNORECASE,
)
QUIZLIKE = re.compile(
    r"\b(?:kuis|quiz|quizzes|latihan|soal|ujian|ulangan|tes|test|evaluasi|asesmen|assessment|exam|exercises?|practice|pertanyaan(?! umum| yang sering)|(?<!asked )questions?"
    r"|uji|cek|check|post-?test|pre-?test|try ?out|pilihan ganda|isian(?: singkat)?|benar[ \t/-]{1,3}(?:atau[ \t])?salah|true[ \t/-]{1,3}(?:or[ \t])?false)\b",
    re.IGNORECASE,
)
AT_END = re.compile(r"[ \t]*\([^()]{0,80}\)[ \t.*_]*$")  # (Pilih dua.)
STATEMENT = re.compile(
    r"[ \t]*(?:[-*+•]|\((?:\d{1,2}|[ivx]{1,4})\)|[ivx]{1,4}[.)]|[a-z][.)])[ \t]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stem:
    """Describes the words of a question. ``start`` is their first line, ``number`` the author's own number or 0.

    ``is_named`` tells whether the author calls it a question: *Soal 3*, *Q3*.
    """

    start: int
    title: str
    text: str
    number: int
    is_named: bool


def asks(words: str) -> bool:
    """Checks whether words ask for something: a question mark, a gap, or a first word that asks."""
    plain = words.strip().strip("*_ ")
    if plain.endswith(("?", "…", "...")) or BLANK.search(plain):
        return True
    return not plain.endswith(":") and bool(ASKING.match(plain))


def number_of(line: str) -> int:
    """Returns the number with which a line begins a question, or 0."""
    match = NUMBER.match(heading_words(line))
    return int(match["named"] or match["short"] or match["number"]) if match else 0


def without_number(words: str) -> str:
    match = NUMBER.match(words)
    if not match:
        return words.strip()
    rest = words[match.end() :]
    opening = match[0].lstrip()[:2]
    if opening in ("**", "__") and opening not in match[0].lstrip()[2:] and rest.count(opening) % 2:
        rest = opening + rest  # the number stood inside bold words
    return rest.strip()


def find_stem(lines: Lines, floor: int, first: int, last_number: int) -> Stem | None:
    """Returns the words above the choices that begin on line ``first``.

    ``floor`` is the first line that may belong to them, ``last_number`` the number of the question before.
    """
    heading = next((place for place in range(first - 1, floor - 1, -1) if lines.levels[place]), None)
    above = floor if heading is None else heading + 1
    start = _start(lines, above, first, last_number)
    if heading is not None and _names_quiz(heading_words(lines.all[heading])):
        heading = None  # a question stands under it
    if heading is not None and (start is None or _is_question(lines, heading, start, first)):
        return stem_at(lines, heading, first)
    return None if start is None else stem_at(lines, start, first)


def _names_quiz(words: str) -> bool:
    return words.strip().casefold() in QUIZ_NAMES or words.rstrip().endswith(".quiz}")


def _start(lines: Lines, floor: int, first: int, last_number: int) -> int | None:
    """Returns the line on which the words begin: a number, bold words, or the last paragraph."""
    places = [place for place in range(floor, first) if lines.shown[place] and not lines.is_blank(place)]
    rules = [place for place in places if lines.is_rule(place)]
    places = [place for place in places if not rules or place > rules[-1]]
    if not places:
        return None
    numbered = _numbered(lines, places, last_number)
    if numbered is not None:
        return numbered
    bold = [place for place in places if BOLD.match(lines.all[place])]
    return bold[-1] if bold and _begins_paragraph(lines, bold[-1]) else _last_paragraph(lines, floor, places)


def _numbered(lines: Lines, places: Sequence[int], last_number: int) -> int | None:
    """Returns the line with the next number. A list of steps above a question has more numbers than one."""
    numbers = {place: number for place in places if (number := number_of(lines.all[place]))}
    wanted = [place for place, number in numbers.items() if number == last_number + 1]
    if wanted and (last_number or numbers[wanted[0]] + 1 not in numbers.values()):
        return wanted[0]
    return next(iter(numbers)) if len(numbers) == 1 else None


def _begins_paragraph(lines: Lines, place: int) -> bool:
    return place == 0 or lines.is_blank(place - 1) or bool(lines.levels[place - 1])


def _last_paragraph(lines: Lines, floor: int, places: Sequence[int]) -> int:
    """Returns the first line of the last paragraph, or of the one above it if the last one lists statements."""
    start = _paragraph(lines, floor, places[-1])
    above = [place for place in places if place < start]
    is_list = bool(STATEMENT.match(lines.all[start]))
    is_asked = is_list and above and asks(lines.all[above[-1]])
    return _paragraph(lines, floor, above[-1]) if is_asked else start


def _paragraph(lines: Lines, floor: int, place: int) -> int:
    """Returns the first line of the paragraph that a line belongs to."""
    while place > floor and not lines.is_blank(place - 1) and lines.shown[place - 1]:
        place -= 1
    return place


def _is_question(lines: Lines, heading: int, start: int, first: int) -> bool:
    """Checks whether a heading above a paragraph is the question, and the paragraph belongs to it."""
    words = heading_words(lines.all[heading])
    match = NUMBER.match(words)
    is_named = bool(match and (match["named"] or match["short"]))
    is_asked = bool(AT_END.sub("", without_number(words)).rstrip("*_ ").endswith("?"))
    is_over_list = bool(STATEMENT.match(lines.all[start])) and ("?" in words or bool(match))
    return (is_named or is_asked or is_over_list) and not number_of(lines.all[start])


def stem_at(lines: Lines, start: int, first: int) -> Stem:
    """Returns the words of a question that begin on line ``start`` and end before line ``first``."""
    number = number_of(lines.all[start])
    match = NUMBER.match(heading_words(lines.all[start]))
    is_named = bool(match and (match["named"] or match["short"]))
    is_heading = bool(lines.levels[start])
    head = without_break(without_number(heading_words(lines.all[start])))
    end = start + 1
    while not is_heading and end < first and not lines.is_blank(end) and lines.shown[end]:
        head += f" {without_break(lines.all[end].strip())}"
        end += 1
    rest = dedent("\n".join(lines.all[end:first])).strip("\n")
    title = unbolded(head.strip())
    if not title and rest:
        title, rest = _split(rest)
    return Stem(start, title, without_break(rest), number, is_named)


def _split(text: str) -> tuple[str, str]:
    """Returns the first paragraph as a title, and the rest. A block that is no paragraph stays in the rest."""
    first, _blank, rest = text.partition("\n\n")
    if first.lstrip().startswith(("```", "~~~", "|", "!", ">", "$$", "<")):
        return "", text
    return unbolded(" ".join(without_number(first).split())), rest.strip("\n")


def unbolded(words: str) -> str:
    """Returns words without the bold signs around all of them or around their beginning."""
    match = BOLD.match(words)
    if match and not match["words"].count("**"):
        return f"{match['words']}{match['rest']}".strip()
    return words
