"""Holds the result of a conversion: a document in our notation, and everything that it could not carry over."""

from __future__ import annotations

from dataclasses import dataclass

from modules.document.problems import Problem

CODE = "not-carried"


@dataclass(frozen=True, slots=True)
class Pair:
    """Holds a question as the original has it, from a ``line`` on, and as the draft has it."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Converted:
    """Holds a draft in our notation. ``losses`` names what the draft leaves out, by the line of the original.

    ``count`` is the number of questions that were converted, and ``pairs`` has each of them.
    """

    text: str
    losses: tuple[Problem, ...] = ()
    count: int = 0
    pairs: tuple[Pair, ...] = ()


def loss(line: int, template: str, **params: str | int) -> Problem:
    """Returns what could not be carried over, as a warning at a ``line`` of the original from 1."""
    return Problem(line, "warning", CODE, template, params)
