"""One part of a module's document: a section, a question, or what stands before them, with its place in the text."""

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
    """A slice of a document. ``key`` is that of its row; ``line`` is where it begins, from 1, and ``place`` from 0.

    Pools have new rows after every load: theirs is that of their first question.
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
        """The whole document with another text in this place."""
        return self.before + text + self.after

    def closed(self, text: str) -> str:
        """The text with the line end without which the next heading would be no heading any more."""
        if not self.after or not text or text.endswith(("\n", "\r")):
            return text
        lines = source.split_lines(self.source) or [""]
        last = lines[-1]
        return text + (last[len(last.rstrip("\r\n")) :] or "\n")


def find(kind: str, key: int) -> tuple[Module, Part] | None:
    """A standing part by its row, with its module and what stands around it."""
    module = module_of(kind, key)
    parts = parts_of(module) if module else []
    place = next((place for place, part in enumerate(parts) if (part.kind, part.key) == (kind, key)), None)
    if module is None or place is None:
        return None
    before = "".join(part.source for part in parts[:place])
    after = "".join(part.source for part in parts[place + 1 :])
    return module, replace(parts[place], before=before, after=after, place=place)


def module_of(kind: str, key: int) -> Module | None:
    """The module of a part by its row, whether or not that stands in the document still."""
    modules = Module.objects.select_related("quiz", "current__loaded_by")
    if kind == "section":
        return modules.filter(sections=key).first()
    if kind in ("pool", "question"):
        return modules.filter(quiz__questions=key).first()
    if kind == "quiz":
        return modules.filter(quiz=key).first()
    return modules.filter(pk=key).first()


def parts_of(module: Module) -> list[Part]:
    """All parts in the order of the document, without their surroundings; joined, they are the document."""
    rows = module.parts()
    following = [row.pk for row in rows[1:]]
    return [
        Part("preamble", module.pk, module.title, module.preamble),
        *(_part(row, key) for row, key in zip_longest(rows, following)),
    ]


def _part(row: Section | Quiz | Pool | Question, following: int) -> Part:
    return Part(NAMES[type(row)], following if isinstance(row, Pool) else row.pk, str(row), row.source)


def leaves_others(module: Module, place: int, document: Document) -> bool:
    """Whether a document has every part of a module but the one in this place, as it is and where it is.

    Something in a part that nothing closes, such as a comment, may swallow all that follows it.
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
    """The parts of a document by kind and text, in their order."""
    found = [("section", section.source) for section in document.sections]
    if quiz := document.quiz:
        found[quiz.place : quiz.place] = [("quiz", quiz.source), *_asked_in(quiz)]
    return [("preamble", document.preamble), *found]


def _asked_in(quiz: parser.Quiz) -> Iterator[tuple[str, str]]:
    pools = {pool.place: pool for pool in quiz.pools}
    for place, question in enumerate(quiz.questions):
        if pool := pools.get(place):
            yield "pool", pool.source
        yield "question", question.source
