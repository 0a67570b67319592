"""Finds the sections that were split from others, and the sections that went into others.

Questions are never split or merged: their words are often those of other questions.
"""

from __future__ import annotations

from modules.document.compare.likeness import Index
from modules.document.compare.pairing import Pairing
from modules.document.compare.part import Part
from modules.document.compare.thresholds import CONTAINED, POSSIBLE


def find_splits(pairing: Pairing) -> None:
    """Records the origin of new parts whose text was taken out of an active part."""
    if not pairing.active:
        return
    for part in pairing.incoming.values():
        if not part.is_question and _is_new(pairing, part.key) and (origin := _origin_of(pairing, part)):
            pairing.result.origins[part.key] = origin


def _is_new(pairing: Pairing, key: str) -> bool:
    """Checks whether an incoming part has no partner, no candidates and no decision."""
    return not any(
        key in keys for keys in (pairing.result.pairs, pairing.result.ambiguities, pairing.decisions)
    )


def _origin_of(pairing: Pairing, part: Part) -> str | None:
    for place in pairing.index_of_active.near(part.text):
        source = pairing.active[place]
        partner = pairing.partners.get(source.key)
        is_gone = (
            partner is None or pairing.scale.part_of(part.text, pairing.incoming[partner].text) < POSSIBLE
        )
        if is_gone and pairing.scale.part_of(part.text, source.text) >= CONTAINED:
            return source.key
    return None


def continue_in_largest_half(pairing: Pairing) -> None:
    """Pairs a part that was split, and has no partner itself, with the incoming part that has most of its text."""
    result = pairing.result
    candidates = {old for olds in result.ambiguities.values() for old in olds}
    for old in dict.fromkeys(result.origins.values()):
        if old in pairing.partners or old in candidates:
            continue
        text = pairing.stored[old].text
        halves = {new: pairing.incoming[new].text for new, origin in result.origins.items() if origin == old}
        shares = {new: pairing.scale.part_of(text, half) for new, half in halves.items()}
        largest = max(shares, key=shares.__getitem__)
        del result.origins[largest]
        pairing.pair(largest, old)


def find_merges(pairing: Pairing) -> None:
    """Records the target of removed parts whose text an incoming part has now, and did not have before."""
    removed = [part for part in pairing.free_active() if not part.is_question]
    if not removed:
        return
    incoming = list(pairing.incoming.values())
    index = Index([part.text for part in incoming])
    for part in removed:
        near = [incoming[place] for place in index.near(part.text)]
        target = next((candidate for candidate in near if _took_in(pairing, candidate, part)), None)
        if target:
            pairing.result.merged[part.key] = target.key


def _took_in(pairing: Pairing, target: Part, removed: Part) -> bool:
    """Checks whether an incoming part contains a removed one, and its partner did not."""
    scale, partner = pairing.scale, pairing.result.pairs.get(target.key)
    had_text = partner is not None and scale.part_of(removed.text, pairing.stored[partner].text) >= POSSIBLE
    return not had_text and scale.part_of(removed.text, target.text) >= CONTAINED
