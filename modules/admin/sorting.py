"""Describes the head of a table whose columns sort it: what a link asks for, and what its arrow says."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_SEARCH = 100  # characters of what is typed to find people


@dataclass(frozen=True, slots=True)
class Column:
    """Holds the title of a column. ``sort`` is what its link asks for; it is empty where the column does not sort.

    ``direction`` is ``"ascending"`` or ``"descending"`` where the table is sorted by this column.
    """

    title: str
    sort: str = ""
    direction: str = ""


def column(title: str, name: str, sort: str, *, first_down: bool = False) -> Column:
    """Returns a column. A link on the sorted column turns the direction; the others begin as ``first_down`` says."""
    if not name:
        return Column(title)
    if sort.removeprefix("-") != name:
        return Column(title, f"-{name}" if first_down else name)
    if sort.startswith("-"):
        return Column(title, name, "descending")
    return Column(title, f"-{name}", "ascending")
