"""What a document says, as values. Every ``source`` is a verbatim slice; every ``html`` is safe."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter

from modules.document.problems import Problem
from modules.document.syntax.rules import Rules

# Characters of a typed answer: the field takes as many as are kept. What is answered for practice is part of an
# address, of which servers read about four thousand bytes.
LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section. ``id`` is unique in the module and begins with ``s-``."""

    level: int
    id: str
    title: str


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
class Section:
    """One page: ``html`` is without its own heading; ``line`` is where that stands, from 1.

    ``checks`` are the questions in its text, in their order; ``html`` asks them, and does not tell their keys.
    """

    identity: str
    title: str
    source: str
    line: int
    html: str
    contents: tuple[Heading, ...]
    words: int
    checks: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions of a quiz under a heading of their own, of which an attempt asks ``draw``, or all where it is ``None``.

    ``source`` ends at its first question, whose place in the quiz is ``place``, from 0; it has ``size`` of them.
    """

    title: str
    source: str
    line: int
    place: int
    size: int
    draw: int | None

    @property
    def asks(self) -> int:
        return min(self.size, self.draw or self.size)

    def holds(self, place: int) -> bool:
        """Whether the question in a place of the quiz stands in this pool."""
        return self.place <= place < self.place + self.size


@dataclass(frozen=True, slots=True)
class Quiz:
    """The final quiz. ``source`` ends at the first pool or question; ``place`` is how many sections stand before it."""

    identity: str
    title: str
    source: str
    line: int
    place: int
    html: str
    questions: tuple[Question, ...]
    pools: tuple[Pool, ...] = ()

    @property
    def text(self) -> str:
        """Its slices in their order, joined."""
        slices = [
            *((one.place, one.source) for one in self.pools),
            *enumerate(one.source for one in self.questions),
        ]
        return self.source + "".join(text for _place, text in sorted(slices, key=itemgetter(0)))


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
            sources.insert(self.quiz.place, self.quiz.text)
        return self.preamble + "".join(sources)

    @property
    def asks(self) -> int:
        """How many questions an attempt asks."""
        if self.quiz is None:
            return 0
        loose = len(self.quiz.questions) - sum(pool.size for pool in self.quiz.pools)
        return min(loose, self.rules.draw or loose) + sum(pool.asks for pool in self.quiz.pools)

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)
