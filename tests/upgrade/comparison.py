"""Compares the rows of a fixture with those of the upgraded database."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from . import changes
from .rows import Tables


def differences(before: Tables, after: Tables) -> list[str]:
    """Returns a sentence for each row or value that is not what the migrations mean it to be."""
    expected = deepcopy(before)
    added = changes.as_intended(expected)
    return [
        sentence
        for old_label, table in expected.items()
        for sentence in _of_table(_new_label(old_label), table, after, added)
    ]


def _new_label(label: str) -> str:
    return changes.RENAMED_TABLES.get(label, label)


def _of_table(label: str, expected: dict[str, Any], after: Tables, added: dict[str, int]) -> Iterator[str]:
    if label not in after:
        yield f"{label}: the table is gone."
        return
    columns = {}
    for column in expected["columns"]:
        if (label, column) in changes.REMOVED_COLUMNS:
            continue
        name = changes.RENAMED_COLUMNS.get((label, column), column)
        if name in after[label]["columns"]:
            columns[column] = name
        else:
            yield f"{label}: the column {column} is gone."
    old, new = _by_key(expected), _by_key(after[label])
    grown = len(new.keys() - old.keys())
    if label not in changes.GROWING_TABLES and grown != added.get(label, 0):
        yield f"{label}: {grown} rows were added, and {added.get(label, 0)} should be."
    for key, row in old.items():
        if key in new:
            yield from _of_row(f"{label} {key}", row, new[key], columns)
        else:
            yield f"{label} {key}: the row is gone."


def _of_row(name: str, old: dict[str, Any], new: dict[str, Any], columns: dict[str, str]) -> Iterator[str]:
    for column, renamed in columns.items():
        if old[column] is not changes.ANY and old[column] != new[renamed]:
            yield f"{name}: {column} was {old[column]!r} and is {new[renamed]!r}."


def _by_key(table: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return {row["id"]: row for row in rows}
