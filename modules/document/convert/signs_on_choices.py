"""Finds signs in the words of our own choices that tell learners which are right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from modules.document.convert.choices import Choice, choices_of
from modules.document.convert.lines import Lines
from modules.document.convert.ticks import LONGEST_SIGN, RIGHT, RIGHT_FIRST, WRONG, WRONG_FIRST, stands_out

LIT = re.compile(r"(?:==.+==|<(u|mark|ins)>.+</\1>)[ \t.]*", re.IGNORECASE)
MOST_CHOICES = 200  # of one question that are compared


def signs_on_choices(lines: Lines, spans: Iterable[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Returns the lines that learners see only after an attempt, and those whose choice shows that it is right.

    ``spans`` are the lines of the questions that the parser reads.
    """
    hidden: set[int] = set()
    told: set[int] = set()
    for start, end in spans:
        lines.deadline.check()
        choices = [
            choice
            for place in range(start, end)
            if lines.shown[place]
            for choice in choices_of(lines.all[place], place)[:1]
            if choice.sign is not None
        ]
        if choices:
            first = choices[0].place
            quotes = {place for place in range(first, end) if lines.all[place].lstrip().startswith(">")}
            typed = {choice.place for choice in choices if choice.sign == "="}
            hidden |= quotes | typed | {choice.place for choice in choices}
            told |= _told([choice for choice in choices if choice.sign != "="][:MOST_CHOICES])
    return hidden, told


def _told(choices: Sequence[Choice]) -> set[int]:
    """Returns the lines of the choices that a sign sets apart. A sign that all choices have says nothing."""
    right = {place for place, choice in enumerate(choices) if choice.is_right}
    if not right or len(choices) < 2:
        return set()
    ticked = {place for place, choice in enumerate(choices) if _has(choice, RIGHT, RIGHT_FIRST)}
    crossed = {place for place, choice in enumerate(choices) if _has(choice, WRONG, WRONG_FIRST)}
    told = {place for places in (ticked, crossed) if len(places) < len(choices) for place in places}
    if len(right) < len(choices) and stands_out(choices, right):
        told |= right
    if {place for place, choice in enumerate(choices) if LIT.fullmatch(choice.words)} == right:
        told |= right
    return {choices[place].place for place in told}


def _has(choice: Choice, last: re.Pattern[str], first: re.Pattern[str]) -> bool:
    """Checks whether a choice begins or ends with a sign, and has other words beside it."""
    ending = last.search(choice.words[-LONGEST_SIGN:])
    beginning = first.match(choice.words)
    sign = (ending or beginning or [""])[0]
    return bool(sign) and len(sign) < len(choice.words.strip())
