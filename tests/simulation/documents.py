"""Describes documents from the view of their authors. Every part keeps its ``uid``, even when all its words change.

Documents are values. ``write`` returns the Markdown, which never contains a uid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """Describes a paragraph of sentences, a list of items, a table of two columns, code, or a subheading."""

    kind: str  # "paragraph", "list", "table", "code", "heading"
    lines: tuple[str, ...]

    def write(self, level: int) -> str:
        """Returns the Markdown of a block in a section of this level."""
        match self.kind:
            case "list":
                return "\n".join(f"- {line}" for line in self.lines)
            case "table":
                rows = [f"| {line.partition(' ')[0]} | {line.partition(' ')[2]} |" for line in self.lines]
                return "\n".join(["| Nama | Arti |", "| --- | --- |", *rows])
            case "code":
                return "\n".join(["```python", *self.lines, "```"])
            case "heading":
                return f"{'#' * (level + 1)} {self.lines[0]}"
        return " ".join(self.lines)


@dataclass(frozen=True)
class Section:
    """Describes a section. ``identity`` is the written one; ``parent`` is the uid of the section it was split from."""

    uid: int
    heading: str
    blocks: tuple[Block, ...] = ()
    identity: str = ""
    is_underlined: bool = False
    parent: int | None = None

    @property
    def lines(self) -> list[str]:
        return [line for block in self.blocks for line in block.lines]

    def write(self, level: int) -> str:
        written = f"{self.heading} {{#{self.identity}}}" if self.identity else self.heading
        is_underlined = self.is_underlined and level == 2  # a line of hyphens makes a heading of this level
        head = f"{written}\n{'-' * len(written)}" if is_underlined else f"{'#' * level} {written}"
        return "\n\n".join([head, *(block.write(level) for block in self.blocks)]) + "\n\n"


@dataclass(frozen=True)
class Choice:
    uid: int
    text: str
    is_right: bool
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """Describes a question with choices or with short ``answers``. ``pool`` is the heading of its pool."""

    uid: int
    heading: str
    choices: tuple[Choice, ...] = ()
    answers: tuple[str, ...] = ()
    points: int = 1
    body: str = ""
    explanation: str = ""
    identity: str = ""
    pool: str = ""

    @property
    def lines(self) -> list[str]:
        return [*filter(None, [self.body, self.explanation]), *(choice.text for choice in self.choices)]

    @property
    def right(self) -> frozenset[int]:
        """Returns the uids of the right choices."""
        return frozenset(choice.uid for choice in self.choices if choice.is_right)

    def write(self, level: int) -> str:
        attributes = [f"#{self.identity}"] if self.identity else []
        attributes += [f"points={self.points}"] if self.points != 1 else []
        braces = f" {{{' '.join(attributes)}}}" if attributes else ""
        parts = [f"{'#' * (level + (2 if self.pool else 1))} {self.heading}{braces}"]
        parts += [self.body] if self.body else []
        parts.append("\n".join(self._items()))
        parts += [f"> {self.explanation}"] if self.explanation else []
        return "\n\n".join(parts) + "\n\n"

    def _items(self) -> Iterator[str]:
        for choice in self.choices:
            yield f"- [{'x' if choice.is_right else ' '}] {choice.text}"
            if choice.feedback:
                yield f"  > {choice.feedback}"
        for answer in self.answers:
            yield f"- [=] {answer}"


@dataclass(frozen=True)
class Document:
    """Describes a whole document. Only a document with questions has a quiz.

    ``quiz_place`` is the number of sections before the quiz. ``settings`` holds the lines of the front matter.
    ``level`` is the heading level of the sections: 1 in a document without a title heading. ``is_translated`` says
    that the document is in another language than at first.
    """

    title: str
    introduction: tuple[str, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...] = ()
    quiz_place: int = 0
    quiz_heading: str = "Kuis akhir"
    quiz_words: str = ""
    settings: tuple[str, ...] = ()
    level: int = 2
    line_end: str = "\n"
    begins_with_bom: bool = False
    is_translated: bool = False

    def write(self) -> str:
        parts = [section.write(self.level) for section in self.sections]
        if self.questions:
            parts.insert(self.quiz_place, self._quiz())
        text = "".join([self._preamble(), *parts])
        return ("\ufeff" if self.begins_with_bom else "") + text.replace("\n", self.line_end)

    def _preamble(self) -> str:
        matter = "".join(f"{line}\n" for line in ("---", *self.settings, "---", "")) if self.settings else ""
        title = f"# {self.title}\n\n" if self.level > 1 else ""
        return matter + title + "".join(f"{paragraph}\n\n" for paragraph in self.introduction)

    def _quiz(self) -> str:
        introduction = f"{self.quiz_words}\n\n" if self.quiz_words else ""
        head = f"{'#' * self.level} {self.quiz_heading}\n\n{introduction}"
        return head + "".join(self._questions())

    def _questions(self) -> Iterator[str]:
        """Yields the Markdown of the questions, with a heading before the first question of each pool."""
        for place, question in enumerate(self.questions):
            if question.pool and (place == 0 or self.questions[place - 1].pool != question.pool):
                yield f"{'#' * (self.level + 1)} {question.pool}\n\n"
            yield question.write(self.level)

    def part(self, uid: int) -> Section | Question | None:
        return next((part for part in (*self.sections, *self.questions) if part.uid == uid), None)
