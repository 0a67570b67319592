"""Finds a front matter that does not begin the document, so that it is shown as text and does nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from markdown_it.token import Token

from modules.document.problems import N_, Problem

FRAME = re.compile(r"\s*(?:[-–—*_=]{1,6}|\+{3})\s*\Z")
PAIR = re.compile(r"\s*(?P<key>[a-z_]+)[ \t]*(?P<sign>[:=])")


def of_text(tokens: Sequence[Token], lines: Sequence[str], keys: Collection[str]) -> Iterator[Problem]:
    """Yields a warning at the first line of text that has a known key, under a line like the first of a front matter.

    ``lines`` are those of the whole text, ``keys`` the known ones.
    """
    for number, row in _rows(tokens):
        match = PAIR.match(row)
        if match and match["key"] in keys and number and FRAME.match(lines[number - 1]):
            template = N_(
                "A front matter begins on the first line with three dashes, and is written “key: value”. This one is shown as text and does nothing: move it to the first line, and write it like that."
            )
            yield Problem(number, "warning", "front-matter", template)
            return


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yields the lines of text at the top level, each with its number from 0."""
    for token in tokens:
        if token.type == "inline" and token.level == 1 and token.map:
            yield from enumerate(token.content.split("\n"), start=token.map[0])
