"""Defines a table that instructors take into a spreadsheet, and how it is read from the database in chunks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.utils import timezone

from modules.quizzes.values_in_words import zone_name

Cell: TypeAlias = str | int | float | datetime | None
Row: TypeAlias = Sequence[Cell]
Watch: TypeAlias = Callable[
    [int, int], None
]  # gets how many learners or attempts are written, and of how many

AT_ONCE = 250  # learners or attempts in memory at a time; more need fewer queries and more memory


@dataclass(frozen=True, slots=True)
class Table:
    """Holds the names of the columns, and the rows. Times have no zone, since the names of their columns have it."""

    header: Sequence[str]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class Source:
    """A table that is not read yet.

    ``keys`` are the primary keys of its learners or attempts, in the order of the rows. ``read`` returns the rows of
    some of them, with a fixed number of queries. ``rows_of_key`` says how many rows one has, or about how many.
    """

    header: Sequence[str]
    keys: QuerySet[Any, int]
    read: Callable[[Sequence[int]], Iterable[Row]]
    rows_of_key: int = 1

    def count_rows(self) -> int:
        return self.keys.count() * self.rows_of_key

    def table(self, watch: Watch = lambda done, total: None) -> Table:
        return Table(self.header, self._rows(watch))

    def _rows(self, watch: Watch) -> Iterator[Row]:
        """Yields the rows. Only the keys are in memory as a whole, eight bytes each.

        No query stays open between two chunks: on SQLite, an open one would keep this process from writing.
        """
        keys = array("q", self.keys.iterator())
        for start in range(0, len(keys), AT_ONCE):
            yield from self.read(keys[start : start + AT_ONCE])
            watch(min(start + AT_ONCE, len(keys)), len(keys))


def in_zone(name: str) -> str:
    """Returns the name of a column of times with their zone. A cell with a zone would be no time for a spreadsheet."""
    return f"{name} ({zone_name(timezone.now())})"


def time_cell(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


def number_cell(value: Fraction | None) -> Cell:
    return None if value is None else round(float(value), 4)
