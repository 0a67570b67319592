"""Finds questions in GIFT between the lines of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.convert.converted import loss
from modules.document.convert.gift import read_gift_block
from modules.document.convert.lines import Lines
from modules.document.convert.readings import Part, Reading
from modules.document.problems import N_, Problem

NOTATION = "gift"
# Braces that hold a word or several answers with their signs, or a number. Prose and programs have none of these.
ANSWERS = re.compile(
    r"(?<![\\{$])\{\s*(?:[=~](?:[^\s{}=~]|[^{}]*[^\s{}=~<>!+*/-]\s*[=~][^\s{}=~])[^{}]*|#\s*=?\s*-?\d[^{}]*)\}"
)
TRUE_FALSE = re.compile(r"(?<![\\{$])\{\s*(?:T|F|TRUE|FALSE)\s*(?:#[^{}]*)?\}\s*$")
GENERAL = 4  # number signs before the feedback on the whole question
NAMED = re.compile(r"\s*::[^:\n]+::")


def read(lines: Lines) -> Part:
    """Returns the questions in GIFT, and a loss for each block that our notation cannot ask."""
    found = [
        (start, end, text) for start, end, text in _blocks(lines) if NAMED.match(text) or ANSWERS.search(text)
    ]
    if found:  # beside other questions in GIFT, a lone {T} is one too
        found = [block for block in _blocks(lines) if _is_asking(block[2])]
    readings: list[Reading] = []
    losses: list[Problem] = []
    template = N_("This block in GIFT is of a kind that a quiz here does not have. It stays as it is.")
    for start, end, text in found:
        question, problems = read_gift_block(text, start + 1)
        if question:
            readings.append(Reading(NOTATION, start, end, question, problems))
        else:
            losses.append(loss(start + 1, template))
    return Part(tuple(readings), tuple(losses))


def _is_asking(text: str) -> bool:
    return bool(NAMED.match(text) or ANSWERS.search(text) or TRUE_FALSE.search(text))


def _blocks(lines: Lines) -> Iterator[tuple[int, int, str]]:
    """Yields the lines between blank lines, headings and code: their first line, the line after them, their text."""
    start, depth = -1, 0
    for place in range(len(lines) + 1):
        is_text = place < len(lines) and lines.shown[place] and not lines.is_blank(place)
        # Inside braces, four number signs begin the explanation and no heading.
        if is_text and lines.levels[place] and not (depth > 0 and lines.levels[place] == GENERAL):
            is_text = False
        if is_text:
            start, depth = (place, 0) if start < 0 else (start, depth)
            depth += lines.all[place].count("{") - lines.all[place].count("}")
        elif start >= 0:
            yield start, place, "\n".join(lines.all[start:place])
            start = -1
