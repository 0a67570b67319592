"""Reads questions in the rows of a Markdown table, with columns for the question, its choices and the key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.convert.blocks import Context
from modules.document.convert.keys import DELIMITER
from modules.document.convert.lines import Lines
from modules.document.convert.losses import Losses
from modules.document.convert.readings import Part, Reading, no_answer
from modules.document.convert.tables import Columns, columns_of, read_row

NOTATION = "tables"
BAR = re.compile(r"(?<!\\)\|")
LINE_BREAK = re.compile(r"[ \t]*<br[ \t]*/?>[ \t]*", re.IGNORECASE)
LONGEST_ROW = 20_000  # characters; a longer line is no row of a table of questions
KINDS_OF_LOSS = frozenset({"no-key", "key"})


def read(lines: Lines) -> Part:
    """Returns the questions of this kind. The rows that only name columns are frames."""
    readings: list[Reading] = []
    frames: list[int] = []
    context, end = Context(lines), 0
    for head in range(lines.matter.lines, len(lines) - 1):
        if head < end or not _is_head(lines, head):
            continue
        columns = columns_of(_cells(lines.all[head]))
        end = _end(lines, head)
        has_choices = len(columns.choices) > 1 or columns.all_choices >= 0
        # Without choices, a table of questions and answers is a quiz only where a heading says so.
        if not columns.is_complete or not (has_choices or context.is_in_quiz(head)):
            continue
        found = list(_rows(lines, columns, head + 2, end))
        readings += found
        frames += [head, head + 1] if found and len(found) == end - head - 2 else []
    return Part(tuple(readings), frames=tuple(frames))


def _is_head(lines: Lines, place: int) -> bool:
    """Checks whether a line names the columns of a table."""
    line, below = lines.all[place], lines.all[place + 1]
    is_row = lines.shown[place] and lines.shown[place + 1] and "|" in line and len(line) <= LONGEST_ROW
    return is_row and "|" in below and bool(DELIMITER.match(below))


def _end(lines: Lines, head: int) -> int:
    """Returns the line after the last row."""
    place = head + 2
    while place < len(lines) and lines.shown[place] and "|" in lines.all[place]:
        place += 1
    return place


def _rows(lines: Lines, columns: Columns, start: int, end: int) -> Iterator[Reading]:
    """Yields the questions of the rows from ``start`` on."""
    for place in range(start, end):
        lines.deadline.check()
        losses = Losses()
        row = _cells(lines.all[place]) if len(lines.all[place]) <= LONGEST_ROW else []
        question = read_row(row, columns, losses)
        if question:
            is_unanswered = bool(KINDS_OF_LOSS & set(losses.counts))
            problems = (no_answer(place + 1),) if is_unanswered else ()
            shows_key = "no-key" not in losses.counts
            yield Reading(NOTATION, place, place + 1, question, problems, shows_key)


def _cells(line: str) -> list[str]:
    """Returns the cells of a row as Markdown."""
    cells = BAR.split(line.strip().removeprefix("|").removesuffix("|"))
    return [LINE_BREAK.sub("\n", cell.replace("\\|", "|")).strip() for cell in cells]
