"""Tells what stands in a unit without its key: no right mark, no accepted answer, no feedback, no explanation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from modules.document.answer_key.units import Group, first_line
from modules.document.syntax.quiz import COMMENT, is_quote, is_tasks, top_level
from modules.document.syntax.source import split_lines

RIGHT = re.compile(r"\[[xX]\]")
ACCEPTED = re.compile(r"[^\[]*\[=\]")


@dataclass(frozen=True, slots=True)
class Block:
    """Describes the lines of a unit that the key changes.

    ``start`` and ``end`` are lines from 0, the end excluded; both are ``start`` where the unit has no key. ``public``
    are the lines that stand there without the key. ``answers_at`` is the place of the first choice among them.
    """

    start: int
    end: int
    public: tuple[str, ...] = ()
    answers_at: int | None = None


def block_of(groups: Sequence[Group], lines: Sequence[str]) -> Block:
    """Returns the block of a unit with these blocks, whose text stands on these lines of a whole text."""
    shown = _Shown(lines)
    shown.hide(groups)
    changed = shown.changed
    if not changed:
        start = first_line(groups[0]) if groups else 0
        return Block(start, start)
    answers = next((first_line(group) for group in groups if is_tasks(group)), None)
    starts = [first_line(group) for group in groups]
    # A block begins with a whole one of Markdown, so that it is read alone as it is read in the text.
    start = max(place for place in starts if place <= min(changed)) if answers is not None else starts[0]
    ends = [
        _last_line(group, lines) for group in groups if is_tasks(group)
    ]  # all choices, so that a person can read it
    return shown.block(start, max([max(changed) + 1, *ends]), answers)


def _last_line(group: Group, lines: Sequence[str]) -> int:
    """Returns the line after a block of Markdown, without the blank lines that end it."""
    start, end = group[0].map or [0, 0]
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


@dataclass(slots=True)
class _Shown:
    """Holds the lines that stay, by their places where they differ: ``None`` for a line that is hidden."""

    lines: Sequence[str]
    changed: dict[int, str | None] = field(default_factory=dict)
    has_accepted: bool = False

    def hide(self, groups: Iterable[Group]) -> None:
        has_choices = False
        for group in groups:
            if is_tasks(group):
                has_choices = True
                for item in top_level(group[1:-1]):
                    self._hide_key_of_item(item)
            elif has_choices and is_quote(group):
                self._hide(group[0])
            for token in group:
                self._hide_comments(token)

    def block(self, start: int, end: int, answers: int | None) -> Block:
        """Returns the block between two lines, without blank lines that would stand in the place of what is hidden."""
        public: list[str] = []
        answers_at: int | None = None
        was_hidden = False
        for place in range(start, end):
            line = self._line(place)
            if place == answers:
                answers_at = len(public)
            if line is None:
                was_hidden = True
            elif line.strip() or not was_hidden or (public and public[-1].strip()):
                public += split_lines(line)
                was_hidden = was_hidden and not line.strip()
        while public and not public[-1].strip():
            public.pop()
        return Block(start, end, tuple(public), answers_at)

    def _line(self, place: int) -> str | None:
        return self.changed.get(place, self.lines[place])

    def _hide_key_of_item(self, item: Group) -> None:
        mark = item[0].meta.get("task")
        if mark == "=":
            self._hide_accepted_answer(item)
            return
        if mark == "x":
            self._unmark(first_line(item[1:]))
        for group in top_level(item[1:-1]):
            if is_quote(group):
                self._hide(group[0])

    def _hide_accepted_answer(self, item: Group) -> None:
        """Hides an accepted answer. The mark of the first one stays, as a place for the key."""
        line = first_line(item[1:])
        end = self.lines[line][len(self.lines[line].rstrip("\r\n")) :]
        match = ACCEPTED.match(self.lines[line])
        self._hide(item[0])
        if match and not self.has_accepted:
            self.has_accepted = True
            for place in range(first_line(item), line):  # the mark of a list may stand above its words
                del self.changed[place]
            self.changed[line] = match[0] + end

    def _unmark(self, place: int) -> None:
        self.changed[place] = RIGHT.sub("[ ]", self.lines[place], count=1)

    def _hide(self, token: Token) -> None:
        """Hides the lines of a token, without the blank lines that end them."""
        self.changed.update(dict.fromkeys(range(first_line([token]), _last_line([token], self.lines))))

    def _hide_comments(self, token: Token) -> None:
        comments = [child.content for child in token.children or [] if child.type == "html_inline"]
        comments = [comment for comment in comments if comment.startswith("<!--")]
        if not token.map or not (comments or (token.type == "html_block" and "<!--" in token.content)):
            return
        start, end = token.map
        before = "".join(self._line(place) or "" for place in range(start, end))
        after = _without(comments, before) if comments else COMMENT.sub("", before)
        if after != before:
            self.changed.update(dict.fromkeys(range(start, end)))
            self.changed[start] = after if after.strip() else None


def _without(comments: Iterable[str], text: str) -> str:
    """Returns a text without comments. One that its lines break otherwise goes with everything that looks like one."""
    for comment in comments:
        text = text.replace(comment, "", 1) if comment in text else COMMENT.sub("", text)
    return text
