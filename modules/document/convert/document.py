"""Converts a whole document: its questions in other notations become its final quiz, and its text stays."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import PurePosixPath

from modules.document.convert import fences
from modules.document.convert.converted import CODE, Converted, Pair, loss
from modules.document.convert.leaks import problems_of
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Reading
from modules.document.convert.recognise import Read, read
from modules.document.convert.shape import Shape, shape_of
from modules.document.convert.stems import QUIZLIKE
from modules.document.convert.writing import closed, contained, write_question
from modules.document.deadline import NEVER, Deadline
from modules.document.problems import N_, Problem
from modules.document.syntax.front_matter import OPENING

ENGLISH = re.compile(r"\b(?:the|is|are|of|which|what|an|to)\b", re.IGNORECASE)
INDONESIAN = re.compile(r"\b(?:yang|adalah|apa|dari|dan|di|ini|untuk)\b", re.IGNORECASE)
QUIZ = {"en": "Final quiz", "id": "Kuis akhir"}
DEEPEST_QUIZ = 5  # the level of its heading, since its questions are one level deeper


def convert(text: str, name: str = "", deadline: Deadline = NEVER) -> Converted:
    """Returns a text as a document in our notation. ``name`` is the name of its file.

    Raises nothing but what ``deadline`` raises.
    """
    whole = fences.unwrap(text)
    if whole is None:
        return _convert(text, name, deadline)
    inner = _convert(whole.text, name, deadline)
    moved = (replace(problem, line=problem.line + whole.line) for problem in inner.losses)
    template = N_("This line beside the code block is left out: {words}")
    around = (loss(line, template, words=words.strip()[:200]) for line, words in whole.around)
    losses = tuple(sorted([*around, *moved], key=lambda problem: problem.line))
    pairs = tuple(replace(pair, line=pair.line + whole.line) for pair in inner.pairs)
    return replace(inner, losses=losses, pairs=pairs)


def _convert(text: str, name: str, deadline: Deadline) -> Converted:
    found = read(text, deadline)
    leaks = [*problems_of(found.leaks, CODE, stays=True)]
    if found.shape is None or not found.readings:
        text = "\n".join(found.lines.original) if found.lines.is_mended else text
        return Converted(text, (*found.losses, *leaks))
    writer = _Writer(found, found.shape, name)
    losses = [*found.losses, *_unmatched(found), *(p for r in found.readings for p in r.losses), *leaks]
    losses = sorted(losses, key=lambda problem: problem.line)
    pairs = tuple(_pair(reading, found.lines.original) for reading in found.readings)
    return Converted(writer.write(), tuple(losses), len(found.readings), pairs)


def _pair(reading: Reading, lines: Sequence[str]) -> Pair:
    before = "\n".join(lines[reading.start : reading.end]).strip("\n")
    return Pair(reading.start + 1, before, write_question(reading.question, level=3).strip("\n"))


def _unmatched(found: Read) -> list[Problem]:
    """Returns a loss for each key that has answers without a question."""
    template = N_(
        "This key has {keys} answers, and {questions} of them belong to a question that was found. Check the others."
    )
    return [
        loss(key.start + 1, template, keys=len(key.letters), questions=key.given)
        for key in found.keys
        if len(key.letters) > key.given
    ]


class _Writer:
    """Writes the text without its foreign questions, and the quiz with them."""

    def __init__(self, found: Read, shape: Shape, name: str) -> None:
        self.lines, self.shape, self.readings = found.lines, shape, found.readings
        self.name, self.frames = name, found.frames
        self.removed = bytearray(len(found.lines))
        spans = [(r.start, r.end) for r in found.readings] + [
            (self._after_heading(key.start), key.end) for key in found.keys
        ]
        for start, end in spans:
            self.removed[start:end] = b"\1" * (end - start)
        for place in found.frames:
            self.removed[place] = 1
        self._remove_rules()
        self._remove_empty_headings()
        self._remove_rules()

    def _after_heading(self, place: int) -> int:
        """Returns the line after a heading. The heading of a key stays if more than the key is under it."""
        return place + bool(self.lines.levels[place])

    def write(self) -> str:
        if self.shape.quiz:
            pieces = self._into_quiz(*self.shape.quiz)
        elif host := self._host():
            pieces = self._into_host(*host)
        else:
            pieces = self._at_end()
        text = "\n\n".join(text for piece in pieces if (text := piece.strip("\n")).strip()) + "\n"
        # A rule in the first line would begin a front matter.
        return f"***{text[3:]}" if OPENING.match(text) and not self.lines.matter.lines else text

    def _remove_rules(self) -> None:
        """Removes the lines across the page between two questions that are taken out."""
        filled = [place for place in range(len(self.lines)) if not self.lines.is_blank(place)]
        for before, place, after in zip(filled, filled[1:], [*filled[2:], None], strict=False):
            is_between = self.removed[before] and (after is None or self.removed[after])
            if is_between and self.lines.is_rule(place):
                self.removed[place] = 1

    def _remove_empty_headings(self) -> None:
        """Removes the headings whose questions were all that they had."""
        places = sorted(self.shape.levels)
        ends = part_ends(places, self.shape.levels, len(self.lines))
        filled = [*accumulate((self._is_content(place) for place in range(len(self.lines))), initial=0)]
        taken = [*accumulate(self.removed, initial=0)]
        for place, end in zip(places, ends, strict=True):
            is_empty = filled[end] == filled[place + 1] and taken[end] > taken[place + 1]
            is_needed = place == self._title_place() or self._is_quiz_heading(place)
            if is_empty and not is_needed:
                self.removed[place] = 1

    def _title_place(self) -> int | None:
        """Returns the line of the title. The only heading of a document is its title once a quiz follows."""
        return min(self.shape.levels) if len(self.shape.levels) == 1 else self.shape.title

    def _is_content(self, place: int) -> bool:
        is_kept = not self.removed[place] and not self.lines.is_blank(place)
        return is_kept and place not in self.shape.levels and not self.lines.is_rule(place)

    def _is_quiz_heading(self, place: int) -> bool:
        return self.shape.quiz is not None and place == self.shape.quiz[0]

    def _kept(self, start: int, end: int) -> str:
        """Returns the lines of a span that stay, with one blank line where something was taken out."""
        kept: list[str] = []
        was_removed = False
        for place in range(start, end):
            if self.removed[place]:
                was_removed = True
            elif was_removed and self.lines.is_blank(place):
                continue
            else:
                if was_removed and kept and kept[-1].strip():
                    kept.append("")
                kept.append(self.lines.original[place])
                was_removed = False
        return "\n".join(kept)

    def _into_quiz(self, start: int, end: int) -> Iterator[str]:
        """Yields the text with its questions in place inside the quiz, and all others at the end of it."""
        level = self.shape.quiz_level + 1
        place = self.lines.matter.lines
        yield "\n".join(self.lines.all[:place])
        yield "" if self._has_company(start) else f"# {self._title()}"
        for reading in (reading for reading in self.readings if start <= reading.start < end):
            yield closed(self._kept(place, reading.start))
            yield write_question(reading.question, level=max(level, self.lines.levels[reading.start]))
            place = reading.end
        yield closed(self._kept(place, end))
        yield from self._questions(level, (r for r in self.readings if not start <= r.start < end))
        yield self._kept(end, len(self.lines))

    def _host(self) -> tuple[int, int] | None:
        """Returns the span of the first section that holds questions and is called after them."""
        places = sorted(self.shape.levels)
        starts = [reading.start for reading in self.readings]
        for place, end in zip(places, part_ends(places, self.shape.levels, len(self.lines)), strict=True):
            holds = bisect_left(starts, place + 1) < bisect_left(starts, end)
            if holds and self._is_called_quiz(place):
                return (place, end) if self._has_company(place) else None
        return None

    def _is_called_quiz(self, place: int) -> bool:
        """Checks whether a section's heading speaks of questions."""
        is_section = (
            self.shape.levels[place] == self.shape.depth <= DEEPEST_QUIZ and place != self.shape.title
        )
        is_named = bool(QUIZLIKE.search(heading_words(self.lines.all[place])))
        return is_section and is_named and place not in self.frames

    def _has_company(self, place: int) -> bool:
        """Checks whether a heading is not the title, and would not become it as the only one of its level."""
        others = (other for other in self.shape.levels if other != place and not self.removed[other])
        has_title = self.shape.title is not None and place != self.shape.title
        return has_title or any(self.shape.levels[other] <= self.shape.depth for other in others)

    def _into_host(self, start: int, end: int) -> Iterator[str]:
        """Yields the text with one of its sections as the quiz. The words of that section introduce the quiz."""
        level = self.shape.levels[start]
        is_underlined = not self.lines.levels[start]
        yield closed(self._kept(0, start))
        yield f"{'#' * level} {heading_words(self.lines.all[start])} {{.quiz}}"
        yield contained(self._kept(start + 1 + is_underlined, end))
        yield from self._questions(level + 1, self.readings)
        yield self._kept(end, len(self.lines))

    def _at_end(self) -> Iterator[str]:
        """Yields the text, and a quiz of its own below it."""
        rest = Lines(self._kept(0, len(self.lines)))
        front = "\n".join(rest.all[: rest.matter.lines])
        body = "\n".join(rest.all[rest.matter.lines :])
        levels = [*shape_of(rest).levels.values()]
        level = self._level(levels, rest)
        yield front
        yield "" if levels else f"# {self._title()}"
        yield closed(body)
        yield f"{'#' * level} {QUIZ[self._language()]}"
        yield from self._questions(level + 1, self.readings)

    def _level(self, levels: Sequence[int], rest: Lines) -> int:
        """Returns the level of a quiz beside sections with these headings."""
        if not levels:
            return 2
        if rest.matter.sections:
            return min(rest.matter.sections, DEEPEST_QUIZ)
        if len(levels) == 1:
            return min(levels[0] + (not rest.matter.title), DEEPEST_QUIZ)
        is_titled = all(levels[0] < level for level in levels[1:])
        return min(min(levels[1:]) if is_titled else min(levels), DEEPEST_QUIZ)

    def _questions(self, level: int, readings: Iterable[Reading]) -> Iterator[str]:
        return (write_question(reading.question, level=level) for reading in readings)

    def _title(self) -> str:
        title = self.lines.matter.title or PurePosixPath(self.name).stem
        return " ".join(title.split()) or ("Quiz" if self._language() == "en" else "Kuis")

    def _language(self) -> str:
        """Returns the language of the questions: the one in the front matter, or the one of more small words."""
        if self.lines.matter.language:
            return "en" if self.lines.matter.language.startswith("en") else "id"
        words = " ".join(reading.question.title for reading in self.readings[:200])
        return "en" if len(ENGLISH.findall(words)) > len(INDONESIAN.findall(words)) else "id"


def part_ends(places: Sequence[int], levels: Mapping[int, int], end: int) -> list[int]:
    """Returns for each heading the line after its part: the next heading that is not deeper."""
    ends = [end] * len(places)
    open_parts: list[int] = []
    for index, place in enumerate(places):
        while open_parts and levels[places[open_parts[-1]]] >= levels[place]:
            ends[open_parts.pop()] = place
        open_parts.append(index)
    return ends
