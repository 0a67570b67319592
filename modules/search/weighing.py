"""Weighs a stem on a page, and a page for a query: one score, which does not depend on the database.

The weight of a stem is that of BM25, counted for title, headings and text apart. It is made with the index, from the
page alone. A query adds up the weights of its words; a word weighs more if fewer pages have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ONE_TERM_MORE = 10**9  # more than any page can score without it
UNIT = 1000  # a weight is a whole number, so that no database and no machine rounds otherwise


@dataclass(slots=True)
class Counts:
    """Numbers of words in the parts of a page."""

    title: int = 0
    headings: int = 0
    text: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: how much it counts, its usual number of words, and how soon a word more adds nothing."""

    importance: float
    usual: int
    saturation: float
    length_counts: float

    def weight(self, count: int, length: int) -> float:
        """Returns what a word weighs that stands ``count`` times among ``length`` words."""
        if not count:
            return 0.0
        norm = 1 - self.length_counts + self.length_counts * length / self.usual
        return self.importance * count * (self.saturation + 1) / (count + self.saturation * norm)


TITLE = Part(importance=4.0, usual=4, saturation=0.6, length_counts=0.5)
HEADINGS = Part(importance=1.6, usual=12, saturation=1.0, length_counts=0.3)
TEXT = Part(importance=1.0, usual=300, saturation=1.2, length_counts=0.5)


def weight(counts: Counts, length: Counts) -> int:
    """Returns the weight of a stem that a page has so often, on a page of this length."""
    found = (
        TITLE.weight(counts.title, length.title)
        + HEADINGS.weight(counts.headings, length.headings)
        + TEXT.weight(counts.text, length.text)
    )
    return max(1, round(UNIT * found))


def rarity(pages: int) -> int:
    """Returns by how much a word counts that so many pages have."""
    return round(UNIT / math.log2(1 + max(1, pages)))
