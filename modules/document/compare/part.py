"""Holds the parts that matching compares: the sections and the questions of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from modules.document.compare.likeness import Text, text_of
from modules.document.compare.question_text import ATTRIBUTES, question_text, without_explanation
from modules.document.html.plain_text import TAG
from modules.document.html.tokens import parse
from modules.document.slugs import slugify
from modules.document.syntax.source import normalise

BLANK_LINE = re.compile(r"\n[ \t]*\n")  # ends an underlined heading


@dataclass(frozen=True)
class Part:
    """Describes a section or a question.

    ``key`` differs from the keys of the other parts of the same document. ``is_active`` is false for an archived part.
    ``matters`` is true where a learner has read or answered the part. ``former`` holds the (identity, source) pairs
    that the part had earlier. A question is compared by its prompt first.
    """

    key: str
    identity: str
    title: str
    source: str
    is_active: bool = True
    matters: bool = True
    former: tuple[tuple[str, str], ...] = ()
    is_question: bool = False

    @cached_property
    def wordings(self) -> tuple[str, ...]:
        """Returns the part as it is and as it was earlier, with headings, in which each run of spaces is one space."""
        sources = (self.source, *(source for _identity, source in self.former))
        return tuple(dict.fromkeys(" ".join(normalise(source).split()) for source in sources))

    @cached_property
    def plain_wordings(self) -> tuple[str, ...]:
        """Returns the wordings without the level of the heading. A question has no points and no explanation there."""
        sources = (self.source, *(source for _identity, source in self.former))
        return tuple(dict.fromkeys(self._plain(normalise(source).lstrip()) for source in sources))

    def _plain(self, source: str) -> str:
        heading, _end, text = (without_explanation(source) if self.is_question else source).partition("\n")
        bare = ATTRIBUTES.sub("", heading) if self.is_question else heading
        return " ".join([*bare.lstrip("# ").split(), *text.split()])

    @cached_property
    def text(self) -> Text:
        """Returns the text in the form that is compared."""
        return self.text_with(self.title, self.source)

    def text_with(self, title: str, source: str) -> Text:
        """Returns another text of the same kind of part in the form that is compared."""
        return question_text(title, source) if self.is_question else text_of(title, source)

    @cached_property
    def derived_identity(self) -> str:
        """Returns the identity that the heading gives: without a number, and without tags that are no code."""
        identity = slugify(self.title)
        return identity if self.identity.startswith(identity) else slugify(TAG.sub("", self.title))

    @cached_property
    def has_written_identity(self) -> bool:
        """Checks whether the author wrote the identity down, as ``{#identity}``."""
        return written_identity(self.source) == self.identity


def written_identity(source: str) -> str:
    """Returns the identity in braces behind the heading of a part, or an empty string without one."""
    text = normalise(source).lstrip("\n")
    heading = text.partition("\n")[0] if text.lstrip(" ").startswith("#") else BLANK_LINE.split(text, 1)[0]
    if "{" not in heading:  # parsing each heading of a long document takes long
        return ""
    token = parse(heading)[0]
    return str(token.meta["attributes"].id) if token.type == "heading_open" else ""
