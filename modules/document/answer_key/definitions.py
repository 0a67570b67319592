"""Finds footnotes and addresses of links that only the key mentions, so that they are part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modules.document.syntax.source import normalise

DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\]\\\r\n]{1,200})\]:(?=\s)")
MENTION = re.compile(r"\[(\^?[^\]\[\r\n]{1,200})\]")
HIDDEN = "…"  # stands in the place of a definition that is hidden


@dataclass(frozen=True, slots=True)
class Definition:
    """Describes a definition on the lines from ``start`` to ``end``, the end excluded. ``public`` replaces it."""

    label: str
    start: int
    end: int
    public: str


def secret_definitions(lines: Sequence[str], hidden: str, shown: str) -> Iterator[Definition]:
    """Yields the definitions that the ``hidden`` text mentions and the ``shown`` text does not."""
    wanted = _mentions(hidden) - _mentions(_without_definitions(shown))
    for definition in _definitions(lines) if wanted else ():
        if definition.label in wanted:
            yield definition


def placeholders(lines: Sequence[str]) -> Iterator[Definition]:
    """Yields the definitions that are hidden in a public text."""
    return (definition for definition in _definitions(lines) if definition.public == lines[definition.start])


def public_of(line: str) -> str | None:
    """Returns what stands in a public text for a definition that begins with a line, or ``None`` for other lines."""
    match = DEFINITION.match(line)
    end = line[len(line.rstrip("\r\n")) :]
    return f"{match[0]} {HIDDEN}{end}" if match else None


def _definitions(lines: Sequence[str]) -> Iterator[Definition]:
    place = 0
    while place < len(lines):
        start, public = place, public_of(lines[place])
        place += 1
        if public is None:
            continue
        while place < len(lines) and lines[place].startswith(("    ", "\t")):
            place += 1
        match = DEFINITION.match(lines[start])
        yield Definition(_folded(match["label"] if match else ""), start, place, public)


def _without_definitions(text: str) -> str:
    return "\n".join(line for line in normalise(text).split("\n") if not DEFINITION.match(line))


def _mentions(text: str) -> set[str]:
    return {_folded(label) for label in MENTION.findall(text)}


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
