"""Progress: what a learner has read, what comes next, when a module is finished.

Everything here is computed from facts (readings, attempts) and the sections that stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse

from modules.document.syntax.parser import Document
from modules.document.syntax.review import shown_always
from modules.models import Module, Quiz, minutes_for
from modules.reading.visible_grades import visible_grades


@dataclass(frozen=True, slots=True)
class Stop:
    """A section as a point on a learner's path. ``number`` counts from 1.

    ``is_changed``: the learner has read a text of it that has changed since, and is told of it. ``has_lapsed``: they
    have read it, and are asked to read it again.
    """

    number: int
    identity: str
    title: str
    minutes: int
    is_read: bool
    url: str
    is_changed: bool = False
    has_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class QuizStop:
    """The final quiz at the end of a learner's path. ``is_passed``: it is, and the learner may know.

    ``hides_marks``: an attempt is submitted, and the learner may not know yet what came of it.
    """

    title: str
    url: str
    questions: int
    is_open: bool
    is_passed: bool
    hides_marks: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A module as one learner has it before them: the path, and how far they are on it."""

    module: Module
    stops: Sequence[Stop]
    quiz: QuizStop | None
    is_finished: bool = False

    @property
    def read(self) -> int:
        return sum(stop.is_read for stop in self.stops)

    @property
    def total(self) -> int:
        return len(self.stops)

    @property
    def steps(self) -> int:
        """What there is to do: each section, and the quiz."""
        return self.total + (self.quiz is not None)

    @property
    def done(self) -> int:
        return self.read + (self.quiz is not None and self.quiz.is_passed)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.steps if self.steps else 0

    @property
    def waits_for_quiz(self) -> bool:
        """Whether all is read and only the quiz is left to pass, as far as the learner may know."""
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
        """Where the learner goes on: the first section that is still unread."""
        return next((stop for stop in self.stops if not stop.is_read), None)

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


# A row for each section, or one without a section; on each, the quiz that stands. It is on every page of a module: to
# compose it anew through the ORM takes thirty times as long as to answer it. Texts are compared only where a section
# was read before its last change: it may say again what was read.
PATH = """
WITH mine AS (
    SELECT id, passed_at, finished_at FROM modules_enrolment WHERE module_id = %(module)s AND learner_id = %(learner)s
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
    quiz.title, quiz.asks, quiz.review, quiz.quiz_opens, mine.passed_at IS NOT NULL, mine.finished_at IS NOT NULL,
    taken.submitted > 0, taken.made > taken.submitted + taken.abandoned
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


def outline(module: Module, learner: Any) -> Outline:
    """The path of a learner (or of somebody who has not signed in) through a module.

    One query; up to two more where it has to be found out whether they may know yet what came of the quiz.
    """
    base = module.get_absolute_url()
    with connection.cursor() as cursor:
        cursor.execute(PATH, {"module": module.pk, "learner": learner.pk})
        rows = cursor.fetchall()
    stops = [
        Stop(
            number,
            identity,
            title,
            minutes_for(words),
            bool(is_read),
            f"{base}{identity}/",
            bool(is_changed),
            bool(has_lapsed),
        )
        for number, (identity, title, words, is_read, is_changed, has_lapsed, *_quiz) in enumerate(rows, 1)
        if identity is not None
    ]
    *_section, title, questions, review, opens, is_passed, is_finished, is_submitted, is_under_way = rows[0]
    if title is None:
        return Outline(module, stops, None, bool(is_finished))
    may_know = not (is_passed or is_submitted) or is_finished or _may_know(module, learner, review)
    last = QuizStop(
        title,
        reverse("quiz", args=[module.slug]),
        questions,
        is_open=bool(is_under_way) or _opens(opens, stops),
        is_passed=bool(is_passed and may_know),
        hides_marks=not may_know,
    )
    return Outline(module, stops, last, bool(is_finished))


def open_outline(module: Module, learner: Any) -> Outline:
    """The path as far as a learner may walk it: nowhere, where the module is not published."""
    return outline(module, learner) if module.is_published else Outline(module, (), None)


def _opens(opens: str, stops: Sequence[Stop]) -> bool:
    return opens == Quiz.QuizOpens.AT_ONCE or all(stop.is_read for stop in stops)


def _may_know(module: Module, learner: Any, review: str) -> bool:
    """Whether a learner may know what came of their attempts: as soon as they may see their marks.

    Who has finished knows it from that, whatever is hidden: it is what they came for.
    """
    return "marks" in shown_always(review) or module.pk in visible_grades([module], learner)


def outline_of(document: Document, module: Module, base: str) -> Outline:
    """The path through a document that is not loaded, nothing read, its addresses under ``base``."""
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
