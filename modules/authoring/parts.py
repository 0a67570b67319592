"""Finds one part of a module's document by its row: a section, a question, the quiz, a pool, or the preamble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from modules.document.syntax import parser, source
from modules.document.syntax.parser import Document
from modules.models import Module, Pool, Question, Quiz, Section

NAMES = {Section: "section", Quiz: "quiz", Pool: "pool", Question: "question"}
KINDS = ("preamble", *NAMES.values())


@dataclass(frozen=True, slots=True)
class Part:
    """Holds a slice of a document.

    ``key`` is that of its row, ``line`` its first line, from 1, and ``place`` counts from 0. A pool has a new row after
    every load, so its ``key`` is that of its first question.
    """

    kind: str
    key: int
    title: str
    source: str
    before: str = ""
    after: str = ""
    place: int = 0

    @property
    def which(self) -> str:
        """Returns the name by which the preview knows the part."""
        return f"{self.kind}:{self.key}"

    @property
    def line(self) -> int:
        return len(source.split_lines(self.before)) + 1

    def replaced_by(self, text: str) -> str:
        """Returns the whole document with another text in this place."""
        return self.before + text + self.after

    def closed(self, text: str) -> str:
        """Returns the text with a line end, without which the next heading would be part of its last line."""
        if not self.after or not text or text.endswith(("\n", "\r")):
            return text
        lines = source.split_lines(self.source) or [""]
        last = lines[-1]
        return text + (last[len(last.rstrip("\r\n")) :] or "\n")


def find(kind: str, key: int) -> tuple[Module, Part] | None:
    """Returns the module and the active part of a row, with the text around it."""
    module = module_of(kind, key)
    parts = parts_of(module) if module else []
    place = next((place for place, part in enumerate(parts) if (part.kind, part.key) == (kind, key)), None)
    if module is None or place is None:
        return None
    before = "".join(part.source for part in parts[:place])
    after = "".join(part.source for part in parts[place + 1 :])
    return module, replace(parts[place], before=before, after=after, place=place)


def module_of(kind: str, key: int) -> Module | None:
    """Returns the module of a part by its row, whether or not the part is still active."""
    modules = Module.objects.select_related("quiz", "current__loaded_by")
    if kind == "section":
        return modules.filter(sections=key).first()
    if kind in ("pool", "question"):
        return modules.filter(quiz__questions=key).first()
    if kind == "quiz":
        return modules.filter(quiz=key).first()
    return modules.filter(pk=key).first()


def parts_of(module: Module) -> list[Part]:
    """Returns all parts in the order of the document, without the text around them. Joined, they are the document."""
    rows = module.parts()
    following = [row.pk for row in rows[1:]]
    return [
        Part("preamble", module.pk, module.title, module.preamble),
        *(_part(row, key) for row, key in zip_longest(rows, following)),
    ]


def _part(row: Section | Quiz | Pool | Question, following: int) -> Part:
    return Part(NAMES[type(row)], following if isinstance(row, Pool) else row.pk, str(row), row.source)


def leaves_others(module: Module, place: int, document: Document) -> bool:
    """Checks whether a document has every part of a module but the one in this place, as it is and where it is.

    A part may begin something, such as a comment, that is not closed and takes in all parts after it.
    """
    active = [(part.kind, part.source) for part in parts_of(module)]
    coming = _slices(document)
    after = len(active) - place - 1
    return (
        len(coming) >= place + after
        and coming[:place] == active[:place]
        and coming[len(coming) - after :] == active[place + 1 :]
    )


def _slices(document: Document) -> list[tuple[str, str]]:
    """Returns the parts of a document by kind and text, in their order."""
    slices = [("section", section.source) for section in document.sections]
    if quiz := document.quiz:
        slices[quiz.place : quiz.place] = [("quiz", quiz.source), *_asked_in(quiz)]
    return [("preamble", document.preamble), *slices]


def _asked_in(quiz: parser.Quiz) -> Iterator[tuple[str, str]]:
    pools = {pool.place: pool for pool in quiz.pools}
    for place, question in enumerate(quiz.questions):
        if pool := pools.get(place):
            yield "pool", pool.source
        yield "question", question.source
