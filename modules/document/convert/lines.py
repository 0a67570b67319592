"""Holds the lines of a text, and knows which of them are text: not front matter, not code, not a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from modules.document.convert.writing import is_fence_end
from modules.document.deadline import NEVER, Deadline
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.source import normalise

FENCE = re.compile(r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(?P<fence>`{3,}(?!.*`)|~{3,})")
HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})(?:[ \t]+(?P<words>.*))?$")
GLUED = re.compile(r"^(#{1,6})(?=[^\s#])")
CLOSING_SIGNS = re.compile(r"(?:^|[ \t])#+[ \t]*$")
NO_CODE = re.compile(r"`[^`]{2,}`|<!--.*?-->|%%.*?%%")  # code and comments in a line
RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$| {0,3}(?:\*[ \t]*){3,}$| {0,3}(?:_[ \t]*){3,}$")


class Lines:
    """Holds the lines of a normalised text. ``shown[i]`` tells whether line ``i``, from 0, is text.

    ``levels[i]`` is the level of the heading on a line, or 0. Where no heading has a blank after its number signs, all
    get one, and ``is_mended`` is true. ``original`` has the lines as they are kept, also if a reader writes labels in
    ``all`` as plain letters. Code that reads many lines asks ``deadline`` between them.
    """

    def __init__(self, text: str, deadline: Deadline = NEVER) -> None:
        self.deadline = deadline
        normal = normalise(text)
        self.matter = parse_front_matter(normal)[0]
        self.all = normal.split("\n")
        self.shown = list(_shown(self.all, self.matter.lines))
        self.is_mended = self._has_glued_headings()
        if self.is_mended:
            self.all = [
                GLUED.sub(r"\1 ", line) if shown else line
                for line, shown in zip(self.all, self.shown, strict=True)
            ]
        self.original = self.all
        self.levels = [
            heading_level(line) if shown else 0 for line, shown in zip(self.all, self.shown, strict=True)
        ]

    def _has_glued_headings(self) -> bool:
        """Checks whether all headings lack the blank after their number signs. A single one is a hashtag."""
        shown = [line for line, shown in zip(self.all, self.shown, strict=True) if shown]
        return sum(bool(GLUED.match(line)) for line in shown) > 1 and not any(map(HEADING.match, shown))

    def __len__(self) -> int:
        return len(self.all)

    def is_blank(self, place: int) -> bool:
        return not self.all[place].strip()

    def is_rule(self, place: int) -> bool:
        return self.shown[place] and bool(RULE.match(self.all[place]))

    def skip_blank(self, place: int) -> int:
        """Returns the next line from ``place`` on that is not blank, or the number of lines."""
        while place < len(self.all) and self.is_blank(place):
            place += 1
        return place

    def end_of_part(self, start: int) -> int:
        """Returns the line after the part that the heading on line ``start`` begins."""
        level = self.levels[start]
        return next(
            (place for place in range(start + 1, len(self.all)) if 0 < self.levels[place] <= level),
            len(self.all),
        )


def heading_level(line: str) -> int:
    match = HEADING.match(line)
    return len(match["signs"]) if match else 0


def heading_words(line: str) -> str:
    """Returns the words of a heading without its number signs; of another line, the line itself."""
    match = HEADING.match(line)
    return CLOSING_SIGNS.sub("", match["words"] or "").strip() if match else line.strip()


def _shown(lines: Sequence[str], matter: int) -> Iterator[bool]:
    fence, in_comment = "", False
    for place, line in enumerate(lines):
        if place < matter:
            yield False
        elif fence:
            fence = "" if is_fence_end(line, fence) else fence
            yield False
        elif in_comment:
            in_comment = "-->" not in line
            yield False
        elif match := FENCE.match(line):
            fence = match["fence"]
            yield False
        else:
            in_comment = line.rfind("<!--") > line.rfind("-->")
            yield True


def without_break(words: str) -> str:
    """Returns the words of a line without the backslash that breaks the line at its end."""
    words = words.rstrip()
    is_broken = words.endswith("\\") and not words.endswith("\\\\")
    return words[:-1].rstrip() if is_broken else words
