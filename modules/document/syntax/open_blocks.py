"""Names blocks of code and of HTML that no line closes, since they take the text after them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.document.problems import N_, Problem

CODE = "open-code"
Params = dict[str, str | int]
KEY = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,3}[.)])[ \t]+\[[xX=]\][ \t]", re.MULTILINE)
OPENING = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})[ \t]*[^\s`~][^`]*\Z")
FOLD = re.compile(r"\s*</?(?:details|summary)\b", re.IGNORECASE)
MARKDOWN = re.compile(
    r"[ \t]*(?:`{3}|~{3}|#{1,6}[ \t]|[-*+][ \t]|\d{1,3}[.)][ \t]|\||>[ \t]|\*\*|!?\[[^\]]*\]\()"
)
# How HTML begins that blank lines do not end, and what ends it. Comments are another problem.
ENDS = (
    (re.compile(r"<(script|pre|style|textarea)(?=[\s>]|\Z)", re.IGNORECASE), re.compile(r"</(script|pre|style|textarea)>", re.IGNORECASE), "</{name}>"),
    (re.compile(r"<\?"), re.compile(r"\?>"), "?>"),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>"), "]]>"),
    (re.compile(r"<![A-Za-z]"), re.compile(r">"), ">"),
)  # fmt: skip


def of_blocks(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Problem]:
    """Yields a problem for each block without an end: an error where the key of questions would be shown as code.

    ``lines`` are those of the whole text.
    """
    last = max((place for place, line in enumerate(lines, start=1) if line.strip()), default=0)
    for token in tokens:
        if token.type == "fence":
            yield from _of_fence(token, last)
        elif token.type == "html_block":
            yield from _of_html(token)


def _of_fence(token: Token, last: int) -> Iterator[Problem]:
    start, end = token.map or [0, 0]
    if not token.meta["is_open"]:
        yield from _of_inner(token)
    elif end >= last:
        template = N_(
            "This code has no end, so everything down to line {last} is shown as code. Write {marks} on a line of its own after the code. If this line is meant to end some code, look above it for code without an end."
        )
        params: Params = {"marks": token.markup, "last": last}
        yield Problem(start + 1, _severity(token.content), CODE, template, params)
    else:
        template = N_(
            "This code has no end inside its list or quote, so it ends with that on line {last}. Write {marks} on a line of its own after the code, with the same signs or blanks before it as here."
        )
        params = {"marks": token.markup, "last": end}
        yield Problem(start + 1, _severity(token.content), CODE, template, params)


def _of_inner(token: Token) -> Iterator[Problem]:
    """Yields a problem where code that is closed seems to begin again inside, so that its end belongs to other code."""
    rows = token.content.split("\n")
    for place, row in enumerate(rows):
        match = OPENING.match(row)
        if match and match["marks"].startswith(token.markup):
            template = N_(
                "This code ends only on line {last}, and line {line} inside it looks like the beginning of other code. Write {marks} on a line of its own where the code ends, with no word after it. If that line belongs to the code, begin and end the code with more signs."
            )
            start, end = token.map or [0, 0]
            params: Params = {"marks": token.markup, "line": start + place + 2, "last": end}
            yield Problem(start + 1, _severity(token.content), CODE, template, params)
            return


def _of_html(token: Token) -> Iterator[Problem]:
    content = token.content.lstrip()
    for beginning, ending, end in ENDS:
        match = beginning.match(content)
        if match and not ending.search(content, match.end()):
            template = N_(
                "“{tag}” has no end, so everything after it is shown as it was typed. Close it with {end}, or put it between backticks."
            )
            name = match[1].lower() if match.groups() else ""
            params = {"tag": match[0], "end": end.format(name=name)}
            yield Problem((token.map or [0])[0] + 1, _severity(content), "open-html", template, params)


def of_raw_markdown(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields a warning where Markdown stands right below a fold's tag, so that it is shown as it was typed."""
    lines = [
        (token.map or [0])[0] + place
        for token in tokens
        if token.type == "html_block" and FOLD.match(token.content)
        for place, row in enumerate(token.content.split("\n"), start=1)
        if MARKDOWN.match(row)
    ]
    if lines:
        template = N_(
            "Markdown is not read right below an HTML tag, so this line is shown as it was typed ({count} in all). Put an empty line between the tag and the text."
        )
        yield Problem(lines[0], "warning", "raw-markdown", template, {"count": len(lines)})


def _severity(content: str) -> str:
    return "error" if KEY.search(content) else "warning"
