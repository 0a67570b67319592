"""Finds lines that moved, within a text or between texts, and parts that only gave lines away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from modules.document.compare.typos import is_slight
from modules.document.compare.word_diff import LETTERS, Moved, Place, Row, row_text
from modules.document.syntax.source import normalise

HEADING_SIGN = re.compile(r"^ {0,3}#{1,6} +")
# Words of a passage that is long enough to recognise the text it comes from. Raised, short sentences that moved are
# shown as removed and added; lowered, the head of one table may count as moved from another.
TELLING = 5
MOST_LINES = 20  # that a new line is compared with; raised, long merged sections take longer


def with_moves(
    rows: Iterable[Row], now: Mapping[Place, Collection[str]], then: Mapping[Place, Collection[str]]
) -> list[Row | Moved]:
    """Returns rows of passages with those joined that other texts have ``now``, or had when they were read (``then``).

    Many texts have a few words in common, such as the head of a table: these have moved only with longer passages.
    """
    rows = list(rows)
    destinations = _holders(now, [row_text(row) for row in rows if not row.after])
    origins = _holders(then, [row_text(row) for row in rows if not row.before])
    joined: list[Row | Moved] = []
    for move, group in groupby(rows, key=lambda row: _move_of(row, destinations, origins)):
        grouped = tuple(group)
        joined += [Moved(grouped, move[0], move[1])] if move else grouped
    return joined


def _holders(texts: Mapping[Place, Collection[str]], lines: Sequence[str]) -> dict[str, Place]:
    """Returns, by line, the first text that has it and enough of the others to be recognised."""
    holders: dict[str, Place] = {}
    for place, text in texts.items():
        held = [line for line in lines if line in text]
        if is_telling(held):
            holders = dict.fromkeys(held, place) | holders
    return holders


def is_telling(lines: Iterable[str]) -> bool:
    """Checks whether one of these lines is long enough to recognise a text by it."""
    return any(len(LETTERS.findall(line)) >= TELLING for line in lines)


def _move_of(
    row: Row, destinations: Mapping[str, Place], origins: Mapping[str, Place]
) -> tuple[Place, bool] | None:
    place = (origins if row.after else destinations).get(row_text(row)) if row.is_alone else None
    return (place, bool(row.after)) if place else None


def with_moved_lines(rows: Iterable[Row]) -> list[Row]:
    """Returns rows of two whole texts, those marked whose line moved to another position in the text.

    A few words may appear in many positions: they have moved only together with a longer line.
    """
    rows = list(rows)
    removed = {row_text(row) for row in rows if row.is_alone and row.before}
    added = {row_text(row) for row in rows if row.is_alone and row.after}
    marked: list[Row] = []
    for _side, group in groupby(rows, key=lambda row: (row.is_alone, bool(row.before))):
        grouped = list(group)
        moved = {row_text(row) for row in grouped if row.is_alone} & removed & added
        tells = is_telling(moved)
        marked += [
            replace(row, is_moved=tells and row.is_alone and row_text(row) in moved) for row in grouped
        ]
    return marked


def gave_away(old: str, new: str, others: Iterable[str]) -> bool:
    """Checks whether a piece of Markdown only lost lines that other pieces have now, and gained no line.

    A heading counts as the same line at every level.
    """
    before, after = bare_lines(old), bare_lines(new)
    remaining = iter(before)
    if not all(line in remaining for line in after):  # the iterator also checks the order
        return False
    return Counter(before) - Counter(after) <= Counter(line for other in others for line in bare_lines(other))


def adds_lines(sources: Sequence[str], new: str) -> bool:
    """Checks whether a piece of Markdown has a long line that none of others had, apart from typing errors.

    A line may be a part of a longer one: a paragraph may be divided.
    """
    known = {line for source in sources for line in bare_lines(source)}
    now = bare_lines(new)
    added = [line for line in now if is_telling([line]) and not any(line in other for other in known)]
    lost = [line for line in known - {*now} if is_telling([line])]
    return any(not any(is_slight(line, other) for other in lost[:MOST_LINES]) for line in added)


def has_all_lines(old: str, new: str) -> bool:
    """Checks whether a piece of Markdown has every line of another one. A heading is the same line at every level."""
    return Counter(bare_lines(old)) <= Counter(bare_lines(new))


def bare_lines(source: str) -> list[str]:
    """Returns the lines of a piece of Markdown that are not empty, without the signs of headings."""
    lines = (HEADING_SIGN.sub("", line).rstrip() for line in normalise(source).splitlines())
    return [line for line in lines if line]
