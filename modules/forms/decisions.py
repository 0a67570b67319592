"""Reads the decisions that a plan page sends."""

from __future__ import annotations

from collections.abc import Mapping

from modules.authoring import translation
from modules.authoring.plan import NO_CHOICE, TELL, Decisions

LONGEST_KEY = 200  # characters of a candidate's key; longer ones are not taken
LONGEST_FIELD = 1_000  # characters of a name or a value; what is longer is left out
LONGEST_REASON = 2_000  # characters of the reason for new grades; what is longer is cut off


def decisions_from(sent: Mapping[str, str]) -> Decisions:
    """Reads what was decided on the page of a plan. A field that the page cannot have sent is left out.

    Fields are named ``decision:KEY`` for an ambiguity, ``pair:KEY`` for a part that is paired by hand, and
    ``becomes:KIND:ROW`` for a removed part. ``tell:IDENTITY`` is for a section. ``regrade:IDENTITY`` is for a question:
    ``yes``, or ``anew`` to judge typed answers as today, too.
    """
    named = [(*name.partition(":")[::2], value) for name, value in sent.items() if _can_be_kept(name, value)]
    decided, removed = _decided(named), _paired_with_removed(named)
    chosen_at = dict(decided)
    contradicted = {key: rows for key, rows in removed.items() if _differ(decided.get(key), rows)}
    decided |= {key: rows[0] for key, rows in removed.items()}
    return Decisions(
        by_ambiguity={key: value for key, value in decided.items() if key not in contradicted},
        tell={key: value for word, key, value in named if word == "tell" and value in TELL},
        regrade=frozenset(
            key for word, key, value in named if word == "regrade" and value in ("yes", "anew")
        ),
        judged_anew=frozenset(key for word, key, value in named if word == "regrade" and value == "anew"),
        contradicted={key: [chosen_at.get(key, NO_CHOICE), *rows] for key, rows in contradicted.items()},
    )


def without_proposals(sent: Mapping[str, str]) -> dict[str, str]:
    """Returns what a page sent, without the ambiguities that still have what the page proposed."""
    proposed = {
        (f"decision:{key}", value)
        for word, key, value in ((*name.partition(":")[::2], value) for name, value in sent.items())
        if word == "proposal"
    }
    return {name: value for name, value in sent.items() if (name, value) not in proposed}


def reason_from(sent: Mapping[str, str]) -> str:
    """Reads the reason for new grades."""
    return clean_reason(sent.get("reason", ""))


def clean_reason(reason: str) -> str:
    """Returns a reason as it is stored: cut to length, and without zero bytes, which PostgreSQL refuses."""
    return reason.replace("\0", "").strip()[:LONGEST_REASON]


def _can_be_kept(name: str, value: str) -> bool:
    """Checks whether a field is of a usual length and free of zero bytes, which PostgreSQL refuses."""
    return max(len(name), len(value)) <= LONGEST_FIELD and "\0" not in name + value


def _decided(named: list[tuple[str, str, str]]) -> dict[str, str]:
    return {
        key: value for word, key, value in named if word in ("decision", "pair") and _is_candidate(key, value)
    }


def _paired_with_removed(named: list[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Returns the rows of the removed parts that are said to become an incoming part, by the key of that part."""
    decided: dict[str, list[str]] = {}
    for word, key, identity in named:
        kind, _colon, row = key.partition(":")
        if word == "becomes" and kind in ("section", "question") and identity and _is_row(row):
            decided.setdefault(f"{kind}:{identity[:LONGEST_KEY]}", []).append(row)
    return decided


def _differ(chosen: str | None, rows: list[str]) -> bool:
    """Tells whether an incoming part cannot be what is chosen for it and also go on as these rows."""
    return len({*rows, *([] if chosen is None else [chosen])}) > 1


def _is_candidate(ambiguity: str, key: str) -> bool:
    """Checks whether this can be the key of a candidate: of a row or of a choice. Something new has an empty key."""
    if ambiguity == translation.KEY:
        return key in ("", translation.IN_ORDER)
    if ambiguity.startswith("choice:"):
        return len(key) <= LONGEST_KEY
    return not key or _is_row(key)


def _is_row(key: str) -> bool:
    return key.isdecimal() and len(key) < 19
