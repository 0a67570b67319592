"""Matches the parts of an incoming document with the stored ones: by identity, by equal text and by likeness.

Sections and questions are matched in the same way. Each step pairs what it is sure of, and later steps see the rest.
An ambiguity is a pair that matching cannot decide while a learner's work depends on it. A person decides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.document.compare.by_identity import (
    ask_about_given_headings,
    pair_by_earlier_identity,
    pair_by_identity,
)
from modules.document.compare.by_likeness import pair_by_likeness
from modules.document.compare.by_place import (
    ask_about_rewritten,
    ask_about_translated,
    pair_copies_in_place,
    pair_in_order,
)
from modules.document.compare.by_text import pair_active_texts, pair_archived_texts, pair_former_texts
from modules.document.compare.pairing import Matching, Pairing
from modules.document.compare.part import Part, written_identity
from modules.document.compare.splits import continue_in_largest_half, find_merges, find_splits
from modules.document.compare.thresholds import WORDS_THAT_TELL

__all__ = ["WORDS_THAT_TELL", "Matching", "Part", "match", "written_identity"]

# The order matters: a step relies on the pairs of the steps before it.
STEPS = (
    pair_by_identity,
    pair_active_texts,
    pair_former_texts,
    pair_by_earlier_identity,
    pair_copies_in_place,
    pair_archived_texts,
    pair_by_likeness,
    find_splits,
    continue_in_largest_half,
    find_merges,
    ask_about_given_headings,
    ask_about_rewritten,
)


def match(
    old: Sequence[Part],
    new: Sequence[Part],
    decisions: Mapping[str, str] | None = None,
    *,
    is_translated: bool = False,
) -> Matching:
    """Matches parts in the order of their documents, with the archived ones at the end of ``old``.

    ``decisions`` lead from the key of an incoming part to the key of a stored part, or to ``""`` for a new part. The
    parts of a translated document that have no equal text are paired in their order, or asked about.
    """
    pairing = Pairing(old, new, decisions or {})
    _pair_by_decision(pairing)
    for step in STEPS:
        if is_translated and step is pair_by_likeness:
            pair_in_order(pairing)
        step(pairing)
    if is_translated:
        ask_about_translated(pairing)
    return pairing.result


def _pair_by_decision(pairing: Pairing) -> None:
    for new, old in pairing.decisions.items():
        if old in pairing.stored and old not in pairing.partners:
            pairing.pair(new, old)
