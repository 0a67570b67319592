"""What has changed between two texts, for people: rows of words side by side, and whether it is a typo alone."""

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
ALIKE = 0.4  # so much of their words two lines share that are one line, changed
INSIDE = 0.8  # or so many words of the shorter one stand in the longer one, where it has
FEW = 4  # words or more
SHORT_LINE = 8  # words at most in a line whose words are marked though few of them stayed
CELLS_OF_LINES = 40_000  # pairs of lines that are looked at in two texts
CELLS_OF_WORDS = 400_000  # pairs of words
MOST_WORDS = 4_000  # in lines whose changed words are marked; beyond, whole lines are
Line = TypeVar("Line", "Row", "Row | Moved")
Pair = tuple[int, int]  # places, old and new, of what is the same line or word


@dataclass(frozen=True, slots=True)
class Run:
    """Words that changed, or words that did not."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line before and after; one side is empty where the line was added or removed.

    ``is_code``: its blanks count, and it is read as code. ``is_moved``: the line stands elsewhere in the same text.
    """

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    is_same: bool
    is_code: bool = False
    is_moved: bool = False

    @property
    def is_alone(self) -> bool:
        return not self.before or not self.after

    @property
    def is_whole(self) -> bool:
        """Whether all of it changed, so that no words are to be told from others."""
        return all(run.is_changed for run in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Place:
    """Another text that has a line too."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows that only moved: they stand in another text now or, where they ``came``, were read in one."""

    rows: tuple[Row, ...]
    place: Place
    came: bool
    is_same: ClassVar[bool] = False
    is_alone: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many rows that are the same and are left out."""

    count: int


def compare(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Two texts as aligned rows of lines (without their ends) or passages, the changed words in them marked."""
    budget = _Budget()
    rows: list[Row] = []
    place = other = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        rows += _rows(old[place:i], new[other:j], budget)
        if i < len(old):
            rows.append(_same(old[i]))
        place, other = i + 1, j + 1
    return rows


def with_code_marked(rows: Iterable[Row], *sources: str) -> list[Row]:
    """Rows of passages, those of code marked as such."""
    tokens = [token for source in sources for token in parse(normalise(source))]
    code = {line for one in tokens if one.type in BLOCKS for line in one.content.splitlines()}
    return [
        replace(row, is_code="".join(run.text for run in row.after or row.before) in code) for row in rows
    ]


def tidied(rows: Iterable[Line]) -> list[Line]:
    """Rows without blank lines that came or went, and with one line beside the one whose place it takes."""
    shown: list[Line] = []
    for is_alone, group in groupby(rows, key=lambda row: row.is_alone):
        some = list(group)
        shown += _faced([row for row in some if isinstance(row, Row)]) if is_alone else some
    return shown


def _faced(rows: Iterable[Row]) -> list[Row]:
    """Lines that came and went between two that stayed."""
    spoken = [row for row in rows if row_text(row).strip()]
    gone, came = [row for row in spoken if row.before], [row for row in spoken if row.after]
    return [_facing(gone[0], came[0])] if len(gone) == len(came) == 1 else spoken


def _facing(gone: Row, came: Row) -> Row:
    """Two lines that share little beside each other; words are marked in short ones, such as headings, alone."""
    if max(len(LETTERS.findall(row_text(row))) for row in (gone, came)) > SHORT_LINE:
        return replace(gone, after=came.after)
    return replace(_changed(row_text(gone), row_text(came), _Budget()), is_code=gone.is_code)


def row_text(row: Row) -> str:
    return "".join(run.text for run in row.before or row.after)


def folded(rows: Sequence[Line], around: int = 1) -> Iterator[Line | Skipped]:
    """The rows that changed with so many neighbours each; two or more others become one :class:`Skipped`."""
    near = [False] * len(rows)
    for place, row in enumerate(rows):
        if not row.is_same:
            for neighbour in range(max(0, place - around), min(len(rows), place + around + 1)):
                near[neighbour] = True
    for is_near, group in groupby(zip(rows, near, strict=True), key=lambda pair: pair[1]):
        some = [row for row, _near in group]
        if is_near or len(some) == 1:
            yield from some
        else:
            yield Skipped(len(some))


@dataclass(slots=True)
class _Budget:
    """How much may still be compared, so that no text takes long."""

    cells_of_lines: int = CELLS_OF_LINES
    cells_of_words: int = CELLS_OF_WORDS
    words: int = MOST_WORDS


def _rows(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Row]:
    """Rows for what stands between two lines that are the same: the most alike lines, in order, face each other."""
    place = other = 0
    for i, j in [*_alike(old, new, budget), (len(old), len(new))]:
        yield from (Row((Run(line, True),), (), False) for line in old[place:i])
        yield from (Row((), (Run(line, True),), False) for line in new[other:j])
        if i < len(old):
            yield _same(old[i]) if old[i] == new[j] else _changed(old[i], new[j], budget)
        place, other = i + 1, j + 1


def _same(line: str) -> Row:
    return Row((Run(line, False),), (Run(line, False),), True)


def _alike(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    cells = len(old) * len(new)
    if not cells or cells > budget.cells_of_lines:
        return []
    budget.cells_of_lines -= cells
    words = [Counter(LETTERS.findall(line.casefold())) for line in old]
    others = [Counter(LETTERS.findall(line.casefold())) for line in new]
    likeness = [
        [_likeness(one, two) if line != twin else 1.0 for two, twin in zip(others, new, strict=True)]
        for one, line in zip(words, old, strict=True)
    ]
    return _best(likeness)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much of their words two lines share, from 0 to 1; 0 where it is too little to be one line."""
    shorter, longer = sorted((one, other), key=Counter.total)
    common = sum(min(count, longer[word]) for word, count in shorter.items() if word in longer)
    if not common:
        return 0.0
    share = 2 * common / (shorter.total() + longer.total())
    is_inside = shorter.total() >= FEW and common >= INSIDE * shorter.total()
    return share if share >= ALIKE or is_inside else 0.0


def _best(likeness: Sequence[Sequence[float]]) -> list[Pair]:
    """The pairs in order, old and new, whose likenesses add up to most."""
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
    """A row of a line that changed, its changed words marked as long as the budget lasts."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    budget.words -= len(old) + len(new)
    if budget.words < 0:
        return Row((Run(before, True),), (Run(after, True),), False)
    kept = _kept(old, new, budget)
    return Row(_runs(old, {i for i, _ in kept}), _runs(new, {j for _, j in kept}), False)


def _kept(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    """The pieces of a line that stayed: those that are certain, and the most that fit between."""
    kept = []
    place = other = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        cells = (i - place) * (j - other)
        if 0 < cells <= budget.cells_of_words:
            budget.cells_of_words -= cells
            equal = [
                [float(one == two and not one.isspace()) for two in new[other:j]] for one in old[place:i]
            ]
            kept += [(place + a, other + b) for a, b in _best(equal)]
        if i < len(old):
            kept.append((i, j))
        place, other = i + 1, j + 1
    return kept


def _runs(pieces: Sequence[str], kept: set[int]) -> tuple[Run, ...]:
    """Pieces as runs; a blank between two changed words is part of the change."""
    is_changed = [place not in kept for place in range(len(pieces))]
    is_only_blanks = all(
        piece.isspace() for piece, changed in zip(pieces, is_changed, strict=True) if changed
    )
    for place, piece in enumerate(pieces):
        if piece.isspace() and not is_only_blanks:
            around = is_changed[max(0, place - 1) : place + 2]
            is_changed[place] = around[0] and around[-1]
    grouped = groupby(zip(pieces, is_changed, strict=True), key=lambda pair: pair[1])
    return tuple(Run("".join(piece for piece, _ in group), changed) for changed, group in grouped)


# ----------------------------------------------------------------------------------------------------- words
