"""Reads the challenges and quizzes of freeCodeCamp, whose headings say what stands under them: ``#### --answer--``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Part, Reading, no_answer
from modules.document.convert.stems import unbolded
from modules.document.convert.writing import ForeignChoice, ForeignQuestion

NOTATION = "headings"
NAME = re.compile(r"--(?P<name>[a-z][a-z-]{0,30})--")
FRAMES = frozenset({"quizzes", "quiz", "question", "questions", "description", "instructions", "assignment"})
ANSWERS = frozenset({"answers", "distractors", "answer"})
BEGINNING = frozenset({"question", "text"})
WHOLE = re.compile(r"[ \t]*\d{1,3}[ \t]*$")


@dataclass(slots=True)
class _Chunk:
    """Describes a heading of this kind and the lines under it, up to the next one."""

    name: str
    start: int
    end: int


def read(lines: Lines) -> Part:
    """Returns the questions that such headings hold."""
    chunks = _chunks(lines)
    if not any(chunk.name in ANSWERS for chunk in chunks):
        return Part()
    readings = tuple(reading for group in _groups(chunks) if (reading := _reading(lines, group)))
    taken = {place for reading in readings for place in range(reading.start, reading.end)}
    frames = (chunk.start for chunk in chunks if chunk.name in FRAMES and chunk.start not in taken)
    return Part(readings, frames=tuple(frames))


def _chunks(lines: Lines) -> list[_Chunk]:
    """Returns the named parts. Another heading ends one only where a new part of the document begins."""
    chunks: list[_Chunk] = []
    for place in range(len(lines)):
        match = NAME.fullmatch(heading_words(lines.all[place])) if lines.levels[place] else None
        if match:
            chunks.append(_Chunk(match["name"], place, len(lines)))
    for chunk, following in itertools.pairwise(chunks):
        chunk.end = following.start
    return chunks


def _groups(chunks: Sequence[_Chunk]) -> Iterator[list[_Chunk]]:
    """Yields the chunks of each question."""
    group: list[_Chunk] = []
    for chunk in chunks:
        is_known = chunk.name in BEGINNING | ANSWERS | {"feedback", "video-solution"}
        begins = chunk.name in BEGINNING and any(before.name != "question" for before in group)
        if group and (begins or not is_known):
            yield group
            group = []
        if is_known:
            group.append(chunk)
    if group:
        yield group


def _reading(lines: Lines, group: Sequence[_Chunk]) -> Reading | None:
    parts = {chunk.name: _words(lines, chunk) for chunk in reversed(group)}
    text = parts.get("text") or parts.get("question", "")
    choices = _choices(lines, group, parts)
    if len(choices) < 2 or not text:
        return None
    title, rest = _title(text)
    has_answer = any(choice.is_right for choice in choices)
    return Reading(
        NOTATION,
        group[0].start,
        group[-1].end,
        ForeignQuestion(title, rest, choices=choices),
        () if has_answer else (no_answer(group[0].start + 1),),
        shows_key=has_answer,
    )


def _words(lines: Lines, chunk: _Chunk) -> str:
    return "\n".join(lines.all[chunk.start + 1 : chunk.end]).strip("\n").rstrip()


def _choices(lines: Lines, group: Sequence[_Chunk], parts: dict[str, str]) -> tuple[ForeignChoice, ...]:
    if "answers" in parts:
        return _numbered(lines, group, parts.get("video-solution", ""))
    wrong = list(_split(parts.get("distractors", "").split("\n")))
    right = parts.get("answer", "").strip()
    choices = [ForeignChoice(text.strip()) for text in wrong]
    # The right answer stands last in such a file, and would do so in every question.
    place = sum(map(len, wrong)) % (len(wrong) + 1)
    return (*choices[:place], ForeignChoice(right, True), *choices[place:]) if right and wrong else ()


def _numbered(lines: Lines, group: Sequence[_Chunk], solution: str) -> tuple[ForeignChoice, ...]:
    """Returns choices between rules, each with its feedback. The solution is the number of the right one."""
    first = next(place for place, chunk in enumerate(group) if chunk.name == "answers")
    last = first
    while last + 1 < len(group) and group[last + 1].name == "feedback":
        last += 1
    right = int(solution) if WHOLE.match(solution) else 0
    choices = []
    for number, text in enumerate(_split(lines.all[group[first].start + 1 : group[last].end]), start=1):
        words, _heading, feedback = _parted(text)
        choices.append(ForeignChoice(words.strip(), number == right, feedback.strip()))
    return tuple(choices)


def _split(lines: Sequence[str]) -> list[str]:
    """Returns the texts between lines of dashes."""
    texts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() and not line.strip().strip("-") and len(line.strip()) >= 3:
            texts.append([])
        else:
            texts[-1].append(line)
    return [text for part in texts if (text := "\n".join(part)).strip()]


def _parted(text: str) -> tuple[str, str, str]:
    """Returns the words of a choice, the heading of its feedback, and the feedback."""
    lines = text.split("\n")
    place = next((i for i, line in enumerate(lines) if heading_words(line) == "--feedback--"), len(lines))
    return "\n".join(lines[:place]), "".join(lines[place : place + 1]), "\n".join(lines[place + 1 :])


def _title(text: str) -> tuple[str, str]:
    first, _blank, rest = text.partition("\n\n")
    if first.lstrip().startswith(("```", "~~~", "|", "!", ">", "$$", "<", "-", "*")):
        return "", text
    return unbolded(" ".join(first.split())), rest.strip("\n")
