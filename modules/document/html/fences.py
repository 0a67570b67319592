"""Parses code fences, and notes those that no line closes."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence

MARKS = re.compile(r"(?P<marks>`{3,}|~{3,})[ \t]*\Z")


def parse_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parses a fence. Its token has ``meta["is_open"]`` if the fence ends with the block around it or with the text."""
    if not fence(state, start, end, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        token.meta["is_open"] = not _is_closed(state, start, token.markup)
    return True


def _is_closed(state: StateBlock, start: int, markup: str) -> bool:
    """Checks whether the last line of a fence that was parsed just now closes it."""
    last = state.line - 1
    if last <= start or state.is_code_block(last) or state.sCount[last] < state.blkIndent:
        return False
    match = MARKS.match(state.src[state.bMarks[last] + state.tShift[last] : state.eMarks[last]])
    return match is not None and match["marks"].startswith(markup)
