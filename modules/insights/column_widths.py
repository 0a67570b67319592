"""Finds how wide the columns of a table have to be, so that names and addresses are read without dragging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from modules.insights.exports import Cell, Row, Table

LOOKED_AT = 200  # rows; more take more memory, and later rows are seldom wider
NARROWEST, WIDEST = 14, 45  # characters; a longer text flows over, and a longer name of a column breaks
OF_TIMES = 20  # characters of a moment


def with_widths(table: Table) -> tuple[Table, Sequence[int]]:
    """Returns the table with all its rows, and the width of each column in characters."""
    rows = iter(table.rows)
    first = list(islice(rows, LOOKED_AT))
    widths = [_width(place, first) for place in range(len(table.header))]
    return replace(table, rows=chain(first, rows)), widths


def _width(place: int, rows: Sequence[Row]) -> int:
    longest = max((_length(row[place]) for row in rows if place < len(row)), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def _length(cell: Cell) -> int:
    return max(map(len, cell.split("\n"))) if isinstance(cell, str) else OF_TIMES if cell is not None else 0
