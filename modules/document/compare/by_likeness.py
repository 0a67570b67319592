"""Pairs parts whose texts are alike, and asks about pairs that may be the same but are not sure to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from modules.document.compare.ambiguities import Scores, candidates_to_ask_about, rivals, takes_in_both
from modules.document.compare.assignment import assign
from modules.document.compare.likeness import Index, body, is_denied
from modules.document.compare.pairing import Pairing
from modules.document.compare.part import Part
from modules.document.compare.question_text import asks_the_same, without_explanation
from modules.document.compare.splits import has_text_of
from modules.document.compare.thresholds import (
    ALIKE_PROMPTS,
    CONTAINED,
    FITTING,
    MARGIN,
    NAMED,
    POSSIBLE,
    RETURNED,
    SURE,
)
from modules.document.compare.typos import is_slight


def pair_by_likeness(pairing: Pairing) -> None:
    """Pairs the free parts so that likeness is high, and adds the ambiguities of the others."""
    stored, incoming = pairing.free_stored(), pairing.free_incoming()
    if not stored or not incoming:
        return
    scores = _scores(pairing, stored, incoming)
    best = assign(scores)
    ambiguous = rivals(pairing, best, scores)
    judge = _Judge(pairing)
    for new, old in best.items():
        if new not in ambiguous and judge.is_sure(new, old, scores[new, old]):
            pairing.pair(new, _piece_with_its_heading(pairing, new, old, scores, best) or old)
    pairing.result.ambiguities = candidates_to_ask_about(pairing, best, scores, ambiguous)


def _piece_with_its_heading(
    pairing: Pairing, new: str, old: str, scores: Scores, best: Mapping[str, str]
) -> str | None:
    """Returns the stored part whose heading a merged part has, if that is not the one with most of its text."""
    incoming = pairing.incoming[new]
    if pairing.stored[old].derived_identity == incoming.derived_identity:
        return None
    taken = {*best.values(), *pairing.partners}
    pieces = [
        other
        for key, other in scores
        if key == new
        and other not in taken
        and pairing.stored[other].is_active
        and pairing.stored[other].derived_identity == incoming.derived_identity
        and takes_in_both(pairing, new, old, other)
    ]
    return pieces[0] if len(pieces) == 1 else None


def _scores(
    pairing: Pairing, stored: Sequence[Part], incoming: Sequence[Part]
) -> dict[tuple[str, str], float]:
    """Returns the likeness of the pairs that may be the same, by their keys. Active parts come before archived ones."""
    index = Index([part.text for part in stored])
    scores = {}
    for part in incoming:
        for place in index.near(part.text):
            candidate = stored[place]
            if not pairing.may_be_same(part, candidate):
                continue
            score = _likeness_of_any_form(pairing, candidate, part)
            score += (candidate.identity == part.identity) * MARGIN / 2 - (not candidate.is_active) * MARGIN
            if score >= POSSIBLE:
                scores[part.key, candidate.key] = score
    return scores


def _likeness_of_any_form(pairing: Pairing, stored: Part, incoming: Part) -> float:
    """Returns 1 where a former text of the stored part is equal, else the likeness of the current text."""
    former = (incoming.text_with(incoming.title, source) for _identity, source in stored.former)
    if any(text.whole == incoming.text.whole and text.is_identifying for text in former):
        return 1.0
    return pairing.likeness(incoming.key, stored.key)


class _Judge:
    """Decides which pairs are sure."""

    def __init__(self, pairing: Pairing) -> None:
        self.pairing = pairing
        self.scale = pairing.scale
        self.stored_neighbours = dict(_neighbours([part.key for part in pairing.active]))
        self.incoming_neighbours = dict(_neighbours(list(pairing.incoming)))

    def is_sure(self, new: str, old: str, score: float) -> bool:
        """Checks whether a pair of this score needs no question."""
        incoming, stored = self.pairing.incoming[new], self.pairing.stored[old]
        if incoming.is_question and stored.matters and is_denied(stored.text, incoming.text):
            return False
        if self._is_misspelt(stored, incoming):
            return True
        if not stored.is_active:
            return self._has_returned(stored, incoming, score)
        prompts = self.scale.likeness_of_prompts(stored.text, incoming.text) if incoming.is_question else 1
        if prompts < ALIKE_PROMPTS and stored.matters:
            return False  # equal choices in an equal place do not make it the same question
        if incoming.is_question and stored.matters and not asks_the_same(stored.source, incoming.source):
            return False
        telling = incoming.text.is_telling + stored.text.is_telling
        if score >= SURE and telling:  # where one text has no words, the heading alone made the score
            return telling == 2 or not self.pairing.is_repeated(incoming)
        if score >= NAMED:
            return True
        if score < FITTING:
            return False
        return not stored.matters or (
            self._fits_between(new, old) and self.scale.part_of(stored.text, incoming.text) < CONTAINED
        )

    def _is_misspelt(self, stored: Part, incoming: Part) -> bool:
        """Checks whether two parts differ only by a few mistyped words: all of them, or texts that identify them."""
        if is_slight(*map(_what_counts, (stored, incoming))):
            return not self.pairing.is_repeated(incoming)
        is_identifying = stored.text.is_identifying and incoming.text.is_identifying
        return is_identifying and is_slight(body(stored.source), body(incoming.source))

    def _has_returned(self, stored: Part, incoming: Part, score: float) -> bool:
        if score < SURE or not incoming.text.is_telling:  # without words it has only its heading
            return False
        wholes = self._active_with_text_of(incoming)
        return any(self._took_in(whole, stored) for whole in wholes) if wholes else score >= RETURNED

    def _active_with_text_of(self, incoming: Part) -> list[Part]:
        """Returns the active parts that contain an incoming one: it may be split off, and not an archived part."""
        near = (self.pairing.active[place] for place in self.pairing.index_of_active.near(incoming.text))
        return [whole for whole in near if self.scale.part_of(incoming.text, whole.text) >= CONTAINED]

    def _took_in(self, whole: Part, archived: Part) -> bool:
        """Checks whether an archived section went into an active one, whose rest has nothing of it now.

        Its text then comes out again. A rest that is like it would show that the whole is only a near copy.
        """
        rest = self.pairing.incoming.get(self.pairing.partners.get(whole.key, ""))
        if archived.is_question or rest is None or not rest.text.is_telling:
            return False
        keeps_text = self.scale.part_of(archived.text, rest.text) >= POSSIBLE
        return not keeps_text and not has_text_of(self.pairing, archived, rest, POSSIBLE)

    def _fits_between(self, new: str, old: str) -> bool:
        """Checks whether the neighbours of the incoming part are the partners of the stored part's neighbours."""
        around_new = self.incoming_neighbours[new]
        around_old = self.stored_neighbours[old]
        pairs = self.pairing.result.pairs
        return any(around_new) and all(
            pairs.get(neighbour) == other if neighbour else other is None
            for neighbour, other in zip(around_new, around_old, strict=True)
        )


def _what_counts(part: Part) -> str:
    """Returns a section, or a question without its explanation, which may change while the question stays."""
    return without_explanation(part.source) if part.is_question else part.source


def _neighbours(keys: Sequence[str]) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Yields each key with the keys before and after it."""
    padded = [None, *keys, None]
    for key, before, after in zip(keys, padded, padded[2:], strict=False):
        yield key, (before, after)
