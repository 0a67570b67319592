"""Finds the pairs by likeness that a person has to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from modules.document.compare.pairing import Pairing
from modules.document.compare.pieces import is_piece
from modules.document.compare.thresholds import COMPARABLE, CONTAINED, FITTING, MARGIN, POSSIBLE

Scores = Mapping[tuple[str, str], float]


def rivals(pairing: Pairing, best: Mapping[str, str], scores: Scores) -> dict[str, set[str]]:
    """Returns the other stored parts that incoming parts could nearly as well be, where a learner's work depends on it.

    A stored part is a rival where pairing it instead changes the sum of the scores by less than ``MARGIN``.
    """
    owners = {old: new for new, old in best.items()}
    rivals_by_key: dict[str, set[str]] = defaultdict(set)
    for (new, old), score in scores.items():
        partner, owner = best.get(new), owners.get(old)
        if partner == old:
            continue
        kept = scores.get((new, partner), 0.0) if partner else 0.0
        lost = scores.get((owner, old), 0.0) if owner else 0.0
        gained = score + (scores.get((owner, partner), 0.0) if owner and partner else 0.0)
        is_clear = (
            _are_pieces(pairing, new, owner, old)
            if owner
            else takes_in_both(pairing, new, partner, old) or _has_lines_of_one(pairing, new, partner, old)
        )
        if kept + lost - gained < MARGIN and not is_clear:
            for key in filter(None, (new, owner)):
                rivals_by_key[key].add(old)
    return {
        new: olds for new, olds in rivals_by_key.items() if _any_matters(pairing, olds | {best.get(new, "")})
    }


def _any_matters(pairing: Pairing, keys: Iterable[str]) -> bool:
    return any(pairing.stored[key].matters for key in keys if key)


def _are_pieces(pairing: Pairing, first: str, second: str, whole: str) -> bool:
    """Checks whether two incoming parts are different pieces of a stored one: then neither is the other's rival."""
    pieces = [pairing.incoming[key].text for key in (first, second)]
    source, scale = pairing.stored[whole].text, pairing.scale
    return (
        all(scale.part_of(piece, source) >= CONTAINED for piece in pieces)
        and scale.part_of(*pieces) < POSSIBLE
    )


def _has_lines_of_one(pairing: Pairing, new: str, partner: str | None, old: str) -> bool:
    """Checks whether each line of an incoming section is in its partner, and one of them not in the other part."""
    if partner is None or pairing.incoming[new].is_question:
        return False
    whole, other = (pairing.stored[key] for key in (partner, old))
    return is_piece(pairing.incoming[new], whole) and not is_piece(pairing.incoming[new], other)


def takes_in_both(pairing: Pairing, new: str, partner: str | None, old: str) -> bool:
    """Checks whether an incoming part contains two different stored ones: they are merged, whichever it continues."""
    if partner is None:
        return False
    whole, scale = pairing.incoming[new].text, pairing.scale
    pieces = [pairing.stored[key].text for key in (partner, old)]
    return (
        all(scale.part_of(piece, whole) >= CONTAINED for piece in pieces)
        and scale.part_of(*pieces) < POSSIBLE
    )


def candidates_to_ask_about(
    pairing: Pairing, best: Mapping[str, str], scores: Scores, ambiguous: Mapping[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    """Returns the free candidates of ambiguous parts and of parts that may be their best partner, likeliest first."""
    candidates: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (new, old), score in scores.items():
        may_be_same = best.get(new) == old and pairing.stored[old].matters and score >= FITTING
        is_free = new not in pairing.result.pairs and old not in pairing.partners
        if is_free and (new in ambiguous or may_be_same):
            candidates[new].append((score, old))
    return {new: _comparable(scored) for new, scored in candidates.items()}


def _comparable(scored: list[tuple[float, str]]) -> tuple[str, ...]:
    """Returns the keys whose scores are not far below the highest one, the highest first."""
    highest = max(score for score, _key in scored)
    ranked = sorted(scored, key=lambda candidate: (-candidate[0], candidate[1]))
    return tuple(key for score, key in ranked if score >= highest * COMPARABLE)
