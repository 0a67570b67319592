"""Proposes a decision for each ambiguity of a plan, so that an instructor agrees to most of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from modules.authoring.plan import Ambiguity, Decisions, Plan

# Rounds of ambiguities that only follow from the decisions about others. Raised, a page may take longer.
MOST_ROUNDS = 6


def with_proposals(ambiguities: Iterable[Ambiguity]) -> tuple[Ambiguity, ...]:
    """Returns ambiguities with the likeliest candidate of each that no other one has; an empty key means new."""
    taken: dict[str, set[str]] = {}
    proposed = []
    for ambiguity in ambiguities:
        used = taken.setdefault(ambiguity.scope, set())
        key = next((candidate.key for candidate in ambiguity.candidates if candidate.key not in used), "")
        used.add(key)
        proposed.append(replace(ambiguity, proposal=key))
    return tuple(proposed)


def asked_of(
    plan_with: Callable[[Decisions], Plan], decisions: Decisions
) -> tuple[list[Ambiguity], Decisions]:
    """Returns all ambiguities, each with its decision if there is one, and the decisions with what is proposed.

    ``plan_with`` plans the document with some decisions. An ambiguity may follow from the decision about another one,
    so the document is planned in rounds. Decisions about parts that nobody asks about come first.
    """
    asked = _rounds(plan_with, decisions, {})
    by_hand = {key: value for key, value in decisions.by_ambiguity.items() if key not in asked}
    if by_hand:
        asked = _rounds(plan_with, decisions, by_hand)
    proposed = {key: ambiguity.proposal for key, ambiguity in asked.items() if ambiguity.decision is None}
    return [*asked.values()], replace(decisions, by_ambiguity={**decisions.by_ambiguity, **proposed})


def _still_possible(ambiguity: Ambiguity, decision: str | None) -> str | None:
    """Returns a decision, unless it is a kept one about a candidate that is there no more: then nothing is decided."""
    return decision if decision in ("", *(candidate.key for candidate in ambiguity.candidates)) else None


def _rounds(
    plan_with: Callable[[Decisions], Plan], decisions: Decisions, by_hand: dict[str, str]
) -> dict[str, Ambiguity]:
    """Returns the ambiguities by their keys. Each round decides those of the round before as proposed."""
    asked: dict[str, Ambiguity] = {}
    known = dict(by_hand)
    for _round in range(MOST_ROUNDS):
        opened = plan_with(replace(decisions, by_ambiguity=known)).open_ambiguities
        if not opened:
            break
        for ambiguity in opened:
            decision = _still_possible(ambiguity, decisions.by_ambiguity.get(ambiguity.key))
            asked[ambiguity.key] = replace(ambiguity, decision=decision)
            known[ambiguity.key] = ambiguity.proposal if decision is None else decision
    return asked
