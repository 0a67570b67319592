"""Reads numbered questions without choices whose answers stand in a list at the end, such as ``1. rantai``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.convert.answer_words import TAGS
from modules.document.convert.choices import choices_of
from modules.document.convert.keys import HEAD, is_head
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.open_answers import LONGEST, NOTATION, question_of
from modules.document.convert.readings import Part, Reading
from modules.document.convert.stems import asks, number_of, stem_at

ENTRY = re.compile(r"[ \t>*]*(?P<number>\d{1,2})\\?[.)][ \t]+(?P<words>\S.*)$")


def read(lines: Lines) -> Part:
    """Returns the questions of this kind. The lines of their keys are frames."""
    readings: list[Reading] = []
    frames: list[int] = []
    floor = lines.matter.lines
    for place in range(floor, len(lines)):
        if place < floor or not heads_key(lines, place):
            continue
        entries = entries_below(lines, place)
        found = list(_readings(lines, floor, place, list(entries.values()))) if len(entries) > 1 else []
        if found:
            readings += found
            frames += [place, *entries]
        floor = max(place, *entries, floor) + 1
    return Part(tuple(readings), frames=tuple(frames))


def heads_key(lines: Lines, place: int) -> bool:
    words = TAGS.sub(" ", heading_words(lines.all[place])).strip() if lines.shown[place] else ""
    head = HEAD.match(words) if 0 < len(words) <= LONGEST else None
    return head is not None and is_head(lines, place, head["rest"])


def entries_below(lines: Lines, head: int) -> dict[int, str]:
    """Returns the answers under the head of a key by their lines, or nothing if they are not counted from 1."""
    entries: dict[int, str] = {}
    for place in range(head + 1, len(lines)):
        match = ENTRY.match(lines.all[place]) if lines.shown[place] else None
        words = match["words"].strip(" \t*_`") if match else ""
        if match and int(match["number"]) == len(entries) + 1 and 1 < len(words) <= LONGEST:
            entries[place] = words
        elif match or not lines.is_blank(place):
            return {} if match else entries
    return entries


def _readings(lines: Lines, floor: int, key: int, answers: list[str]) -> Iterator[Reading]:
    """Yields the questions above a key, if each of its answers has one and most of them ask something."""
    starts: list[int] = []
    for place in range(floor, key):
        number = number_of(lines.all[place]) if lines.shown[place] else 0
        if number == 1:
            starts = [place]  # what was counted before is another list
        elif number and number == len(starts) + 1:
            starts.append(place)
    if len(starts) != len(answers):
        return
    rows = [lines.all[place] for place in range(starts[0], key)]
    has_choices = any(
        choice.letter or choice.sign is not None for row in rows for choice in choices_of(row, 0)
    )
    ends = [_end(lines, start, end) for start, end in zip(starts, [*starts[1:], key], strict=True)]
    stems = [stem_at(lines, start, end) for start, end in zip(starts, ends, strict=True)]
    asking = sum(stem.is_named or asks(stem.title) for stem in stems)
    if not has_choices and 2 * asking > len(stems):
        for stem, end, answer in zip(stems, ends, answers, strict=True):
            yield Reading(NOTATION, stem.start, end, question_of(stem.title, stem.text, answer))


def _end(lines: Lines, start: int, end: int) -> int:
    """Returns the line after a question: before the next heading, without blank lines at its end."""
    stop = next((place for place in range(start + 1, end) if lines.levels[place]), end)
    while stop > start + 1 and lines.is_blank(stop - 1):
        stop -= 1
    return stop
