"""Defines what an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Says how bad a finding is. Only ``WRONG`` makes the command fail."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """Says in a sentence what is the case, and in another one how to mend it, where there is something to mend."""

    state: State
    what: str
    mend: str = ""


def fine(what: str) -> Finding:
    return Finding(State.FINE, what)


def note(what: str, mend: str = "") -> Finding:
    return Finding(State.NOTE, what, mend)


def wrong(what: str, mend: str) -> Finding:
    return Finding(State.WRONG, what, mend)
