"""Pairs parts whose identities are equal, unless their texts show that a heading was given to another part."""

from __future__ import annotations

from collections.abc import Iterable

from modules.document.compare.likeness import Index, Scale, Text
from modules.document.compare.pairing import Pairing, group_by, is_certain, is_unedited
from modules.document.compare.part import Part
from modules.document.compare.pieces import has_heading, has_only_lines_of, is_piece
from modules.document.compare.thresholds import FITTING, MARGIN, OWN, SURE, TITLE_BONUS


def pair_by_identity(pairing: Pairing) -> None:
    """Pairs active parts by equal identities, unless the identity is only a number or the texts contradict it."""
    active = {part.identity: part for part in pairing.free_active()}
    for part in pairing.free_incoming():
        stored = active.get(part.identity)
        if stored and (is_certain(stored, part) or not pairing.is_repeated(part)):
            pairing.pair(part.key, stored.key)
    _unpair_texts_found_elsewhere(pairing)
    _unpair_returned(pairing)
    _unpair_likely_elsewhere(pairing)


def pair_by_earlier_identity(pairing: Pairing) -> None:
    """Pairs by the identity of an archived part, or by one that a part had earlier, where the texts are alike."""
    archived = {part.identity: part for part in pairing.free_archived()}
    earlier: dict[str, list[Part]] = {}
    for part in pairing.free_stored():
        for identity in {identity for identity, _source in part.former}:
            earlier.setdefault(identity, []).append(part)
    for part in pairing.free_incoming():
        stored = archived.get(part.identity) or _who_had(part, earlier.get(part.identity, []))
        is_free = stored and stored.key not in pairing.partners and pairing.may_be_same(part, stored)
        if stored and is_free and _is_back(pairing, stored, part):
            pairing.pair(part.key, stored.key)


def _who_had(incoming: Part, owners: list[Part]) -> Part | None:
    """Returns the one of some stored parts that an incoming one may be: of several, the one that had its words."""
    if len(owners) > 1:
        owners = [part for part in owners if incoming.wordings[0] in part.wordings]
    return owners[0] if len(owners) == 1 else None


def _is_back(pairing: Pairing, stored: Part, incoming: Part) -> bool:
    if is_certain(stored, incoming) and stored.identity == incoming.identity:
        return True
    if pairing.is_repeated(incoming):
        return False
    sources = [stored.source, *(source for _identity, source in stored.former)]
    texts = [incoming.text_with(incoming.title, source) for source in sources]
    if any(text.whole == incoming.text.whole for text in texts):
        return True
    likeness = max(pairing.scale.likeness(text, incoming.text) for text in texts)
    return likeness >= SURE and not _is_active_likelier(pairing, stored, incoming, likeness)


def _is_active_likelier(pairing: Pairing, stored: Part, incoming: Part, likeness: float) -> bool:
    """Checks whether a free active part is more like an incoming one than an archived part that had its heading.

    The archived part may have gone into the active one, which has got its heading now.
    """
    if stored.is_active:
        return False
    near = (pairing.active[place] for place in pairing.index_of_active.near(incoming.text))
    free = (part for part in near if part.key not in pairing.partners and pairing.may_be_same(incoming, part))
    return any(pairing.likeness(incoming.key, part.key) > likeness + MARGIN for part in free)


# ----------------------------------------------------------------------------------- identity against text


def _unpair_texts_found_elsewhere(pairing: Pairing) -> None:
    """Takes pairs away whose incoming text is equal to another stored one, or whose stored text moved elsewhere."""
    stored_keys = _keys_by_unique_text(pairing, pairing.active)
    incoming_keys = _keys_by_unique_text(pairing, pairing.incoming.values())
    for new, old in list(pairing.result.pairs.items()):
        incoming, stored = pairing.incoming[new], pairing.stored[old]
        if new in pairing.decisions or is_unedited(stored, incoming) or is_certain(stored, incoming):
            continue
        source = stored_keys.get(incoming.text.whole)
        target = incoming_keys.get(stored.text.whole)
        is_from_other = source and not _is_unedited_pair(pairing, pairing.partners.get(source), source)
        is_in_other = target and not _is_unedited_pair(pairing, target, pairing.result.pairs.get(target))
        if is_from_other or (is_in_other and not _are_both_back(pairing, new, target, old)):
            pairing.unpair(new, old)


def _are_both_back(pairing: Pairing, new: str, target: str | None, old: str) -> bool:
    """Checks whether two incoming parts are, with their headings, earlier forms of two stored parts.

    The stored part then has its own earlier text back. The other part has the current words and was always another.
    """
    if target is None or pairing.incoming[new].wordings[0] not in pairing.stored[old].wordings:
        return False
    wording = pairing.incoming[target].wordings[0]
    return any(wording in part.wordings for part in pairing.stored.values() if part.key != old)


def _keys_by_unique_text(pairing: Pairing, parts: Iterable[Part]) -> dict[str, str]:
    """Returns keys by texts that only one part has and that identify it."""
    groups = group_by(lambda part: part.text.whole, parts)
    return {
        text: owners[0].key
        for text, owners in groups.items()
        if len(owners) == 1 and pairing.identifies(owners[0])
    }


def _unpair_returned(pairing: Pairing) -> None:
    """Takes pairs away where the incoming part is, with its heading, the earlier form of another stored part.

    A section has to be unlike its partner. The heading of a question is its prompt, so that two questions under one
    heading are always alike.
    """
    owners: dict[str, set[str]] = {}
    for part in pairing.stored.values():
        for wording in part.wordings:
            owners.setdefault(wording, set()).add(part.key)
    for new, old in list(pairing.result.pairs.items()):
        earlier = owners.get(pairing.incoming[new].wordings[0], set())
        is_doubtful = _may_be_another if pairing.incoming[new].is_question else _is_weak
        is_decided = new in pairing.decisions
        if len(earlier) == 1 and old not in earlier and not is_decided and is_doubtful(pairing, new, old):
            (source,) = earlier
            if not _is_unedited_pair(pairing, pairing.partners.get(source), source):
                pairing.unpair(new, old)


def _is_unedited_pair(pairing: Pairing, new: str | None, old: str | None) -> bool:
    return new is not None and old is not None and is_unedited(pairing.stored[old], pairing.incoming[new])


def _unpair_likely_elsewhere(pairing: Pairing) -> None:
    """Takes weak pairs away where another part is surely like one of the two, and has no better partner."""
    weak = [(new, old) for new, old in pairing.result.pairs.items() if _is_weak(pairing, new, old)]
    if not weak:
        return
    stored = _Lookup(pairing.stored.values(), pairing.scale)
    incoming = _Lookup(pairing.incoming.values(), pairing.scale)
    for new, old in weak:
        target = incoming.likest(pairing.stored[old].text, other_than=new)
        if target and _is_split(pairing, new, target, old):
            continue
        source = stored.likest(pairing.incoming[new].text, other_than=old)
        if (target and not _has_better_partner(pairing, target, old)) or (
            source and not _has_better_partner(pairing, new, source)
        ):
            pairing.unpair(new, old)


def _is_split(pairing: Pairing, new: str, target: str, old: str) -> bool:
    """Checks whether a part kept its heading and the beginning of its text, and gave the rest to another part."""
    kept, taken, stored = pairing.incoming[new], pairing.incoming[target], pairing.stored[old]
    if not (is_piece(taken, stored) and has_only_lines_of(kept, stored)):
        return False
    return kept.text.is_telling or has_heading(stored, taken.title)


def _is_weak(pairing: Pairing, new: str, old: str) -> bool:
    """Checks whether little more than the equal title says that two parts are the same."""
    if new in pairing.decisions or not _may_be_another(pairing, new, old):
        return False
    return pairing.likeness(new, old) < TITLE_BONUS + FITTING


def _may_be_another(pairing: Pairing, new: str, old: str) -> bool:
    stored, incoming = pairing.stored[old], pairing.incoming[new]
    return not is_certain(stored, incoming) and not is_unedited(stored, incoming)


def _has_better_partner(pairing: Pairing, new: str, old: str) -> bool:
    """Checks whether one of two parts is paired already with a part that is at least as like it."""
    score = pairing.likeness(new, old)
    partner_of_new, partner_of_old = pairing.result.pairs.get(new), pairing.partners.get(old)
    return bool(
        (partner_of_new and pairing.likeness(new, partner_of_new) >= score)
        or (partner_of_old and pairing.likeness(partner_of_old, old) >= score)
    )


class _Lookup:
    """Finds the part of one document that is likest to a text."""

    def __init__(self, parts: Iterable[Part], scale: Scale) -> None:
        self.parts, self.scale = list(parts), scale
        self.index = Index([part.text for part in self.parts])

    def likest(self, text: Text, *, other_than: str) -> str | None:
        """Returns the key of the likest part that is surely the same, or ``None``."""
        near = [self.parts[place] for place in self.index.near(text)]
        scores = [(self.scale.likeness(text, part.text), part.key) for part in near if part.key != other_than]
        score, key = max(scores, default=(0.0, ""))
        return key if score >= SURE else None


def ask_about_given_headings(pairing: Pairing) -> None:
    """Asks about a pair whose incoming text is, word for word, that of a part that is removed.

    By its heading, the incoming part is its partner with another text. By its text, it is the removed part.
    """
    identified = (part for part in pairing.free_active() if _is_identified(pairing, part))
    removed = group_by(lambda part: part.text.whole, identified)
    for new, old in list(pairing.result.pairs.items()):
        owners = removed.get(pairing.incoming[new].text.whole, [])
        candidates = (old, *(owner.key for owner in owners))
        is_open = new not in pairing.decisions and (
            not pairing.stored[old].is_active or _may_be_another(pairing, new, old)
        )
        if owners and is_open and any(pairing.stored[key].matters for key in candidates):
            pairing.result.ambiguities[new] = candidates
            pairing.unpair(new, old)


def _is_identified(pairing: Pairing, part: Part) -> bool:
    """Checks whether the text under a heading says which part it is. A section without words has only its heading."""
    if part.is_question:
        return part.text.is_identifying
    return bool(part.text.whole) and (not part.text.features or pairing.scale.own_share(part.text) >= OWN)
