"""Names text that no page would show: footnotes and links that are defined in vain, and cells of long rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from modules.document.html.footnotes import Labels, Strays
from modules.document.html.tables import cells_of
from modules.document.problems import N_, Problem
from modules.document.syntax import open_blocks

DASHES = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?\Z")
LONGEST = 60  # characters of a label that a sentence shows


def of_tokens(tokens: Sequence[Token], strays: Strays) -> Iterator[Problem]:
    """Yields a warning for each kind of text that no page shows, or shows in another place."""
    yield from of_strays(strays)
    yield from of_tables(tokens)
    yield from of_failed_tables(tokens)
    yield from open_blocks.of_raw_markdown(tokens)


def of_strays(strays: Strays) -> Iterator[Problem]:
    """Yields one warning for each way in which footnotes and links are not shown, at the first line of it."""
    unused = N_(
        "Nothing mentions the footnote “{label}”, so it is not shown. Write [^{label}] where it belongs, or remove it ({count} in all)."
    )
    repeated = N_(
        "The footnote “{label}” is defined above already, and only that text is shown. Give this one another name and mention it by that, or remove it ({count} in all)."
    )
    undefined = N_(
        "Nothing says what the footnote “{label}” is, so its mention is shown as text. Write a line that begins with [^{label}]: or put the brackets between backticks ({count} in all)."
    )
    links = N_(
        "The address of the link “{label}” is defined above already, and only that one counts. Give this one another name ({count} in all)."
    )
    yield from _first(strays.unused, "unused-footnote", unused)
    yield from _first(strays.repeated, "repeated-footnote", repeated)
    yield from _first(strays.undefined, "undefined-footnote", undefined)
    yield from _first(strays.links, "repeated-link", links)


def _first(labels: Labels, code: str, template: str) -> Iterator[Problem]:
    if labels:
        label, line = min(labels, key=lambda stray: stray[1])
        yield Problem(line + 1, "warning", code, template, {"label": label[:LONGEST], "count": len(labels)})


def of_tables(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields a warning about rows with more cells than the head of their table, and one about signs inside code."""
    surplus = N_(
        "This row has more cells than the head of its table, so they stand together in its last cell ({count} in all). Write \\| for a sign that ends no cell, or add columns to the head."
    )
    in_code = N_(
        "Other programs end a cell at the | inside this code, and lose the last cell ({count} in all). Write \\| inside code."
    )
    rows = [row for token in tokens for row in token.meta.get("long_rows", [])]
    for template, lines in (
        (surplus, [line for line, is_in_code in rows if not is_in_code]),
        (in_code, [line for line, is_in_code in rows if is_in_code]),
    ):
        if lines:
            yield Problem(lines[0] + 1, "warning", "long-row", template, {"count": len(lines)})


def of_failed_tables(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields a warning where a head and the dashes under it differ in their cells, so that they make no table."""
    found: list[tuple[int, int, int]] = []
    for token in tokens:
        if token.type == "inline" and token.map and "|" in token.content:
            rows = token.content.split("\n")
            for line, (head, dashes) in enumerate(pairwise(rows), start=token.map[0] + 1):
                if "|" in head and "|" in dashes and DASHES.match(dashes.strip()):
                    found.append((line, len(cells_of(head)), len(cells_of(dashes))))
    found = [row for row in found if row[1] != row[2]]
    if found:
        template = N_(
            "This is shown as text and makes no table: there are {head} cells here, and {dashes} in the dashes below ({count} in all). Write as many in both lines."
        )
        line, cells, cells_of_dashes = found[0]
        params: dict[str, str | int] = {"head": cells, "dashes": cells_of_dashes, "count": len(found)}
        yield Problem(line, "warning", "no-table", template, params)
