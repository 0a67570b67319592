"""Finds formulas between dollars in inline text, and leaves money and names of variables as they are."""

from __future__ import annotations

import unicodedata

from markdown_it.rules_inline import StateInline

from modules.document.html.inline_text import InlineText

LONGEST = 1_600  # characters between two dollars; raised, text with many dollars takes longer


def parse_formula(state: StateInline, silent: bool) -> bool:
    """Parses ``$x$`` and ``$$x$$``.

    No blank may be just inside ``$``, and no letter or digit just after it: ``$5 and $10`` is money, ``$HOME/$USER``
    are names. A code span binds first, so that no formula holds a part of one.
    """
    text, start = state.src, state.pos
    if text[start] != "$":
        return False
    dollars = "$$" if text.startswith("$$", start) else "$"
    if dollars == "$" and state.pending.endswith("$"):  # the second one of a pair that is text
        return False
    inside = start + len(dollars)
    end = closing(text, dollars, inside, min(state.posMax, inside + LONGEST))
    if end <= inside or not _is_formula(
        text[inside:end], dollars, text[end + len(dollars) : end + len(dollars) + 1]
    ):
        return False
    if isinstance(state, InlineText) and state.has_code(inside, end):
        return False
    if not silent:
        token = state.push("math_inline" if dollars == "$" else "math_inline_double", "math", 0)
        token.content, token.markup = text[inside:end], dollars
    state.pos = end + len(dollars)
    return True


def closing(text: str, dollars: str, start: int, end: int) -> int:
    """Returns the position of the next dollars, or another closing sign, that no backslash escapes, or -1."""
    position = text.find(dollars, start, end)
    while position > 0 and _is_escaped(text, position, start):
        position = text.find(dollars, position + 1, end)
    return position


def _is_escaped(text: str, position: int, start: int) -> bool:
    """Checks whether an odd number of backslashes stands before a position; two of them end a line of a formula."""
    backslashes = 0
    while position - backslashes > start and text[position - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _is_formula(content: str, dollars: str, after: str) -> bool:
    if not content.strip() or _continues_word(after):
        return False
    return dollars == "$$" or not (content[0].isspace() or content[-1].isspace())


def _continues_word(sign: str) -> bool:
    """Checks for a letter or digit. Scripts whose letters have no case often write no blank before a word."""
    return sign != "" and unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Nd")
