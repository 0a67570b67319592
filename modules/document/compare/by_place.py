"""Pairs parts by their place: copies of a text, the order of a translation, or a question about a rewritten section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from modules.document.compare.alignment import likeness_of_forms, translated_pairs
from modules.document.compare.likeness import overlap
from modules.document.compare.pairing import Pairing, group_by
from modules.document.compare.part import Part
from modules.document.compare.pieces import share_signs

# Likeness of two titles from which a section in the same place may be the other one, rewritten. Raised, rewritten
# sections count as new ones; lowered, authors are asked about new sections in the place of removed ones.
TITLES = 0.3


def pair_copies_in_place(pairing: Pairing) -> None:
    """Pairs sections with another heading and the same words, if these words were between the same neighbours before.

    Other copies of the words, also archived ones, are no reason for a question then.
    """
    for active, incoming in _gaps(pairing, _stays(pairing)):
        stored = group_by(_words, (part for part in active if part.key not in pairing.partners))
        for words, parts in group_by(_words, (part for part in incoming if _is_free(pairing, part))).items():
            owners = stored.get(words, [])
            if len(parts) == len(owners) and parts[0].text.is_telling and not parts[0].is_question:
                for new, old in zip(parts, owners, strict=True):
                    if pairing.may_be_same(new, old):
                        pairing.pair(new.key, old.key)


def _words(part: Part) -> str:
    return part.text.whole


def _is_free(pairing: Pairing, part: Part) -> bool:
    return part.key not in pairing.result.pairs and part.key not in pairing.decisions


def pair_in_order(pairing: Pairing) -> None:
    """Pairs the free parts of a translated document with the free active ones in their order.

    If parts are missing on one side or were moved, only those are paired whose form shows which ones they are.
    """
    for old, new in translated_pairs(pairing.free_active(), pairing.free_incoming()):
        pairing.pair(new.key, old.key)


def ask_about_translated(pairing: Pairing) -> None:
    """Asks about the parts of a translation that may translate several stored ones: one of these is gone."""
    known, gone = _known(pairing), _gone(pairing)
    for active, arrived in _gaps(pairing, _stays(pairing)):
        stored = [part for part in active if part.key not in gone]
        incoming = [part for part in arrived if part.key not in known]
        spare = len(stored) - len(incoming)
        for place, new in enumerate(incoming):
            near = stored[max(0, place + min(0, spare)) : place + max(0, spare) + 1]
            candidates = [old for old in near if old.matters and pairing.may_be_same(new, old)]
            if candidates:
                candidates.sort(key=lambda old: -likeness_of_forms(old, new))
                pairing.result.ambiguities[new.key] = tuple(old.key for old in candidates)


def ask_about_rewritten(pairing: Pairing) -> None:
    """Asks about new sections in the place of removed ones that somebody has read, if something speaks for them."""
    known, gone, stays = _known(pairing), _gone(pairing), _stays(pairing)
    for active, incoming in _gaps(pairing, stays) if stays else ():
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


def _stays(pairing: Pairing) -> list[tuple[int, int]]:
    """Returns the places, stored and incoming, of the pairs of active parts."""
    places = {part.key: place for place, part in enumerate(pairing.active)}
    return [
        (places[old], place)
        for place, key in enumerate(pairing.incoming)
        if (old := pairing.result.pairs.get(key)) in places
    ]


def _gaps(pairing: Pairing, stays: Sequence[tuple[int, int]]) -> Iterator[tuple[list[Part], list[Part]]]:
    """Yields the removed and the new parts between two neighbours that stayed neighbours, or between one and an end."""
    incoming = list(pairing.incoming.values())
    edges = [(-1, -1), *stays, (len(pairing.active), len(incoming))]
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
