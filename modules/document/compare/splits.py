"""Finds the sections that were split from others, and the sections that went into others.

Questions are never split or merged: their words are often those of other questions.
"""

from __future__ import annotations

from modules.document.compare.likeness import Index
from modules.document.compare.pairing import Pairing
from modules.document.compare.part import Part
from modules.document.compare.pieces import is_piece, takes_in
from modules.document.compare.thresholds import CONTAINED, POSSIBLE


def find_splits(pairing: Pairing) -> None:
    """Records the active parts that new parts, or archived ones that come back, were taken out of."""
    if not pairing.active:
        return
    for part in pairing.incoming.values():
        if part.is_question:
            continue
        if _is_new(pairing, part.key) and (origin := _origin_of(pairing, part)):
            pairing.result.origins[part.key] = origin
        elif _is_back(pairing, part.key) and (whole := _origin_of(pairing, part)):
            pairing.result.wholes[part.key] = whole


def _is_new(pairing: Pairing, key: str) -> bool:
    """Checks whether an incoming part has no partner, no candidates and no decision."""
    return not any(
        key in keys for keys in (pairing.result.pairs, pairing.result.ambiguities, pairing.decisions)
    )


def _is_back(pairing: Pairing, key: str) -> bool:
    """Checks whether an incoming part is an archived one."""
    old = pairing.result.pairs.get(key)
    return old is not None and not pairing.stored[old].is_active


def _origin_of(pairing: Pairing, part: Part) -> str | None:
    sources = [*_partner_before(pairing, part), *_nearest_active(pairing, part)]
    return next((source.key for source in sources if _was_taken_from(pairing, part, source)), None)


def _partner_before(pairing: Pairing, part: Part) -> list[Part]:
    """Returns the active part that the section before an incoming one continues: the likeliest source of a split."""
    keys = list(pairing.incoming)
    place = keys.index(part.key)
    old = pairing.result.pairs.get(keys[place - 1]) if place else None
    return [pairing.stored[old]] if old and pairing.stored[old].is_active else []


def _nearest_active(pairing: Pairing, part: Part) -> list[Part]:
    return [pairing.active[place] for place in pairing.index_of_active.near(part.text)]


def _was_taken_from(pairing: Pairing, part: Part, source: Part) -> bool:
    """Checks whether the text of an incoming part is that of an active part, whose partner has it no longer."""
    partner = pairing.incoming.get(pairing.partners.get(source.key, ""))
    if partner and has_text_of(pairing, partner, part, POSSIBLE):
        return False
    return has_text_of(pairing, source, part, CONTAINED)


def has_text_of(pairing: Pairing, whole: Part, part: Part, share: float) -> bool:
    """Checks whether a part contains this share of another one, or all its lines."""
    return pairing.scale.part_of(part.text, whole.text) >= share or is_piece(part, whole)


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
    """Records the incoming parts that have now, and had not before, the text of removed parts or sentences of it."""
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
        taken = [
            other.key
            for other in near
            if other is not target and takes_in(other, part, _before(pairing, other))
        ]
        if taken:
            pairing.result.taken[part.key] = tuple(taken)


def _took_in(pairing: Pairing, target: Part, removed: Part) -> bool:
    """Checks whether an incoming part contains a removed one, and its partner did not.

    Lines tell it also where a part is short, or where most of its words are those of other parts.
    """
    partner = _before(pairing, target)
    if is_piece(removed, target):
        return partner is None or not is_piece(removed, partner)
    scale = pairing.scale
    had_text = partner is not None and scale.part_of(removed.text, partner.text) >= CONTAINED
    return not had_text and scale.part_of(removed.text, target.text) >= CONTAINED


def _before(pairing: Pairing, incoming: Part) -> Part | None:
    """Returns the stored part that an incoming one continues."""
    key = pairing.result.pairs.get(incoming.key)
    return pairing.stored[key] if key is not None else None
