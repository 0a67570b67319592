"""What a document says, as values. Every ``source`` is a verbatim slice; every ``html`` is safe."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .problems import Problem
from .rules import Rules


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section. ``id`` is unique in the module and begins with ``s-``."""

    level: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """One page: ``html`` is without its own heading; ``line`` is where that stands, from 1."""

    identity: str
    title: str
    source: str
    line: int
    html: str
    contents: tuple[Heading, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice. ``key`` is made of its text alone, so that it tells nothing and an answer stays with its choice."""

    key: str
    html: str
    text: str
    right: bool
    feedback: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted answer; ``value`` and ``tolerance`` are decimals as text where it is a number."""

    text: str
    value: str | None = None
    tolerance: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question. ``kind``: ``single``, ``multiple``, ``short`` or ``numerical``; ``html`` stands under its heading."""

    identity: str
    title: str
    source: str
    line: int
    kind: str
    points: Fraction
    title_html: str
    html: str
    choices: tuple[Choice, ...]
    answers: tuple[Answer, ...]
    explanation: str
    explains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiz:
    """The final quiz. ``source`` ends at the first question; ``place`` is how many sections stand before it."""

    identity: str
    title: str
    source: str
    line: int
    place: int
    html: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole module as it is written. ``text`` is the input, character for character."""

    title: str
    slug: str
    slug_is_given: bool
    language: str
    summary: str
    rules: Rules
    preamble: str
    introduction: str
    sections: tuple[Section, ...]
    quiz: Quiz | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def text(self) -> str:
        """All slices in their order, joined."""
        sources = [section.source for section in self.sections]
        if self.quiz:
            sources.insert(
                self.quiz.place, self.quiz.source + "".join(one.source for one in self.quiz.questions)
            )
        return self.preamble + "".join(sources)

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)
