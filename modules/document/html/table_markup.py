"""Finds out how a table is laid out, and how its cells are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.document.html.plain_text import plain

BROAD = 4  # columns from which on a table keeps its columns on a phone and scrolls sideways
WORDY = 32  # characters of a cell from which on such a table is made wide, so that its words have room
LONGEST_OF_A_PAIR = 80  # characters of a cell that fits half the width of a phone
BULLET = "•"


def shape_of(tokens: Sequence[Token], index: int) -> str:
    """Returns the class of the table that begins at this token.

    ``broad`` scrolls sideways, and ``broad wordy`` has sentences in it. On a phone, ``compare`` becomes labelled pairs,
    unless it is a ``pair`` of short columns.
    """
    columns, longest = 0, 0
    for place in range(index, len(tokens)):
        kind = tokens[place].type
        if kind == "table_close":
            break
        columns += kind == "th_open"
        if kind in ("th_open", "td_open"):
            longest = max(longest, len(tokens[place + 1].content))
    if columns >= BROAD:
        return "broad wordy" if longest >= WORDY else "broad"
    if columns < 2:
        return ""
    return "compare pair" if columns == 2 and longest <= LONGEST_OF_A_PAIR else "compare"


def alignment(token: Token) -> str:
    """Returns the class of a cell that is aligned, with a blank before it."""
    style = str(token.attrGet("style") or "")
    for side in ("center", "right"):
        if side in style:
            return f' class="align-{side}"'
    return ""


def begins_with_bullet(cell: Token) -> bool:
    """Tells whether somebody has typed a list into a cell."""
    return plain(cell).lstrip().startswith(BULLET)


def lines_of(cell: Token) -> Iterator[tuple[str, list[Token]]]:
    """Yields the lines of a cell, each with its class: ``hang`` for one with a typed bullet. Marks stay whole."""
    lines: list[list[Token]] = [[]]
    depth = 0
    for child in cell.children or []:
        depth += child.nesting
        if depth == 0 and _is_break(child):
            lines.append([])
        else:
            lines[-1].append(child)
    for line in lines:
        words = "".join(child.content for child in line).lstrip()
        yield ("hang" if words.startswith(BULLET) else "line"), line


def _is_break(child: Token) -> bool:
    return child.type == "hardbreak" or (
        child.type == "html_inline" and child.content.lower().startswith("<br")
    )
