"""Keeps headings inside ``<details>`` where they are, so that no section begins in the middle of a fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.document.html.plain_text import TAG
from modules.document.problems import N_, Problem
from modules.document.syntax.lookalikes import is_called_quiz

CODE = "open-details"


def keep_folded(tokens: Sequence[Token]) -> list[Problem]:
    """Moves the headings inside closed folds one level down, as those in quotes are. Returns what is wrong with folds.

    A fold around questions keeps its headings, since these would be shown with their key.
    """
    open_folds, cut_folds = list[int](), list[int]()
    for start, end in _folds(tokens):
        if end == len(tokens):
            open_folds.append(start)
            continue
        headings = [place for place in range(start, end) if _is_heading(tokens[place])]
        if headings and _asks(tokens, headings[0], end):
            cut_folds.append(start)
        else:
            for token in (token for place in headings for token in tokens[place : place + 3]):
                token.level += 1
    return [*_of_open(tokens, open_folds), *_of_cut(tokens, cut_folds)]


def _of_open(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[Problem]:
    template = N_(
        "This <details> has no end, so it folds everything up to the end of its part ({count} in all). Write </details> on a line of its own."
    )
    if places:
        yield Problem(_line(tokens[places[0]]), "warning", CODE, template, {"count": len(places)})


def _of_cut(tokens: Sequence[Token], places: Sequence[int]) -> Iterator[Problem]:
    template = N_(
        "Questions begin inside this <details>, so it ends before them ({count} in all). Write </details> above their heading, or take the tag out."
    )
    if places:
        yield Problem(_line(tokens[places[0]]), "warning", CODE, template, {"count": len(places)})


def _folds(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yields the first token and the end of each outermost fold. One without an end has that of the text."""
    starts, closed = list[int](), list[tuple[int, int]]()
    for place, token in enumerate(tokens):
        for is_end in _tags(token):
            if not is_end:
                starts.append(place)
            elif starts:
                closed.append((starts.pop(), place))
    last = -1
    for start, end in sorted(closed):
        if end > last:
            last = end
            yield start, end
    yield from ((start, len(tokens)) for start in starts)


def _tags(token: Token) -> Iterator[bool]:
    """Yields for each ``<details>`` at the top level whether it ends one."""
    if token.type == "html_block" and token.level == 0:
        contents = [token.content]
    elif token.type == "inline" and token.level == 1:
        contents = [child.content for child in token.children or [] if child.type == "html_inline"]
    else:
        return
    for content in contents:
        for match in TAG.finditer(content):
            if match[2] and match[2].lower() == "details":
                yield bool(match[1])


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0


def _asks(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Checks whether a quiz or questions begin between two tokens, the first of which is a heading."""
    return any(
        "task" in token.meta or (_is_heading(token) and _is_marked(tokens, place))
        for place, token in enumerate(tokens[start:end], start=start)
    )


def _is_marked(tokens: Sequence[Token], place: int) -> bool:
    return (
        is_called_quiz(tokens[place], tokens[place + 1])
        or "check" in tokens[place].meta["attributes"].classes
    )


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
