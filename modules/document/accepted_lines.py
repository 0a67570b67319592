"""Adds an accepted answer to the text of a question, so that its author only has to look at it and save."""

from __future__ import annotations

import re

from modules.document.syntax.source import split_lines

ITEM = re.compile(r"(?P<start> {0,3}(?:[-+*]|\d{1,9}[.)])[ \t]+)\[=\][ \t]*(?P<answer>\S.*)?")
CONTINUED = re.compile(r"(?: {2,}|\t)\S")  # a line that belongs to the item above it
# That Markdown may read as markup. A colon begins an address, in which a backslash would stay.
SIGNS = re.compile(r"([\\`*_\[\]<>&$~^#|!]|=(?==)|%(?=%)|:(?=//))")


def with_accepted(source: str, answer: str) -> str:
    """Returns the text of a question with one more accepted answer under the others.

    A text without typed answers stays as it is. Where every accepted answer stands in backticks, the new one does too.
    """
    lines = split_lines(source)
    items = [(place, match) for place, line in enumerate(lines) if (match := ITEM.match(line))]
    if not items:
        return source
    place, last = items[-1]
    while place + 1 < len(lines) and CONTINUED.match(lines[place + 1]):
        place += 1
    end = lines[place][len(lines[place].rstrip("\r\n")) :] or "\n"
    if not lines[place].endswith(("\n", "\r")):
        lines[place] += end
    is_code = all((match["answer"] or "").startswith("`") for _place, match in items)
    lines.insert(place + 1, f"{last['start']}[=] {_written(answer, is_code=is_code)}{end}")
    return "".join(lines)


def _written(answer: str, *, is_code: bool) -> str:
    words = " ".join(answer.split())
    if is_code and "`" not in words:
        return f"`{words}`"
    return SIGNS.sub(r"\\\1", words)
