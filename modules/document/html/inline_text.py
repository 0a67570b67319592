"""Holds the inline text of one block while it is parsed: its lines, and where its code spans begin."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from modules.document.deadline import NEVER, Deadline

RUN = re.compile(r"`+")
ESCAPE_OR_RUN = re.compile(r"\\.|`+", re.DOTALL)


class InlineText(StateInline):
    """Tracks lines in inline text: ``meta["line"]`` of a token is the number of line ends before it."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.deadline: Deadline = env.get("deadline", NEVER)
        self.counted, self.lines = 0, 0

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        self.deadline.check()
        token = super().push(ttype, tag, nesting)
        token.meta["line"] = self.line
        return token

    @property
    def line(self) -> int:
        """Returns the number of line ends before the position."""
        if self.pos > self.counted:  # only what is new: else a long paragraph would be counted for each token
            self.lines += self.src.count("\n", self.counted, self.pos)
            self.counted = self.pos
        return self.lines

    def append_pending(self, text: str) -> None:
        self.deadline.check()
        super().append_pending(text)

    def has_code(self, start: int, end: int) -> bool:
        """Checks whether a code span begins between two positions."""
        place = bisect_left(self._code_starts, start)
        return place < len(self._code_starts) and self._code_starts[place] < end

    @cached_property
    def _code_starts(self) -> list[int]:
        return [start for start, _end in code_spans(self.src)]


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yields where code spans begin and end. Each closes at the next run of backticks that is as long."""
    runs: dict[int, list[int]] = {}
    for run in RUN.finditer(text):
        runs.setdefault(len(run[0]), []).append(run.start())
    position = 0
    while piece := ESCAPE_OR_RUN.search(text, position):
        position = piece.end()
        closers = runs.get(len(piece[0]), []) if piece[0][0] == "`" else []
        place = bisect_left(closers, position)
        if place < len(closers):
            position = closers[place] + len(piece[0])
            yield piece.start(), position
