"""Pairs sections by their place: in the order of a translation, or as a question about a section that was rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from modules.document.compare.likeness import overlap
from modules.document.compare.pairing import Pairing
from modules.document.compare.part import Part
from modules.document.compare.pieces import share_signs

# Likeness of two titles from which a section in the same place may be the other one, rewritten. Raised, rewritten
# sections count as new ones; lowered, authors are asked about new sections in the place of removed ones.
TITLES = 0.3


def pair_in_order(pairing: Pairing) -> None:
    """Pairs the free parts with the free active ones in their order, if there are as many: a translated document."""
    stored, incoming = pairing.free_active(), pairing.free_incoming()
    if len(stored) == len(incoming):
        for old, new in zip(stored, incoming, strict=True):
            pairing.pair(new.key, old.key)


def ask_about_rewritten(pairing: Pairing) -> None:
    """Asks about new sections in the place of removed ones that somebody has read, if something speaks for them."""
    known, gone = _known(pairing), _gone(pairing)
    for active, incoming in _gaps(pairing):
        # The text of a merged part is known to be elsewhere, so it is not in the place of any new part.
        stored = [part for part in active if part.key not in pairing.result.merged]
        is_free = known.isdisjoint(part.key for part in incoming) and gone.isdisjoint(
            part.key for part in stored
        )
        if not is_free or len(stored) != len(incoming):
            continue
        for old, new in zip(stored, incoming, strict=True):
            if old.matters and not new.is_question and _may_be_rewritten(pairing, old, new):
                pairing.result.ambiguities[new.key] = (old.key,)


def _may_be_rewritten(pairing: Pairing, old: Part, new: Part) -> bool:
    if not pairing.may_be_same(new, old):
        return False
    return share_signs(old, new) or overlap(old.text.title, new.text.title) >= TITLES


def _gaps(pairing: Pairing) -> Iterator[tuple[list[Part], list[Part]]]:
    """Yields the removed and the new parts between two neighbours that stayed neighbours, or between one and an end."""
    places = {part.key: place for place, part in enumerate(pairing.active)}
    incoming = list(pairing.incoming.values())
    stays = [
        (places[old], place)
        for place, part in enumerate(incoming)
        if (old := pairing.result.pairs.get(part.key)) in places
    ]
    if not stays:
        return
    edges = [(-1, -1), *stays, (len(places), len(incoming))]
    for (old_before, new_before), (old_after, new_after) in pairwise(edges):
        removed = pairing.active[old_before + 1 : old_after]
        arrived = incoming[new_before + 1 : new_after]
        if removed and arrived:
            yield removed, arrived


def _known(pairing: Pairing) -> set[str]:
    """Returns the keys of the incoming parts of which something is known: a pair, a question, a decision, a split."""
    result = pairing.result
    return {*result.pairs, *result.ambiguities, *result.origins, *pairing.decisions}


def _gone(pairing: Pairing) -> set[str]:
    """Returns the keys of the stored parts of which something is known: a pair, a question, a split."""
    result = pairing.result
    asked = {old for olds in result.ambiguities.values() for old in olds}
    return {*pairing.partners, *asked, *result.origins.values()}
