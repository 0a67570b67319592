"""Two texts beside each other on a page of the admin, as much of them as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from modules.document.compare.moved_text import with_moved_lines
from modules.document.compare.word_diff import Row, Skipped, compare, folded, tidied
from modules.document.syntax import source

MOST_WHOLE = 200  # changes whose text is shown and whose word is asked; the later ones say their size
MOST_CHARACTERS = 600_000  # that are compared for one page
MOST_ROWS = 400  # of one comparison
SHORT = 14  # rows that are in sight at once


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts row by row, and how many rows more there are."""

    rows: tuple[Row | Skipped, ...] = ()
    left_out: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= SHORT

    @property
    def is_same(self) -> bool:
        """Whether the two differ in line ends and blank lines alone."""
        return all(isinstance(row, Skipped) or row.is_same for row in self.rows)


@dataclass(slots=True)
class Room:
    """How much text a page still has room for."""

    cards: int = MOST_WHOLE
    characters: int = MOST_CHARACTERS

    def takes(self, *texts: str) -> bool:
        self.cards -= 1
        self.characters -= sum(map(len, texts))
        return self.cards >= 0 and self.characters >= 0


def compare_texts(before: str, after: str, most: int = MOST_ROWS) -> Comparison:
    """Two pieces of Markdown line by line, what stayed folded away."""
    rows = tuple(folded(with_moved_lines(tidied(compare(_lines(before), _lines(after))))))
    return Comparison(rows[:most], max(0, len(rows) - most))


def _lines(text: str) -> list[str]:
    return source.normalise(text).rstrip("\n").split("\n") if text else []
