"""Pairs parts whose texts are equal, whatever their headings are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from modules.document.compare.lines import matches
from modules.document.compare.pairing import Pairing, group_by
from modules.document.compare.part import Part
from modules.document.compare.typos import is_misspelt

# Parts with one text whose headings are compared letter by letter. Raised, modules of many near copies take longer.
MOST_COPIES = 20


def pair_active_texts(pairing: Pairing) -> None:
    """Pairs texts that each document has once, then copies by their place among the others and in their order."""
    _pair_unique(pairing, pairing.free_active(), _words, only_identifying=True)
    _pair_unique(pairing, pairing.free_active(), _heading_and_words)
    _pair_in_order(pairing)
    _pair_misspelt_headings(pairing)
    _pair_copies_by_place(pairing)


def pair_archived_texts(pairing: Pairing) -> None:
    """Pairs incoming texts with equal archived ones, where each exists once."""
    _pair_unique(pairing, pairing.free_archived(), _words, only_identifying=True)


def pair_former_texts(pairing: Pairing) -> None:
    """Pairs an incoming part with the only stored part that has, or had earlier, the same heading and words.

    A heading that several parts have is enough with words that tell. Where nothing is equal, the level of a heading
    does not count, and neither do the points and the explanation of a question.
    """
    _pair_wordings(pairing, lambda part: part.wordings)
    _pair_wordings(pairing, lambda part: part.plain_wordings)


def _pair_wordings(pairing: Pairing, wordings_of: Callable[[Part], Sequence[str]]) -> None:
    owners: dict[Hashable, list[Part]] = {}
    for part in pairing.free_stored():
        for wording in wordings_of(part):
            owners.setdefault(wording, []).append(part)
    for wording, parts in group_by(lambda part: wordings_of(part)[0], pairing.free_incoming()).items():
        candidates = owners.get(wording, [])
        is_known = len(parts) == len(candidates) == 1
        if is_known and (parts[0].text.is_telling or not pairing.is_repeated(parts[0])):
            _pair_if_same(pairing, parts[0], candidates[0])


def _pair_unique(
    pairing: Pairing,
    stored: Iterable[Part],
    token_of: Callable[[Part], Hashable],
    *,
    only_identifying: bool = False,
) -> None:
    candidates = group_by(token_of, stored)
    for token, parts in group_by(token_of, pairing.free_incoming()).items():
        owners = candidates.get(token, [])
        if len(parts) == len(owners) == 1 and (not only_identifying or pairing.identifies(parts[0])):
            _pair_if_same(pairing, parts[0], owners[0])


def _pair_in_order(pairing: Pairing) -> None:
    candidates = group_by(_heading_and_words, pairing.free_active())
    for token, parts in group_by(_heading_and_words, pairing.free_incoming()).items():
        owners = candidates.get(token, [])
        if len(parts) == len(owners):
            for part, owner in zip(parts, owners, strict=True):
                _pair_if_same(pairing, part, owner)


def _pair_misspelt_headings(pairing: Pairing) -> None:
    """Pairs copies of a text of which only one has the same heading, apart from a typing error."""
    groups = group_by(_words, pairing.free_active())
    for text, parts in group_by(_words, pairing.free_incoming()).items():
        owners = groups.get(text, [])
        if not owners or not 1 < max(len(parts), len(owners)) <= MOST_COPIES:
            continue
        alike = [(part, owner) for part in parts for owner in owners if is_misspelt(owner.title, part.title)]
        for part, owner in alike:
            if sum(part is other or owner is other_owner for other, other_owner in alike) == 1:
                _pair_if_same(pairing, part, owner)


def _pair_copies_by_place(pairing: Pairing) -> None:
    """Pairs copies of which one document has more: those that stand between the same parts, then the first ones."""
    old, new = pairing.active, [*pairing.incoming.values()]
    free_old, free_new = (
        {part.key for part in side} for side in (pairing.free_active(), pairing.free_incoming())
    )
    if not free_old or not free_new:
        return
    tokens = ([_heading_and_words(part) for part in side] for side in (old, new))
    for place, new_place in sorted(matches(*tokens)):
        if old[place].key in free_old and new[new_place].key in free_new:
            _pair_if_same(pairing, new[new_place], old[place])
    candidates = group_by(_heading_and_words, pairing.free_active())
    for token, parts in group_by(_heading_and_words, pairing.free_incoming()).items():
        for part, owner in zip(parts, candidates.get(token, []), strict=False):
            _pair_if_same(pairing, part, owner)


def _pair_if_same(pairing: Pairing, incoming: Part, stored: Part) -> None:
    if pairing.may_be_same(incoming, stored):
        pairing.pair(incoming.key, stored.key)


def _words(part: Part) -> str:
    return part.text.whole


def _heading_and_words(part: Part) -> tuple[str, str]:
    return part.derived_identity, part.text.whole
