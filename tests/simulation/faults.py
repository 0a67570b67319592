"""Plants faults in the application. The simulation has to notice them; otherwise it would prove nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from modules.authoring import apply, comparison
from modules.document.compare.matching import Matching, Part
from modules.models import FormerText

Match = Callable[..., Matching]
match: Match = comparison.match


def swap_neighbours(
    old: Sequence[Part], new: Sequence[Part], decisions: Mapping[str, str] | None = None, **_options: bool
) -> Matching:
    """Swaps the rows of two neighbours where the identity of one has changed."""
    matching = match(old, new, decisions)
    identities = {part.key: part.identity for part in old}
    pairs = list(matching.pairs.items())
    for (first, first_row), (second, second_row) in pairwise(pairs):
        if identities[first_row] != first:
            matching.pairs |= {first: second_row, second: first_row}
            break
    return matching


def take_next_free(
    old: Sequence[Part], new: Sequence[Part], decisions: Mapping[str, str] | None = None, **_options: bool
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
    old: Sequence[Part], new: Sequence[Part], decisions: Mapping[str, str] | None = None, **_options: bool
) -> Matching:
    """Matches equal identities only, so that each renamed part counts as new."""
    active = {part.identity: part.key for part in old if part.is_active}
    return Matching(pairs={part.key: active[part.identity] for part in new if part.identity in active})


def forget_former_texts(module: Any, plan: Any, revision: Any, now: Any) -> None:
    """Writes the sections but deletes their former texts."""
    write_sections(module, plan, revision, now)
    FormerText.objects.filter(until=revision).delete()


write_sections = apply._write_sections
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "shift": (comparison, "match", swap_neighbours),
    "greedy": (comparison, "match", take_next_free),
    "blind": (comparison, "match", match_equal_identities),
    "forget": (apply, "_write_sections", forget_former_texts),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Replaces a function of the application by the named fault. An empty name plants nothing."""
    if not name:
        yield
        return
    place, attribute, fault = FAULTS[name]
    original = getattr(place, attribute)
    setattr(place, attribute, fault)
    try:
        yield
    finally:
        setattr(place, attribute, original)
