"""Holds the state of matching: the parts of both documents, and the pairs that are made so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from modules.document.compare.likeness import Index, Scale
from modules.document.compare.moved_text import is_telling
from modules.document.compare.part import Part
from modules.document.compare.pieces import sentences
from modules.document.compare.thresholds import OWN

Token = TypeVar("Token", bound=Hashable)


@dataclass
class Matching:
    """Holds the result of matching. Keys of incoming parts lead to keys of stored parts.

    ``ambiguities`` lead from an incoming part to its candidates, the likeliest first. ``origins`` lead from a new part
    to the part that its text was split from. ``wholes`` lead from an archived part that comes back to the active part
    that had its text. ``merged`` leads from a removed part to the incoming part that has its text now, and ``taken`` to
    those that have only sentences of it.
    """

    pairs: dict[str, str] = field(default_factory=dict)
    ambiguities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    wholes: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Pairing:
    """Collects the pairs of stored and incoming parts.

    ``decisions`` lead from the key of an incoming part to the key of the stored part that a person chose. An empty
    string says that the part is new. ``partners`` are the pairs of ``result``, by the key of the stored part.
    """

    def __init__(
        self, stored: Sequence[Part], incoming: Sequence[Part], decisions: Mapping[str, str]
    ) -> None:
        self.stored = {part.key: part for part in stored}
        self.incoming = {part.key: part for part in incoming}
        self.decisions = {new: old for new, old in decisions.items() if new in self.incoming}
        self.result = Matching()
        self.partners: dict[str, str] = {}

    def pair(self, new: str, old: str) -> None:
        """Makes a pair of an incoming and a stored part."""
        self.result.pairs[new] = old
        self.partners[old] = new

    def unpair(self, new: str, old: str) -> None:
        """Takes a pair away, where it is still there."""
        self.result.pairs.pop(new, None)
        self.partners.pop(old, None)

    def free_stored(self) -> list[Part]:
        """Returns the stored parts without a partner, the archived ones last."""
        return [part for key, part in self.stored.items() if key not in self.partners]

    def free_active(self) -> list[Part]:
        """Returns the active stored parts without a partner."""
        return [part for part in self.active if part.key not in self.partners]

    def free_archived(self) -> list[Part]:
        """Returns the archived stored parts without a partner."""
        return [part for part in self.free_stored() if not part.is_active]

    def free_incoming(self) -> list[Part]:
        """Returns the incoming parts without a partner, except those that a person declared new."""
        return [
            part
            for key, part in self.incoming.items()
            if key not in self.result.pairs and key not in self.decisions
        ]

    @cached_property
    def active(self) -> list[Part]:
        """Returns the active stored parts."""
        return [part for part in self.stored.values() if part.is_active]

    @cached_property
    def scale(self) -> Scale:
        """Returns the weights of the words in the active and the incoming parts."""
        return Scale([part.text for part in self.active], [part.text for part in self.incoming.values()])

    @cached_property
    def index_of_active(self) -> Index:
        """Returns an index of the texts of ``active``, by their places in it."""
        return Index([part.text for part in self.active])

    @cached_property
    def repeated_identities(self) -> set[str]:
        """Returns the derived identities of headings that occur several times in a document.

        Numbers distinguish such headings, and the numbers shift when one heading is removed.
        """
        counts = [
            Counter(part.derived_identity for part in side) for side in (self.active, self.incoming.values())
        ]
        return {identity for count in counts for identity, times in count.items() if times > 1}

    def may_be_same(self, incoming: Part, stored: Part) -> bool:
        """Checks whether texts can make two parts the same: not if the author wrote down two identities."""
        are_written = incoming.has_written_identity and stored.has_written_identity
        return not are_written or incoming.identity == stored.identity

    def is_repeated(self, part: Part) -> bool:
        """Checks whether other parts of a document have the same heading."""
        return part.derived_identity in self.repeated_identities

    def identifies(self, part: Part) -> bool:
        """Checks whether an equal text shows that a part is the same: not if it only has lines of many others."""
        if not part.text.is_identifying:
            return False
        return self._has_sentence_of_its_own(part) or self.scale.own_share(part.text) >= OWN

    def _has_sentence_of_its_own(self, part: Part) -> bool:
        """Checks whether no other part of its document has one of the longer sentences of a section.

        The words of a section may all be common ones. Most sections of a long document are found by this.
        """
        if part.is_question:
            return False
        return any(
            self.sentence_counts[sentence] == 1 and is_telling([sentence]) for sentence in sentences(part)
        )

    @cached_property
    def sentence_counts(self) -> Counter[str]:
        """Returns how many parts of a document have each sentence: of both documents, the higher count."""
        sides = (self.active, self.incoming.values())
        before, after = (Counter(line for part in side for line in {*sentences(part)}) for side in sides)
        return before | after

    def likeness(self, new: str, old: str) -> float:
        """Returns how alike an incoming and a stored part are, from 0 to 1."""
        return self.scale.likeness(self.stored[old].text, self.incoming[new].text)


def is_certain(stored: Part, incoming: Part) -> bool:
    """Checks whether the author wrote down the identity of one of two parts with equal identities."""
    return stored.has_written_identity or incoming.has_written_identity


def is_unedited(stored: Part, incoming: Part) -> bool:
    """Checks whether two parts have equal words under their headings."""
    return stored.text.whole == incoming.text.whole


def group_by(token_of: Callable[[Part], Token], parts: Iterable[Part]) -> dict[Token, list[Part]]:
    """Groups parts by a token of each, in their order."""
    groups: dict[Token, list[Part]] = {}
    for part in parts:
        groups.setdefault(token_of(part), []).append(part)
    return groups
