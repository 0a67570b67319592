"""Holds what the texts of one document share while they are rendered: link targets, images, footnotes, the budget."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it.token import Token

from modules.document.deadline import NEVER, Deadline
from modules.document.html.images import ImageIndex
from modules.document.problems import Problem
from modules.document.slugs import is_kept_by_slug, linkable, slugify

Target = tuple[str, str]  # the identity of a section, and the id of a heading in it, or ""


@dataclass
class Site:
    """Holds the link targets, images and footnotes of one document, and how many characters may still be written.

    ``anchors`` has targets by identity, ``aliases`` by the other names that a link may use for a heading.
    ``largest_page`` is the size that HTML may have, ``oversize`` that of the last text which is not shown for it.
    ``coloured`` adds up the squares of the lengths of coloured code, each as a part of the longest allowed.
    ``labels`` counts the tables of a section that have the same name. ``slots`` has the safe HTML of each formula and
    question by the word that holds its place until the sanitiser is done. ``shown`` has the paths of the images that
    are on a page, and ``renamed`` those among them that the text names otherwise: the line and the path by its address.
    ``missing`` has the paths of images that the document does not have. ``found`` has the paths that each address may
    mean.
    """

    budget: int
    words: Mapping[str, str]
    deadline: Deadline = NEVER
    largest_page: int | None = None
    oversize: int = 0
    coloured: float = 0
    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    anchors: dict[str, Target] = field(default_factory=dict)
    aliases: dict[str, Target] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    renamed: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    footnotes: dict[int, list[Token]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, str, str]] = field(default_factory=set)
    slots: dict[str, str] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(12))

    @cached_property
    def image_index(self) -> ImageIndex:
        return ImageIndex(self.images)

    def call(self, heading: str, target: Target) -> None:
        """Lets links name a heading by its words; of several headings with the same words, the first one counts."""
        for name in (linkable(heading), slugify(heading)):
            if name:
                self.aliases.setdefault(name, target)

    def target(self, name: str) -> Target | None:
        """Returns the target of a link ``#name``, or ``None``. An exact identity goes before words that look alike."""
        names = [name, linkable(name)]
        if is_kept_by_slug(name):
            names.append(slugify(name))
        targets = (
            table[candidate]
            for candidate in names
            for table in (self.anchors, self.aliases)
            if candidate in table
        )
        return next(targets, None)

    def warn(self, line: int, code: str, template: str, **params: str) -> None:
        """Notes a warning, once for each place however often that place is rendered."""
        key = (line, code, "".join(params.values()))
        if key not in self.seen:
            self.seen.add(key)
            self.problems.append(Problem(line, "warning", code, template, params))

    def spend(self, size: int) -> bool:
        """Takes a number of characters from the budget; returns false when nothing is left."""
        self.budget -= size
        return self.budget >= 0

    def is_too_large(self, page: str) -> bool:
        """Checks whether the HTML of a text is too large to be shown, and notes its size."""
        if self.largest_page is None or len(page) <= self.largest_page:
            return False
        self.oversize = len(page)
        return True


@dataclass(slots=True)
class Notes:
    """Holds the footnotes that one text mentions, in their order; ``prefix`` begins their ids on its page.

    ``marked`` has the numbers whose mention is on the page, so that the footnote can lead back to it.
    """

    prefix: str = "s-"
    order: list[int] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)

    def mention(self, note: int) -> int:
        """Returns the number that a footnote has in this text."""
        if note not in self.numbers:
            self.order.append(note)
            self.numbers[note] = len(self.order)
        return self.numbers[note]
