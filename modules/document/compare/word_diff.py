"""Compares two texts line by line and marks the words that changed, as rows with both texts side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar, TypeVar

from modules.document.compare.lines import matches
from modules.document.compare.passages import BLOCKS
from modules.document.html.tokens import parse
from modules.document.syntax.source import normalise

PIECE = re.compile(r"\s+|\w+|[^\w\s]")
LETTERS = re.compile(r"\w+")
# Two lines are versions of one line if they share this part of their words. Raised, more lines are shown as removed and
# added; lowered, lines face each other that have little in common.
ALIKE = 0.4
# They are versions of one line, too, if the longer line has this part of the words of the shorter one, which has at
# least so many. Raised, a sentence that grew is shown as a new one.
INSIDE = 0.8
FEW = 4  # words
SHORT_LINE = 8  # words; in a longer line that shares little with the other one, no single words are marked
CELLS_OF_LINES = 40_000  # pairs of lines that one comparison looks at; raised, large texts take longer
CELLS_OF_WORDS = 400_000  # pairs of words, likewise
MOST_WORDS = 4_000  # words in lines with single words marked; after that, whole lines are marked
Line = TypeVar("Line", "Row", "Row | Moved")
Pair = tuple[int, int]  # the positions, old and new, of an equal line or word


@dataclass(frozen=True, slots=True)
class Run:
    """Holds words that changed, or words that did not."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Holds a line before and after. One side is empty where the line was added or removed.

    ``is_code`` says that it is shown as code, with its blanks. ``is_moved`` says that the same text has the line
    elsewhere.
    """

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    is_same: bool
    is_code: bool = False
    is_moved: bool = False

    @property
    def is_alone(self) -> bool:
        """Checks whether the line was added or removed."""
        return not self.before or not self.after

    @property
    def is_whole(self) -> bool:
        """Checks whether all words changed, so that marking them would say nothing."""
        return all(run.is_changed for run in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Place:
    """Names another text that has a line, too."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Holds rows that only moved: to another text, or with ``came`` from one where a learner has read them."""

    rows: tuple[Row, ...]
    place: Place
    came: bool
    is_same: ClassVar[bool] = False
    is_alone: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Counts unchanged rows that are left out."""

    count: int


def compare(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Returns two texts as aligned rows with the changed words marked.

    A text is a sequence of lines without their ends, or of passages.
    """
    budget = _Budget()
    rows: list[Row] = []
    old_start = new_start = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        rows += _rows(old[old_start:i], new[new_start:j], budget)
        if i < len(old):
            rows.append(_same(old[i]))
        old_start, new_start = i + 1, j + 1
    return rows


@dataclass(slots=True)
class _Budget:
    """Counts down what may still be compared, so that no text takes long."""

    cells_of_lines: int = CELLS_OF_LINES
    cells_of_words: int = CELLS_OF_WORDS
    words: int = MOST_WORDS


def _rows(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Row]:
    """Yields rows for the lines between two equal ones; the most alike lines, in order, face each other."""
    old_start = new_start = 0
    for i, j in [*_alike(old, new, budget), (len(old), len(new))]:
        yield from (Row((Run(line, True),), (), False) for line in old[old_start:i])
        yield from (Row((), (Run(line, True),), False) for line in new[new_start:j])
        if i < len(old):
            yield _same(old[i]) if old[i] == new[j] else _changed(old[i], new[j], budget)
        old_start, new_start = i + 1, j + 1


def _same(line: str) -> Row:
    return Row((Run(line, False),), (Run(line, False),), True)


def _alike(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    """Returns the pairs of lines, in order, of which the second is a version of the first."""
    cells = len(old) * len(new)
    if not cells or cells > budget.cells_of_lines:
        return []
    budget.cells_of_lines -= cells
    return _best(_likeness_table(old, new))


def _likeness_table(old: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    old_words = [Counter(LETTERS.findall(line.casefold())) for line in old]
    new_words = [Counter(LETTERS.findall(line.casefold())) for line in new]
    return [
        [
            1.0 if before == after else _likeness(before_words, after_words)
            for after, after_words in zip(new, new_words, strict=True)
        ]
        for before, before_words in zip(old, old_words, strict=True)
    ]


def _likeness(before: Counter[str], after: Counter[str]) -> float:
    """Returns the share of words that two lines have in common, or 0 if it is too small for versions of one line."""
    shorter, longer = sorted((before, after), key=Counter.total)
    common = sum(min(count, longer[word]) for word, count in shorter.items() if word in longer)
    if not common:
        return 0.0
    share = 2 * common / (shorter.total() + longer.total())
    is_inside = shorter.total() >= FEW and common >= INSIDE * shorter.total()
    return share if share >= ALIKE or is_inside else 0.0


def _best(likeness: Sequence[Sequence[float]]) -> list[Pair]:
    """Returns the pairs, in order, with the greatest sum of likenesses."""
    width = len(likeness[0])
    best = [[0.0] * (width + 1)]
    for row in likeness:
        above, line = best[-1], [0.0]
        for j, value in enumerate(row):
            line.append(max(above[j + 1], line[j], above[j] + value))
        best.append(line)
    pairs, i, j = [], len(likeness), width
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _changed(before: str, after: str, budget: _Budget) -> Row:
    """Returns a row of a line that changed; its changed words are marked as long as the budget lasts."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    budget.words -= len(old) + len(new)
    if budget.words < 0:
        return Row((Run(before, True),), (Run(after, True),), False)
    kept = _kept(old, new, budget)
    return Row(_runs(old, {i for i, _ in kept}), _runs(new, {j for _, j in kept}), False)


def _kept(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    """Returns the pieces of a line that stayed: the certain ones, and as many as possible between them."""
    kept = []
    old_start = new_start = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        cells = (i - old_start) * (j - new_start)
        if 0 < cells <= budget.cells_of_words:
            budget.cells_of_words -= cells
            equal = [
                [float(before == after and not before.isspace()) for after in new[new_start:j]]
                for before in old[old_start:i]
            ]
            kept += [(old_start + a, new_start + b) for a, b in _best(equal)]
        if i < len(old):
            kept.append((i, j))
        old_start, new_start = i + 1, j + 1
    return kept


def _runs(pieces: Sequence[str], kept: set[int]) -> tuple[Run, ...]:
    """Returns pieces as runs; a blank between two changed words is part of the change."""
    is_changed = [index not in kept for index in range(len(pieces))]
    is_only_blanks = all(
        piece.isspace() for piece, changed in zip(pieces, is_changed, strict=True) if changed
    )
    for index, piece in enumerate(pieces):
        if piece.isspace() and not is_only_blanks:
            around = is_changed[max(0, index - 1) : index + 2]
            is_changed[index] = around[0] and around[-1]
    grouped = groupby(zip(pieces, is_changed, strict=True), key=lambda pair: pair[1])
    return tuple(Run("".join(piece for piece, _ in group), changed) for changed, group in grouped)


def with_code_marked(rows: Iterable[Row], *sources: str) -> list[Row]:
    """Returns rows of passages, those marked as code that are lines of code or formulas in the sources."""
    tokens = [token for source in sources for token in parse(normalise(source))]
    code = {line for token in tokens if token.type in BLOCKS for line in token.content.splitlines()}
    return [
        replace(row, is_code="".join(run.text for run in row.after or row.before) in code) for row in rows
    ]


def row_text(row: Row) -> str:
    """Returns the words of a row before the change; of an added line, its words."""
    return "".join(run.text for run in row.before or row.after)


def tidied(rows: Iterable[Line]) -> list[Line]:
    """Returns rows without blank lines that were added or removed, and with a replaced line next to its successor."""
    tidy: list[Line] = []
    for is_alone, group in groupby(rows, key=lambda row: row.is_alone):
        grouped = list(group)
        tidy += _faced([row for row in grouped if isinstance(row, Row)]) if is_alone else grouped
    return tidy


def _faced(rows: Iterable[Row]) -> list[Row]:
    """Joins the lines that were removed and added between two unchanged ones, if there is one of each."""
    filled = [row for row in rows if row_text(row).strip()]
    removed, added = [row for row in filled if row.before], [row for row in filled if row.after]
    return [_facing(removed[0], added[0])] if len(removed) == len(added) == 1 else filled


def _facing(removed: Row, added: Row) -> Row:
    """Joins two lines that share little; single words are marked only in short lines, such as headings."""
    if max(len(LETTERS.findall(row_text(row))) for row in (removed, added)) > SHORT_LINE:
        return replace(removed, after=added.after)
    return replace(_changed(row_text(removed), row_text(added), _Budget()), is_code=removed.is_code)


def folded(rows: Sequence[Line], around: int = 1) -> Iterator[Line | Skipped]:
    """Yields the changed rows with so many neighbours each; two or more other rows become one :class:`Skipped`."""
    is_shown = [False] * len(rows)
    for index, row in enumerate(rows):
        if not row.is_same:
            for neighbour in range(max(0, index - around), min(len(rows), index + around + 1)):
                is_shown[neighbour] = True
    for shown, group in groupby(zip(rows, is_shown, strict=True), key=lambda pair: pair[1]):
        grouped = [row for row, _shown in group]
        if shown or len(grouped) == 1:
            yield from grouped
        else:
            yield Skipped(len(grouped))
