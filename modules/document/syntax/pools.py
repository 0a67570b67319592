"""Cuts a quiz into its questions and the pools that some of them belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from modules.document.html.plain_text import plain
from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem
from modules.document.syntax.values import Pool

NUMBER = re.compile(r"[1-9]\d{0,3}", re.ASCII)


@dataclass(slots=True)
class Cut:
    """Describes a question, or the heading of a pool with the text up to its first question.

    ``start`` and ``end`` are indexes of tokens of the quiz. ``size`` is the number of questions of a pool. ``pool`` is
    the pool of a question. A pool that is not named as one is a mistake. It is parsed anyway, so that the author learns
    of the mistakes in its questions, too.
    """

    start: int
    end: int
    is_pool: bool
    pool: Cut | None = None
    size: int = 0
    is_named: bool = False


def cuts(tokens: Sequence[Token], level: int) -> list[Cut]:
    """Returns the pools and questions of a quiz; its heading is the first of these tokens and has this level."""
    quiz_cuts: list[Cut] = []
    pool: Cut | None = None
    for index, depth in _headings(tokens):
        if depth == level + 1:
            attributes: Attributes = tokens[index].meta["attributes"]
            is_named = "pool" in attributes.classes or "draw" in attributes.values
            is_pool = is_named or _holds_questions(tokens, index, depth)
            quiz_cuts.append(Cut(index, len(tokens), is_pool, is_named=is_named))
            pool = quiz_cuts[-1] if is_pool else None
        elif depth == level + 2 and pool is not None:
            quiz_cuts.append(Cut(index, len(tokens), False, pool))
            pool.size += 1
    for cut, following in pairwise(quiz_cuts):
        cut.end = following.start
    return quiz_cuts


def _holds_questions(tokens: Sequence[Token], start: int, level: int) -> bool:
    """Checks whether a heading has no choices itself, and several headings one level deeper have."""
    asking: set[int] = set()
    heading = start
    for index in range(start + 1, len(tokens)):
        token = tokens[index]
        if token.type == "heading_open" and token.level == 0:
            depth = int(token.tag[1])
            if depth <= level:
                break
            heading = index if depth == level + 1 else heading
        elif "task" in token.meta and token.level == 1:
            asking.add(heading)
    return start not in asking and len(asking) > 1


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yields the headings of the quiz after its own, each with its level."""
    for index, token in enumerate(tokens):
        if index and token.type == "heading_open" and token.level == 0:
            yield index, int(token.tag[1])


def parse_pool(cut: Cut, tokens: Sequence[Token], source: str, place: int) -> tuple[Pool, list[Problem]]:
    """Returns the pool that begins at a cut, and its problems. ``place`` is the position of its first question."""
    heading, line = tokens[cut.start], (tokens[cut.start].map or [0])[0] + 1
    written = heading.meta["attributes"].values.get("draw", "")
    draw = int(written) if NUMBER.fullmatch(written) else None
    problems = [*_problems(cut, tokens, line)]
    if "draw" in heading.meta["attributes"].values and draw is None:
        template = N_("“draw” has to be how many questions of this pool an attempt asks, such as {{draw=2}}.")
        problems.append(Problem(line, "error", "pool", template))
    if draw and cut.size and draw > cut.size:
        template = N_("This pool asks {draw} questions and has {size}. Add some, or lower “draw”.")
        problems.append(Problem(line, "warning", "small-pool", template, {"draw": draw, "size": cut.size}))
    return Pool(plain(tokens[cut.start + 1]), source, line, place, cut.size, draw), problems


def _problems(cut: Cut, tokens: Sequence[Token], line: int) -> Iterator[Problem]:
    if template := _mistake(cut, tokens):
        yield Problem(line, "error", "pool", template)


def _mistake(cut: Cut, tokens: Sequence[Token]) -> str:
    """Returns the template of what is wrong with a pool, or an empty text."""
    if not cut.is_named:
        return N_(
            "Choices stand under several headings here. Write each question under a heading one level below the quiz's own; or add {{draw=1}} to this heading to ask one of them, or {{.pool}} to ask all."
        )
    if any("task" in token.meta for token in tokens[cut.start : cut.end]):
        return N_(
            "This pool holds choices itself. Write each of its questions under a heading one level deeper."
        )
    if not cut.size:
        return N_(
            "This pool has no questions. Write each as a heading one level below the pool's own, or remove it."
        )
    return ""
