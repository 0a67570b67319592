"""Reads the rule that says what learners see of a submitted attempt, and answers what may be shown at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

MOMENTS = ("right_after", "while_open", "after_closing")
ASPECTS = ("answer", "correctness", "marks", "feedback", "explanation", "right_answer")
# The explanation of a question that was answered right. A word shows it before right answers; no table can name it.
EXPLANATION_IF_RIGHT = "explanation_if_right"
REVIEW_WORDS = ("passed", "submitted", "never")
WITHOUT_RIGHT_ANSWERS = frozenset(ASPECTS) - {"right_answer", "explanation"} | {EXPLANATION_IF_RIGHT}
RIGHT_AFTER = timedelta(minutes=2)  # how long after the attempt the moment “right after” lasts


def parse_review(value: object) -> str:
    """Returns a review as one word, or a table as ``moment: aspect aspect; …``.

    Raises :class:`ValueError` for anything else.
    """
    if value in REVIEW_WORDS:
        return str(value)
    if not isinstance(value, Mapping) or not value or not set(value) <= set(MOMENTS):
        raise ValueError(value)
    table = {moment: _parse_aspects(value[moment]) for moment in MOMENTS if moment in value}
    return "; ".join(f"{moment}: {' '.join(aspects)}".rstrip() for moment, aspects in table.items())


def _parse_aspects(value: object) -> list[str]:
    listed = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(
        isinstance(aspect, str) and aspect in ASPECTS for aspect in listed
    ):
        raise ValueError(value)
    return [aspect for aspect in ASPECTS if aspect in listed]


def shown_by(review: str, moment: str, *, is_over: bool) -> frozenset[str]:
    """Returns the aspects of a submitted attempt that may be shown at a moment.

    ``is_over`` is true if the learner has passed or has no attempt left. Then right answers give nothing away.
    While a word hides right answers, it hides explanations too, because an explanation tells the right answer. Only
    the explanation of a question that was answered right stays, as EXPLANATION_IF_RIGHT.
    """
    if review in REVIEW_WORDS:
        hides = review == "never" or (review == "passed" and not is_over and moment != "after_closing")
        return WITHOUT_RIGHT_ANSWERS if hides else frozenset(ASPECTS)
    table = dict(part.partition(":")[::2] for part in review.split("; "))
    return frozenset(table.get(moment, "").split())


def shown_always(review: str) -> frozenset[str]:
    """Returns the aspects of a submitted attempt that may be shown at every moment."""
    return frozenset.intersection(*(shown_by(review, moment, is_over=False) for moment in MOMENTS))
