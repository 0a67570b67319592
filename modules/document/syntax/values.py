"""Holds a document as values. Every ``source`` is a verbatim slice of its text; every ``html`` is safe."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter

from modules.document.html.first_paragraph import first_paragraph
from modules.document.problems import Problem
from modules.document.syntax.access import Access
from modules.document.syntax.check_answers import CheckAnswers
from modules.document.syntax.rules import Rules

# Characters of a typed answer. The field accepts as many as are saved. An answer for practice is part of an address:
# raised, the address may exceed the four thousand bytes that servers accept.
LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Heading:
    """Describes a heading inside a section. ``id`` is unique in the module and begins with ``s-``."""

    level: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Describes a choice. ``key`` is made of its text, so that an answer stays with its choice and reveals nothing."""

    key: str
    html: str
    text: str
    right: bool
    feedback: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Describes an accepted answer. For a number, ``value`` and ``tolerance`` are decimals as text.

    ``unit`` may stand beside a typed number, and has to if ``needs_unit``. It stands first if ``unit_first``.
    ``as_written``: every sign counts. ``case``: capitals count.
    """

    text: str
    value: str | None = None
    tolerance: str | None = None
    unit: str = ""
    needs_unit: bool = False
    as_written: bool = False
    case: bool = False
    unit_first: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Describes a question. ``kind`` is ``single``, ``multiple``, ``short`` or ``numerical``.

    ``html`` is the text between its heading and its choices. ``explains`` has the identities of the sections that its
    explanation links to.
    """

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

    @property
    def size(self) -> int:
        """Returns the number of characters of all its HTML."""
        choices = sum(len(choice.html) + len(choice.feedback) for choice in self.choices)
        return len(self.title_html) + len(self.html) + choices + len(self.explanation)


@dataclass(frozen=True, slots=True)
class Section:
    """Describes a section. ``html`` leaves out its heading, which is on ``line``, from 1.

    ``checks`` are the questions in its text, in their order. ``html`` asks them without their keys.
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
    """Describes a pool of ``size`` questions, of which an attempt asks ``draw``, or all if that is ``None``.

    ``source`` ends at its first question. ``place`` is the position of that question in the quiz, from 0.
    """

    title: str
    source: str
    line: int
    place: int
    size: int
    draw: int | None

    @property
    def asks(self) -> int:
        """Returns the number of its questions that an attempt asks."""
        return min(self.size, self.draw or self.size)

    def holds(self, place: int) -> bool:
        """Checks whether the question at a position of the quiz belongs to this pool."""
        return self.place <= place < self.place + self.size


@dataclass(frozen=True, slots=True)
class Quiz:
    """Describes the final quiz. ``source`` ends at the first pool or question.

    ``place`` is the number of sections before it.
    """

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
        """Returns its slices in their order, joined."""
        slices = [
            *((pool.place, pool.source) for pool in self.pools),
            *enumerate(question.source for question in self.questions),
        ]
        return self.source + "".join(text for _place, text in sorted(slices, key=itemgetter(0)))


@dataclass(frozen=True, slots=True)
class Document:
    """Describes a whole document. ``text`` is the input, character for character.

    ``lacks`` names what a whole module has and this one does not: ``headings``, or a ``quiz`` without ``quiz: none``.
    ``shown_images`` has the paths of the images that it shows, and ``missing_images`` those of the ones that it lacks.
    ``lacks_key`` tells whether its key is in a file of its own. ``access`` says who may read it,
    and ``checks`` what is kept of the answers to the questions in its text.
    """

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
    lacks: tuple[str, ...] = ()
    shown_images: frozenset[str] = frozenset()
    missing_images: tuple[str, ...] = ()
    lacks_key: bool = False
    access: str = Access.LEARNERS.value
    checks: str = CheckAnswers.COUNTED.value

    @property
    def opening(self) -> str:
        """Returns the first paragraph of the text, as words."""
        texts = (self.introduction, *(section.html for section in self.sections))
        return next(filter(None, map(first_paragraph, texts)), "")

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def text(self) -> str:
        """Returns all slices in their order, joined."""
        sources = [section.source for section in self.sections]
        if self.quiz:
            sources.insert(self.quiz.place, self.quiz.text)
        return self.preamble + "".join(sources)

    @property
    def asks(self) -> int:
        """Returns the number of questions that an attempt asks."""
        if self.quiz is None:
            return 0
        loose = len(self.quiz.questions) - sum(pool.size for pool in self.quiz.pools)
        return min(loose, self.rules.draw or loose) + sum(pool.asks for pool in self.quiz.pools)

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)
