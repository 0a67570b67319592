"""Reads code, a table or a list that begins in the line of a mark, as in ``- [x] ```python``."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

MARK = re.compile(r"\[[ xX]\][ \t]+")
FENCE = re.compile(r"`{3,}[^`\n]*\Z|~{3,}")
ROW = re.compile(r"\|.*\|[ \t]*\Z")
DASHES = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
ITEM = re.compile(r"(?:(?P<bullet>[-*+])|\d{1,9}(?P<sign>[.)]))[ \t]")


def parse_mark(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Puts a mark before a block into a paragraph of its own, so that the next rules read the block.

    The mark itself parses nothing, so this always returns false.
    """
    opening = state.tokens[-1] if state.tokens else None
    if silent or opening is None or opening.type != "list_item_open":
        return False
    if (opening.map or [-1])[0] != start:
        return False
    line = _line(state, start)
    match = MARK.match(line)
    following = _line(state, start + 1) if _goes_on(state, start + 1, end) else ""
    if match and _begins_block(line[match.end() :], following):
        _add_paragraph(state, start, match[0].rstrip())
        state.bMarks[start] += state.tShift[start] + match.end()
        state.tShift[start] = 0
        state.sCount[start] = state.blkIndent
    return False


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _goes_on(state: StateBlock, line: int, end: int) -> bool:
    """Checks whether a line is inside the same item."""
    return line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent


def _begins_block(words: str, following: str) -> bool:
    """Checks whether words behind a mark begin code, a table or a list of several items. ``- 5`` alone is text."""
    if not following:
        return False
    if FENCE.match(words):
        return True
    if ROW.match(words) and "-" in following:
        return DASHES.match(following) is not None
    item, next_item = ITEM.match(words), ITEM.match(following)
    return bool(item and next_item and item.groups() == next_item.groups())


def _add_paragraph(state: StateBlock, line: int, mark: str) -> None:
    state.push("paragraph_open", "p", 1).map = [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = mark, [line, line + 1], []
    state.push("paragraph_close", "p", -1)
