"""Proposes a decision for each ambiguity of a plan, so that an instructor agrees to most of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modules.authoring.plan import Ambiguity


def with_proposals(ambiguities: Iterable[Ambiguity]) -> tuple[Ambiguity, ...]:
    """Returns ambiguities with the likeliest candidate of each that no other one has; an empty key means new."""
    taken: dict[str, set[str]] = {}
    proposed = []
    for ambiguity in ambiguities:
        used = taken.setdefault(ambiguity.scope, set())
        key = next((candidate.key for candidate in ambiguity.candidates if candidate.key not in used), "")
        used.add(key)
        proposed.append(replace(ambiguity, proposal=key))
    return tuple(proposed)
