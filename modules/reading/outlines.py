"""Computes the outline of a module for a learner: its sections, its quiz, and how far the learner is.

Everything follows from facts (readings, attempts) and from the sections that are active now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.urls import reverse

from accounts.models import Visitor
from modules.document.syntax.parser import Document
from modules.document.syntax.review import shown_always
from modules.models import Module, Quiz, minutes_for
from modules.reading.places import Place, place_of
from modules.reading.visible_grades import visible_grades


@dataclass(frozen=True, slots=True)
class Stop:
    """A section on a learner's path. ``number`` counts from 1, and ``minutes`` is the reading time.

    ``is_changed``: the section has changed since the learner read it, and its page says so. ``has_lapsed``: the
    learner has read the section, but has to read it again. ``has_new_part``: only because of text that was not read.
    """

    number: int
    identity: str
    title: str
    minutes: int
    is_read: bool
    url: str
    is_changed: bool = False
    has_lapsed: bool = False
    has_new_part: bool = False


@dataclass(frozen=True, slots=True)
class QuizStop:
    """The quiz at the end of a learner's path. ``is_passed``: the learner has passed and may know it.

    ``hides_marks``: the learner has submitted an attempt, but may not know its outcome yet.
    """

    title: str
    url: str
    questions: int
    is_open: bool
    is_passed: bool
    hides_marks: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A module as one learner sees it: the path, and how far the learner is on it.

    ``place`` is where a learner who has begun left the text last.
    """

    module: Module
    stops: Sequence[Stop]
    quiz: QuizStop | None
    is_finished: bool = False
    has_begun: bool = False
    place: Place | None = None

    @property
    def read(self) -> int:
        return sum(stop.is_read for stop in self.stops)

    @property
    def total(self) -> int:
        return len(self.stops)

    @property
    def steps(self) -> int:
        """Counts the sections and the quiz."""
        return self.total + (self.quiz is not None)

    @property
    def done(self) -> int:
        return self.read + (self.quiz is not None and self.quiz.is_passed)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.steps if self.steps else 0

    @property
    def waits_for_quiz(self) -> bool:
        """Tells whether only the quiz is left to pass, as far as the learner may know."""
        is_left = self.read == self.total and self.quiz is not None and not self.quiz.is_passed
        return is_left and not self.is_finished and not self.hides_marks

    @property
    def hides_marks(self) -> bool:
        return self.quiz is not None and self.quiz.hides_marks

    @property
    def minutes(self) -> int:
        return sum(stop.minutes for stop in self.stops)

    @property
    def minutes_left(self) -> int:
        return sum(stop.minutes for stop in self.stops if not stop.is_read)

    @property
    def next_stop(self) -> Stop | None:
        """Returns the first unread section."""
        return next((stop for stop in self.stops if not stop.is_read), None)

    @property
    def resume_url(self) -> str:
        """Returns the address of the first unread section, at the heading where the learner left it."""
        stop, place = self.next_stop, self.place
        if stop is None:
            return ""
        is_there = place is not None and place.identity == stop.identity and place.anchor
        return f"{stop.url}#{place.anchor}" if place and is_there else stop.url

    def stop(self, identity: str) -> Stop | None:
        return next((stop for stop in self.stops if stop.identity == identity), None)

    def before(self, stop: Stop) -> Stop | None:
        return self.stops[stop.number - 2] if stop.number > 1 else None

    def after(self, stop: Stop) -> Stop | QuizStop | None:
        return self.stops[stop.number] if stop.number < self.total else self.quiz

    def unread(self) -> list[Stop]:
        return [stop for stop in self.stops if not stop.is_read]

    def lapsed(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.has_lapsed]


class PathRow(NamedTuple):
    """A row of ``PATH``, whose columns are in this order. Booleans are 0 and 1 in SQLite, and may be ``None``."""

    identity: str | None
    title: str
    words: int
    is_read: bool
    is_changed: bool | None
    has_lapsed: bool | None
    has_new_part: bool | None
    quiz_title: str | None
    questions: int
    review: str
    quiz_opens: str
    is_passed: bool
    is_finished: bool
    is_submitted: bool | None
    has_open_attempt: bool | None
    has_begun: bool
    place: str | None


# Returns a row for each section, or one row if there is no section. Every row repeats the columns of the active quiz.
# The outline is on every page of a module, and building this query through the ORM takes thirty times as long as
# running it. It repeats these QuerySet methods, which have to change with it: `SectionQuerySet.active`,
# `ReadingQuerySet.counting`, and `kept`, `submitted` and `open` of `AttemptQuerySet`.
# Texts are compared only if a section changed after it was read, since it may have returned to the text that was read.
PATH = """
WITH mine AS (
    SELECT id, passed_at, finished_at, place FROM modules_enrolment WHERE module_id = %(module)s AND learner_id = %(learner)s
), taken AS (
    SELECT quiz_id, COUNT(*) AS made, COUNT(submitted_at) AS submitted, COUNT(abandoned_at) AS abandoned
    FROM modules_attempt WHERE deleted_at IS NULL AND enrolment_id = (SELECT id FROM mine) GROUP BY quiz_id
)
SELECT section.identity, section.title, section.words, reading.id IS NOT NULL,
    CASE WHEN reading.revision_id < section.changed_in_id THEN COALESCE((
        SELECT former.source <> section.source FROM modules_formertext former
        WHERE former.section_id = section.id AND former.until_id > reading.revision_id ORDER BY former.until_id LIMIT 1
    ), TRUE) END,
    reading.id IS NULL AND section.id IN (
        SELECT section_id FROM modules_reading WHERE lapsed_at IS NOT NULL AND enrolment_id = (SELECT id FROM mine)
    ),
    CASE WHEN reading.id IS NULL THEN (
        SELECT lapsed.lacks_part FROM modules_reading lapsed
        WHERE lapsed.section_id = section.id AND lapsed.enrolment_id = mine.id ORDER BY lapsed.id DESC LIMIT 1
    ) END,
    quiz.title, quiz.asks, quiz.review, quiz.quiz_opens, mine.passed_at IS NOT NULL, mine.finished_at IS NOT NULL,
    taken.submitted > 0, taken.made > taken.submitted + taken.abandoned, mine.id IS NOT NULL, mine.place
FROM modules_module module
LEFT JOIN modules_quiz quiz ON quiz.module_id = module.id AND quiz.archived_at IS NULL
LEFT JOIN mine ON TRUE
LEFT JOIN taken ON taken.quiz_id = quiz.id
LEFT JOIN modules_section section ON section.module_id = module.id AND section.archived_at IS NULL
LEFT JOIN modules_reading reading ON reading.section_id = section.id AND reading.enrolment_id = mine.id
    AND reading.lapsed_at IS NULL
WHERE module.id = %(module)s
ORDER BY section.place
"""


def outline(module: Module, learner: Visitor) -> Outline:
    """Returns the path of a learner, or of a visitor who has not signed in, through a module.

    It takes one query. Up to two more find out whether the learner may know the outcome of the quiz.
    """
    with connection.cursor() as cursor:
        cursor.execute(PATH, {"module": module.pk, "learner": learner.pk})
        rows = list(map(PathRow._make, cursor.fetchall()))
    stops = _stops(module, rows)
    quiz = _quiz_stop(module, learner, rows[0], stops)
    mine = rows[0]
    return Outline(module, stops, quiz, bool(mine.is_finished), bool(mine.has_begun), place_of(mine.place))


def _stops(module: Module, rows: Sequence[PathRow]) -> list[Stop]:
    base = module.get_absolute_url()
    return [
        Stop(
            number,
            row.identity,
            row.title,
            minutes_for(row.words),
            bool(row.is_read),
            f"{base}{row.identity}/",
            bool(row.is_changed),
            bool(row.has_lapsed),
            bool(row.has_new_part),
        )
        for number, row in enumerate(rows, start=1)
        if row.identity is not None
    ]


def _quiz_stop(module: Module, learner: Visitor, row: PathRow, stops: Sequence[Stop]) -> QuizStop | None:
    if row.quiz_title is None:
        return None
    has_outcome = row.is_passed or row.is_submitted
    may_know = not has_outcome or row.is_finished or _may_know_outcome(module, learner, row.review)
    return QuizStop(
        row.quiz_title,
        reverse("quiz", args=[module.slug]),
        row.questions,
        is_open=bool(row.has_open_attempt) or _opens(row.quiz_opens, stops),
        is_passed=bool(row.is_passed and may_know),
        hides_marks=not may_know,
    )


def _opens(opens: str, stops: Sequence[Stop]) -> bool:
    return opens == Quiz.QuizOpens.AT_ONCE or all(stop.is_read for stop in stops)


def _may_know_outcome(module: Module, learner: Visitor, review: str) -> bool:
    """Tells whether a learner may see the marks of their attempts, and so may know the outcome.

    The caller does not ask this for a finished module: a learner who has finished knows the outcome from that.
    """
    return "marks" in shown_always(review) or module.pk in visible_grades([module], learner)


def open_outline(module: Module, learner: Visitor) -> Outline:
    """Returns the learner's path, which is empty while the module is withdrawn for everybody."""
    return outline(module, learner) if module.is_readable else Outline(module, (), None)


def outline_of(document: Document, module: Module, base: str) -> Outline:
    """Returns the path through a document that is not loaded: nothing is read, and addresses start with ``base``."""
    stops = [
        Stop(
            number,
            section.identity,
            section.title,
            minutes_for(section.words),
            False,
            f"{base}{section.identity}/",
        )
        for number, section in enumerate(document.sections, start=1)
    ]
    quiz = document.quiz
    last = QuizStop(quiz.title, f"{base}{quiz.identity}/", document.asks, True, False) if quiz else None
    return Outline(module, stops, last)
