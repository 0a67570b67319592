"""Marks a public text in its front matter, and takes the mark out again."""

from __future__ import annotations

import re

from modules.document.syntax.front_matter import CLOSING, OPENING, parse_front_matter
from modules.document.syntax.source import BOM, normalise, split_lines

MARK = "answer_key: separate"


def is_marked(text: str) -> bool:
    return bool(parse_front_matter(normalise(text))[0].answer_key)


def with_mark(text: str) -> str:
    """Returns a text that says that its key is in a file of its own.

    The mark is the last line of the front matter. A text without front matter gets one. An empty front matter gets a
    blank line, too, so that it differs from one that was added.
    """
    lines, end = split_lines(text), _line_end(text)
    closing = _closing(text)
    if not closing:
        bom = BOM if text.startswith(BOM) else ""
        return f"{bom}---{end}{MARK}{end}---{end}{text.removeprefix(BOM)}"
    added = [MARK + end, end] if closing == 1 else [MARK + end]
    return "".join([*lines[:closing], *added, *lines[closing:]])


def without_mark(text: str) -> str:
    """Returns a text without the mark, and without the front matter that was added for it."""
    lines = split_lines(text)
    closing = _closing(text)
    place = next(i for i in range(1, closing) if lines[i].partition(":")[0].strip() == "answer_key")
    content = [line.strip() for line in lines[1:closing]]
    if content == [MARK]:
        return BOM * text.startswith(BOM) + "".join(lines[closing + 1 :])
    end = closing if content == [MARK, ""] else place + 1
    return "".join([*lines[:place], *lines[end:]])


def _closing(text: str) -> int:
    """Returns the line, from 0, that ends the front matter, or 0 where there is none."""
    normal = normalise(text)
    if not OPENING.match(normal) or not parse_front_matter(normal)[0].lines:
        return 0
    closing = CLOSING.search(normal, normal.index("\n") + 1)
    return normal.count("\n", 0, closing.start()) if closing else 0


def _line_end(text: str) -> str:
    match = re.search(r"\r\n|\r|\n", text)
    return match[0] if match else "\n"
