"""What has changed between two texts, for people: rows of words side by side, and whether it is a typo alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from modules.document.compare.word_diff import LETTERS, Moved, Place, Row, row_text
from modules.document.syntax.source import normalise

HEADING_SIGN = re.compile(r"^ {0,3}#{1,6} +")
TELLING = 5  # words with which a passage tells one text from another


def with_moves(
    rows: Iterable[Row], now: Mapping[Place, Collection[str]], then: Mapping[Place, Collection[str]]
) -> list[Row | Moved]:
    """Rows of passages, those taken together that stand elsewhere ``now``, or that were read elsewhere ``then``.

    A few words, such as the head of a table, stand in many texts: they have moved only with longer ones.
    """
    rows = list(rows)
    went = _found_in(now, [row_text(row) for row in rows if not row.after])
    came = _found_in(then, [row_text(row) for row in rows if not row.before])
    told: list[Row | Moved] = []
    for place, group in groupby(rows, key=lambda row: _place_of(row, went, came)):
        some = tuple(group)
        told += [Moved(some, place[0], place[1])] if place else some
    return told


def _place_of(row: Row, went: Mapping[str, Place], came: Mapping[str, Place]) -> tuple[Place, bool] | None:
    place = (came if row.after else went).get(row_text(row)) if row.is_alone else None
    return (place, bool(row.after)) if place else None


def _found_in(places: Mapping[Place, Collection[str]], lines: Sequence[str]) -> dict[str, Place]:
    """Lines with the first of these places that has them, and some that tell it from others."""
    found: dict[str, Place] = {}
    for place, said in places.items():
        held = [line for line in lines if line in said]
        if any(len(LETTERS.findall(line)) >= TELLING for line in held):
            found = dict.fromkeys(held, place) | found
    return found


def with_moved_lines(rows: Iterable[Row]) -> list[Row]:
    """Rows of two whole texts, those marked whose line went from one place of the text to another.

    A few words stand in many places: they have moved only together with a longer line.
    """
    rows = list(rows)
    gone, came = (
        {row_text(row) for row in rows if row.is_alone and getattr(row, side)} for side in ("before", "after")
    )
    told: list[Row] = []
    for _side, group in groupby(rows, key=lambda row: (row.is_alone, bool(row.before))):
        some = list(group)
        moved = {row_text(row) for row in some if row.is_alone} & gone & came
        tells = any(len(LETTERS.findall(line)) >= TELLING for line in moved)
        told += [replace(row, is_moved=tells and row.is_alone and row_text(row) in moved) for row in some]
    return told


def gave_away(old: str, new: str, others: Iterable[str]) -> bool:
    """Whether a piece of Markdown lost nothing but lines that stand in others now, and says nothing that it did not.

    What was a heading may be one of another level there.
    """
    before, after = _bare_lines(old), _bare_lines(new)
    rest = iter(before)
    if not all(line in rest for line in after):  # in their order
        return False
    return Counter(before) - Counter(after) <= Counter(line for one in others for line in _bare_lines(one))


def _bare_lines(source: str) -> list[str]:
    lines = (HEADING_SIGN.sub("", line).rstrip() for line in normalise(source).splitlines())
    return [line for line in lines if line]
