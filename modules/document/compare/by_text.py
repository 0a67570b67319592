"""Pairs parts whose texts are equal, whatever their headings are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from modules.document.compare.pairing import Pairing, group_by
from modules.document.compare.part import Part
from modules.document.syntax.source import normalise


def pair_active_texts(pairing: Pairing) -> None:
    """Pairs texts that each document has once, then equal texts under equal headings in their order."""
    _pair_unique(pairing, pairing.free_active(), _words, only_identifying=True)
    _pair_unique(pairing, pairing.free_active(), _heading_and_words)
    _pair_in_order(pairing)


def pair_archived_texts(pairing: Pairing) -> None:
    """Pairs incoming texts with equal archived ones, where each exists once."""
    _pair_unique(pairing, pairing.free_archived(), _words, only_identifying=True)


def pair_former_texts(pairing: Pairing) -> None:
    """Pairs an incoming part with the only stored part that has, or had earlier, the same heading and words."""
    owners: dict[Hashable, list[Part]] = {}
    for part in pairing.free_stored():
        sources = (part.source, *(source for _identity, source in part.former))
        for wording in dict.fromkeys(map(_wording, sources)):
            owners.setdefault(wording, []).append(part)
    for wording, parts in group_by(lambda part: _wording(part.source), pairing.free_incoming()).items():
        candidates = owners.get(wording, [])
        if len(parts) == len(candidates) == 1 and not pairing.is_repeated(parts[0]):
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
        if len(parts) == len(owners) == 1 and (parts[0].text.is_identifying or not only_identifying):
            _pair_if_same(pairing, parts[0], owners[0])


def _pair_in_order(pairing: Pairing) -> None:
    candidates = group_by(_heading_and_words, pairing.free_active())
    for token, parts in group_by(_heading_and_words, pairing.free_incoming()).items():
        owners = candidates.get(token, [])
        if len(parts) == len(owners):
            for part, owner in zip(parts, owners, strict=True):
                _pair_if_same(pairing, part, owner)


def _pair_if_same(pairing: Pairing, incoming: Part, stored: Part) -> None:
    if pairing.may_be_same(incoming, stored):
        pairing.pair(incoming.key, stored.key)


def _words(part: Part) -> str:
    return part.text.whole


def _heading_and_words(part: Part) -> tuple[str, str]:
    return part.derived_identity, part.text.whole


def _wording(source: str) -> str:
    """Returns a part with its heading, in which each run of white space is one space."""
    return " ".join(normalise(source).split())
