"""Compares two texts for a page of the admin, as far as the page has room for them."""

from __future__ import annotations

from dataclasses import dataclass

from modules.document.compare.moved_text import with_moved_lines
from modules.document.compare.word_diff import Row, Skipped, compare, folded, tidied
from modules.document.syntax import source

MOST_WHOLE = 200  # changes whose text is shown and that can be decided; later ones say only their size
MOST_CHARACTERS = 600_000  # characters that are compared for one page
MOST_ROWS = 400  # rows of one comparison
SHORT = 14  # rows that fit on a screen


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds the rows of a comparison, and the number of rows that are left out."""

    rows: tuple[Row | Skipped, ...] = ()
    left_out: int = 0

    @property
    def is_short(self) -> bool:
        return len(self.rows) <= SHORT

    @property
    def is_same(self) -> bool:
        """Checks whether the texts differ only in line ends and blank lines."""
        return all(isinstance(row, Skipped) or row.is_same for row in self.rows)


@dataclass(slots=True)
class Room:
    """Counts how much text a page still has room for."""

    cards: int = MOST_WHOLE
    characters: int = MOST_CHARACTERS

    def takes(self, *texts: str) -> bool:
        self.cards -= 1
        self.characters -= sum(map(len, texts))
        return self.cards >= 0 and self.characters >= 0


def compare_texts(before: str, after: str, most: int = MOST_ROWS) -> Comparison:
    """Compares two pieces of Markdown line by line. Unchanged lines are folded away."""
    rows = tuple(folded(with_moved_lines(tidied(compare(_lines(before), _lines(after))))))
    return Comparison(rows[:most], max(0, len(rows) - most))


def _lines(text: str) -> list[str]:
    return source.normalise(text).rstrip("\n").split("\n") if text else []
