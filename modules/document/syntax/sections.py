"""Cuts the tokens of a document at its headings: the title, the text before the first section, and the sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from modules.document.html.plain_text import name_of, plain
from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem
from modules.document.syntax import folds
from modules.document.syntax.front_matter import FrontMatter
from modules.document.syntax.lookalikes import is_called_quiz
from modules.document.syntax.values import Heading


class Part:
    """Holds a section or the final quiz: top-level tokens, the first three of which are its heading.

    ``start`` and ``end`` are lines from 0, the end excluded. The parser gives each part its ``identity``.
    """

    def __init__(self, tokens: list[Token], start: int, end: int) -> None:
        self.tokens, self.start, self.end = tokens, start, end
        self.identity = ""

    @property
    def level(self) -> int:
        return int(self.tokens[0].tag[1])

    @property
    def line(self) -> int:
        """Returns the line of the heading, from 1."""
        return line_of(self.tokens[0])

    @property
    def title(self) -> str:
        return plain(self.tokens[1])

    @property
    def name(self) -> str:
        """Returns the words from which the identity is made, unless the author wrote one."""
        return name_of(self.tokens[1])

    @property
    def attributes(self) -> Attributes:
        return self.tokens[0].meta["attributes"]

    @property
    def body(self) -> list[Token]:
        return self.tokens[3:]

    @property
    def is_quiz(self) -> bool:
        return is_called_quiz(self.tokens[0], self.tokens[1])

    def contents(self) -> tuple[Heading, ...]:
        """Returns the headings inside this part, without those of questions in the text."""
        body = self.body
        return tuple(
            Heading(int(token.tag[1]), token.meta["id"], plain(body[index + 1]))
            for index, token in enumerate(body)
            if token.type == "heading_open" and token.level == 0 and "is_check" not in token.meta
        )


@dataclass(slots=True)
class Outline:
    """Describes how a document is cut.

    ``title`` has the words of the title, ``title_start`` the index of its heading if that belongs to no part.
    ``before`` has the tokens between the title and the first part. ``depth`` is the level of the headings that begin a
    part.
    """

    title: Token | None = None
    title_start: int | None = None
    before: list[Token] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    depth: int = 1
    problems: list[Problem] = field(default_factory=list)


def cut_document(tokens: list[Token], matter: FrontMatter, line_count: int, *, title: str) -> Outline:
    """Returns the outline of a document with so many lines. ``title`` is used if no heading has one."""
    problems = folds.keep_folded(tokens)
    outline = _outline(tokens, matter, line_count, title)
    outline.problems += problems
    return outline


def _outline(tokens: list[Token], matter: FrontMatter, line_count: int, title: str) -> Outline:
    starts = [
        index for index, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0
    ]
    if len(starts) < 2:
        return _one_part(tokens, starts, matter, line_count, title)
    levels = [int(tokens[index].tag[1]) for index in starts]
    is_titled, depth = _shape(levels, matter.sections)
    cuts = _section_starts(tokens, starts[is_titled:], depth)
    lines = [line_of(tokens[cut]) - 1 for cut in cuts]
    both = zip(spans(cuts, len(tokens)), spans(lines, line_count), strict=True)
    outline = Outline(
        before=tokens[starts[0] + 3 if is_titled else 0 : cuts[0] if cuts else len(tokens)],
        parts=[Part(tokens[cut:end], line, last) for (cut, end), (line, last) in both],
        depth=depth,
    )
    if is_titled:
        outline.title, outline.title_start = tokens[starts[0] + 1], starts[0]
        outline.before = tokens[: starts[0]] + outline.before
    if not cuts:
        outline.problems.append(_no_section(depth, min(levels[is_titled:]), matter.sections_line))
    return outline


def _one_part(
    tokens: list[Token], starts: Sequence[int], matter: FrontMatter, line_count: int, title: str
) -> Outline:
    """Returns the outline of a document with one heading or none, which is one section."""
    if starts:
        heading = tokens[starts[0] : starts[0] + 3]
        body = tokens[: starts[0]] + tokens[starts[0] + 3 :]
    else:
        heading, body = _heading_for(title, matter.lines), tokens
    return Outline(title=heading[1], parts=[Part([*heading, *body], matter.lines, line_count)])


def _heading_for(title: str, line: int) -> list[Token]:
    """Returns a heading for a document that has none."""
    opening = Token("heading_open", "h1", 1, map=[line, line], meta={"attributes": Attributes()})
    words = Token(
        "inline", "", 0, map=[line, line], content=title, children=[Token("text", "", 0, content=title)]
    )
    return [opening, words, Token("heading_close", "h1", -1)]


def _shape(levels: Sequence[int], depth: int | None) -> tuple[bool, int]:
    """Tells whether the first heading is the title, and returns the level of the headings that begin a section.

    ``depth`` is the level that the front matter sets, if it sets one.
    """
    first, rest = levels[0], levels[1:]
    if depth is not None:
        return first < depth, depth
    if all(first < level for level in rest):
        return True, min(rest)
    return False, min(levels)


def _section_starts(tokens: Sequence[Token], starts: Sequence[int], depth: int) -> list[int]:
    """Returns the headings that begin a section. A quiz above their level keeps all headings deeper than its own."""
    section_starts: list[int] = []
    deepest = depth
    for start in starts:
        level = int(tokens[start].tag[1])
        if level <= deepest:
            section_starts.append(start)
            deepest = level if is_called_quiz(tokens[start], tokens[start + 1]) else depth
    return section_starts


def _no_section(depth: int, highest: int, line: int) -> Problem:
    template = N_(
        "“sections: {given}” leaves this module without sections, since no heading is of that level. Write “sections: {found}”, or take the line out."
    )
    return Problem(line, "warning", "no-sections", template, {"given": depth, "found": highest})


def spans(starts: Sequence[int], end: int) -> list[tuple[int, int]]:
    """Returns the ranges from each start to the next one, and from the last start to the end."""
    return list(zip(starts, [*starts[1:], end], strict=True)) if starts else []


def line_of(token: Token) -> int:
    """Returns the line, from 1, on which a token begins."""
    return (token.map[0] if token.map else 0) + 1
