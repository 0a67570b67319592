"""Reads the decisions that a plan page sends."""

from __future__ import annotations

from collections.abc import Mapping

from modules.authoring import translation
from modules.authoring.plan import TELL, Decisions

LONGEST_KEY = 200  # characters of a candidate's key; longer ones are not taken


def decisions_from(sent: Mapping[str, str]) -> Decisions:
    """Reads what was decided on the page of a plan. A value that the page cannot have sent is left out.

    Fields are named ``decision:KEY`` for an ambiguity, ``tell:IDENTITY`` for a section and ``regrade:IDENTITY`` for a
    question. The last is ``yes``, or ``anew`` to judge typed answers as today, too.
    """
    named = [(*name.partition(":")[::2], value) for name, value in sent.items()]
    return Decisions(
        by_ambiguity={
            key: value for word, key, value in named if word == "decision" and _is_candidate(key, value)
        },
        tell={key: value for word, key, value in named if word == "tell" and value in TELL},
        regrade=frozenset(
            key for word, key, value in named if word == "regrade" and value in ("yes", "anew")
        ),
        judged_anew=frozenset(key for word, key, value in named if word == "regrade" and value == "anew"),
    )


def _is_candidate(ambiguity: str, key: str) -> bool:
    """Checks whether this can be the key of a candidate: of a row or of a choice. Something new has an empty key."""
    if ambiguity == translation.KEY:
        return key in ("", translation.IN_ORDER)
    if ambiguity.startswith("choice:"):
        return len(key) <= LONGEST_KEY
    return not key or (key.isdecimal() and len(key) < 19)
