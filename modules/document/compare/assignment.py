"""The best assignment: which pairs to make so that their scores together are highest."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

LARGEST = 40  # rows or columns of a group that is solved exactly; the time grows with their cube
FEWER = (8, 4, 2, 1)  # how many of its best pairs each row keeps while a group is larger than that


def assign(scores: Mapping[tuple[Row, Column], float]) -> dict[Row, Column]:
    """Pair rows with columns, each at most once, so that the sum of the scores (above 0) is as high as can be.

    Rows and columns that have no pair in common are solved apart from each other. A group beyond LARGEST first loses
    the weakest pairs of its rows: then the best is found among what is left.
    """
    found: dict[Row, Column] = {}
    for group in _groups(scores):
        for smaller in _small_enough(group):
            found |= _solve(smaller)
    return found


def _small_enough(group: dict[tuple[Row, Column], float]) -> list[dict[tuple[Row, Column], float]]:
    if _size(group) <= LARGEST:
        return [group]
    for keep in FEWER:
        groups = _groups(_strongest(group, keep))
        if all(_size(one) <= LARGEST for one in groups):
            return groups
    return [_greedy(group)]


def _size(group: Iterable[tuple[Row, Column]]) -> int:
    pairs = list(group)
    return max(len({row for row, _column in pairs}), len({column for _row, column in pairs}))


def _strongest(scores: Mapping[tuple[Row, Column], float], keep: int) -> dict[tuple[Row, Column], float]:
    by_row: dict[Row, list[tuple[float, int, Column]]] = {}
    for number, ((row, column), score) in enumerate(scores.items()):
        by_row.setdefault(row, []).append((-score, number, column))
    return {
        (row, column): -score
        for row, several in by_row.items()
        for score, _number, column in sorted(several)[:keep]
    }


def _greedy(scores: Mapping[tuple[Row, Column], float]) -> dict[tuple[Row, Column], float]:
    """Disjoint pairs, the highest first: for groups in which hundreds are alike, and nothing better can be said."""
    rows, columns, kept = set(), set(), {}
    for (row, column), score in sorted(scores.items(), key=lambda item: -item[1]):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            kept[row, column] = score
    return kept


def _groups(scores: Mapping[tuple[Row, Column], float]) -> list[dict[tuple[Row, Column], float]]:
    """The pairs, in groups that share neither a row nor a column."""
    leader: dict[tuple[str, Hashable], tuple[str, Hashable]] = {}

    def find(node: tuple[str, Hashable]) -> tuple[str, Hashable]:
        while (above := leader.setdefault(node, node)) != node:
            leader[node] = leader[above]
            node = leader[node]
        return node

    for row, column in scores:
        leader[find(("row", row))] = find(("column", column))
    groups: dict[tuple[str, Hashable], dict[tuple[Row, Column], float]] = {}
    for (row, column), score in scores.items():
        groups.setdefault(find(("row", row)), {})[row, column] = score
    return list(groups.values())


def _solve(scores: Mapping[tuple[Row, Column], float]) -> dict[Row, Column]:
    """The Hungarian method, with a column for each row that stands for being left alone."""
    rows = list(dict.fromkeys(row for row, _column in scores))
    columns = list(dict.fromkeys(column for _row, column in scores))
    if len(rows) == 1 or len(columns) == 1:
        best = max(scores, key=lambda pair: scores[pair])
        return {best[0]: best[1]}
    costs = [[-scores.get((row, column), 0.0) for column in columns] + [0.0] * len(rows) for row in rows]
    taken = _cheapest(costs)
    return {
        rows[row]: columns[column]
        for row, column in enumerate(taken)
        if column < len(columns) and (rows[row], columns[column]) in scores
    }


def _cheapest(costs: list[list[float]]) -> list[int]:
    """The column of each row in the cheapest complete assignment; there are at least as many columns as rows."""
    width = len(costs[0])
    row_prices, column_prices = [0.0] * len(costs), [0.0] * (width + 1)
    held_by = [-1] * (width + 1)  # the row that holds each column; the last column is where a row comes in
    for row in range(len(costs)):
        held_by[width] = row
        came_from, end = _cheapest_path(costs, held_by, row_prices, column_prices)
        while end != width:
            held_by[end] = held_by[came_from[end]]
            end = came_from[end]
    taken = [-1] * len(costs)
    for column in range(width):
        if held_by[column] >= 0:
            taken[held_by[column]] = column
    return taken


def _cheapest_path(
    costs: list[list[float]], held_by: list[int], row_prices: list[float], column_prices: list[float]
) -> tuple[list[int], int]:
    """From the row that comes in to a free column, changing hands at the least cost. Prices are brought up to date."""
    width = len(costs[0])
    least, came_from = [float("inf")] * width, [width] * width
    seen = [False] * (width + 1)
    here = width
    while held_by[here] >= 0:
        seen[here], row = True, held_by[here]
        for column in range(width):
            cost = costs[row][column] - row_prices[row] - column_prices[column]
            if not seen[column] and cost < least[column]:
                least[column], came_from[column] = cost, here
        there = min((column for column in range(width) if not seen[column]), key=least.__getitem__)
        step = least[there]
        for column in range(width + 1):
            if seen[column]:
                row_prices[held_by[column]] += step
                column_prices[column] -= step
            elif column < width:
                least[column] -= step
        here = there
    return came_from, here
