"""Keeps blanks to fill in, such as ``(____)`` and ``__/__/____``.

CommonMark reads two of them as emphasis of the text between, and shows neither.
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

LONG = 4  # signs that nobody writes for emphasis; lowered, ___bold and italic___ is text
PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "“": "”",
    "‘": "’",
    "«": "»",
    "<": ">",
    '"': '"',
    "'": "'",
    "/": "/",
    "|": "|",
}
# What stands just before signs that end no emphasis, and just after signs that begin none.
BEFORE = re.compile(r"(?:\A|[\s(\[{“‘«=×÷]|[\d)\s][-+/−])\Z")
AFTER = re.compile(r"\Z|\s|[),;?\]}»”’=×÷]|[.:!/+−%-](?![^\W_]|\[)")


def parse_blank(state: StateInline, silent: bool) -> bool:
    """Parses a blank as the signs that it is."""
    start = state.pos
    if state.src[start] != "_":
        return False
    end = start + 1
    while end < state.posMax and state.src[end] == "_":
        end += 1
    if not _is_blank(state.src, start, end):
        return False
    if not silent:
        state.pending += state.src[start:end]
    state.pos = end
    return True


def _is_blank(text: str, start: int, end: int) -> bool:
    """Checks whether underscores between two positions are no emphasis in the eyes of their author."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if before == "_":
        return False
    if end - start >= LONG or (before and PAIRS.get(before) == after):
        return True
    return end - start > 1 and bool(BEFORE.search(text[max(0, start - 2) : start]) and AFTER.match(text, end))
