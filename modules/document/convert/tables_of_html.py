"""Writes a table of HTML as a table of Markdown, or as paragraphs if it only gives a page its layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from modules.document.convert.html_tree import Node

MOST_COLUMNS = 60  # of a table; more are left out
MOST_CELLS = 20_000  # of a table, with those that short rows omit; raised, small texts make large tables
PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")  # a sign that no backslash escapes
RULES = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
ALIGNMENT = re.compile(r"text-align:\s*(left|center|right)|\balign-(center|right)\b")
Blocks = Callable[[Sequence[Node | str]], list[str]]


def table(node: Node, cell: Callable[[Node], str], blocks: Blocks) -> list[str]:
    """Returns a table as blocks. ``cell`` writes the content of a cell in one line, ``blocks`` as blocks."""
    rows = [list(_cells(row)) for row in _rows(node)]
    rows = [row for row in rows if row]
    width = min(MOST_COLUMNS, max((len(row) for row in rows), default=0))
    if not width:
        return []
    is_layout = width == 1 and not any(inner.tag == "th" for inner in node.walk())
    if is_layout or width * len(rows) > MOST_CELLS:
        return [block for row in rows for inner in row if inner for block in blocks(inner.children)]
    lines = [_line([cell(inner) if inner else "" for inner in row[:width]], width) for row in rows]
    head = rows[0]
    rules = [RULES[_alignment(inner)] if inner else "---" for inner in head[:width]]
    lines.insert(1, _line(rules, width, filler="---"))
    return ["\n".join(lines)]


def _rows(node: Node) -> Iterator[Node]:
    """Yields the rows of a table, without those of tables in its cells."""
    for child in node.elements():
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _cells(row: Node) -> Iterator[Node | None]:
    """Yields the cells of a row, and ``None`` for each further column that a cell spans."""
    for child in row.elements():
        if child.tag in ("td", "th"):
            yield child
            span = child.attributes.get("colspan", "1")
            extra = min(int(span), MOST_COLUMNS) - 1 if span.isdecimal() and len(span) < 9 else 0
            yield from [None] * max(0, extra)


def _line(cells: Sequence[str], width: int, *, filler: str = "") -> str:
    padded = [*cells, *[filler] * (width - len(cells))]
    return "| " + " | ".join(PIPE.sub(r"\1\\|", text) for text in padded) + " |"


def _alignment(node: Node) -> str:
    written = f"{node.attributes.get('style', '')} {node.attributes.get('class', '')}"
    match = ALIGNMENT.search(written)
    align = node.attributes.get("align", "")
    return (match[1] or match[2]) if match else align if align in RULES else ""
