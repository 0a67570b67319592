"""Faults to plant: a simulation that does not notice them would prove nothing."""

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


def shifted(old: Sequence[Part], new: Sequence[Part], meant: Mapping[str, str] | None = None) -> Matching:
    """Two neighbours change rows wherever the identity of one has changed."""
    found = match(old, new, meant)
    identities = {part.key: part.identity for part in old}
    pairs = list(found.pairs.items())
    for (one, its), (other, others) in pairwise(pairs):
        if identities[its] != one:
            found.pairs |= {one: others, other: its}
            break
    return found


def greedy(old: Sequence[Part], new: Sequence[Part], meant: Mapping[str, str] | None = None) -> Matching:
    """What has no equal identity is the next that is free."""
    active = {part.identity: part.key for part in old if part.stands}
    pairs = {part.key: active[part.identity] for part in new if part.identity in active}
    free = [part.key for part in old if part.stands and part.key not in pairs.values()]
    for part in new:
        if part.key not in pairs and free:
            pairs[part.key] = free.pop(0)
    return Matching(pairs=pairs)


def blind(old: Sequence[Part], new: Sequence[Part], meant: Mapping[str, str] | None = None) -> Matching:
    """Only an equal identity counts: what is renamed is new."""
    active = {part.identity: part.key for part in old if part.stands}
    return Matching(pairs={part.key: active[part.identity] for part in new if part.identity in active})


def forgetful(module: Any, plan: Any, revision: Any, now: Any) -> None:
    """What sections said before is not kept."""
    write_sections(module, plan, revision, now)
    FormerText.objects.filter(until=revision).delete()


write_sections = apply._write_sections
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "shift": (comparison, "match", shifted),
    "greedy": (comparison, "match", greedy),
    "blind": (comparison, "match", blind),
    "forget": (apply, "_write_sections", forgetful),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Let the code have a fault for a while; none where the name is empty."""
    if not name:
        yield
        return
    place, attribute, fault = FAULTS[name]
    sound = getattr(place, attribute)
    setattr(place, attribute, fault)
    try:
        yield
    finally:
        setattr(place, attribute, sound)
