"""Matches sections and questions wrongly, each function in its own way. They take what the right function takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from modules.authoring import comparison
from modules.document.compare.likeness import body
from modules.document.compare.matching import Matching, Part
from modules.document.compare.question_text import divide

Decisions = Mapping[str, str] | None
match: Callable[..., Matching] = comparison.match


def swap_neighbours(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Swaps the rows of two neighbours where the identity of one has changed."""
    matching = match(old, new, decisions, **options)
    identities = {part.key: part.identity for part in old}
    pairs = list(matching.pairs.items())
    for (first, first_row), (second, second_row) in pairwise(pairs):
        if identities[first_row] != first:
            matching.pairs |= {first: second_row, second: first_row}
            break
    return matching


def take_next_free(
    old: Sequence[Part], new: Sequence[Part], _decisions: Decisions = None, **_options: Any
) -> Matching:
    """Gives each part without an equal identity the next free row."""
    active = {part.identity: part.key for part in old if part.is_active}
    pairs = {part.key: active[part.identity] for part in new if part.identity in active}
    free = [part.key for part in old if part.is_active and part.key not in pairs.values()]
    for part in new:
        if part.key not in pairs and free:
            pairs[part.key] = free.pop(0)
    return Matching(pairs=pairs)


def match_equal_identities(
    old: Sequence[Part], new: Sequence[Part], _decisions: Decisions = None, **_options: Any
) -> Matching:
    """Matches equal identities only, so that each renamed part counts as new."""
    active = {part.identity: part.key for part in old if part.is_active}
    return Matching(pairs={part.key: active[part.identity] for part in new if part.identity in active})


def match_equal_choices(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Takes a question for an earlier one with the same choices, whatever it asks."""
    return _match_by(lambda part: tuple(divide(body(part.source))[1]), old, new, decisions, **options)


def match_equal_explanations(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Takes a question for an earlier one with the same explanation."""
    return _match_by(lambda part: divide(body(part.source))[2].strip(), old, new, decisions, **options)


def _match_by(
    token_of: Callable[[Part], Any],
    old: Sequence[Part],
    new: Sequence[Part],
    decisions: Decisions,
    **options: Any,
) -> Matching:
    """Pairs questions by a token of each first, and the rest as usual."""
    owners = {token_of(part): part.key for part in old if part.is_question and part.is_active}
    owners.pop("", None)
    pairs = {
        part.key: owner for part in new if part.is_question and (owner := owners.pop(token_of(part), ""))
    }
    return match(old, new, {**(decisions or {}), **pairs}, **options)


def drop_other_levels(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Takes a part for new if the level of its heading has changed."""
    matching = match(old, new, decisions, **options)
    levels = {part.key: _level(part) for part in old}
    incoming = {part.key: _level(part) for part in new}
    pairs = {key: row for key, row in matching.pairs.items() if levels[row] == incoming[key]}
    return Matching(pairs=pairs)


def _level(part: Part) -> int:
    return len(part.source) - len(part.source.lstrip("#"))


def forget_splits(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Takes each part for new that was split off from another one."""
    matching = match(old, new, decisions, **options)
    matching.origins.clear()
    return matching


def ask_about_equal_parts(
    old: Sequence[Part], new: Sequence[Part], decisions: Decisions = None, **options: Any
) -> Matching:
    """Asks about the first part that somebody has worked on, although it has not changed."""
    matching = match(old, new, decisions, **options)
    sources = {part.key: part.source for part in new}
    for part in old:
        key = next((key for key, row in matching.pairs.items() if row == part.key), "")
        if part.matters and sources.get(key) == part.source and key not in (decisions or {}):
            del matching.pairs[key]
            matching.ambiguities[key] = (part.key,)
            break
    return matching
