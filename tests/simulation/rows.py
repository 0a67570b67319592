"""The rows of a module as values, so that what was before a load can be compared with what is after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modules.models import (
    Attempt,
    Enrolment,
    FormerText,
    Module,
    Pool,
    Question,
    QuestionVersion,
    Quiz,
    Reading,
    Regrade,
    Response,
    Revision,
    Section,
)

Row = Any  # a named tuple of the columns that are named below
COLUMNS: dict[str, tuple[Any, str, str]] = {
    "sections": (Section, "module", "identity title source place archived_at changed_in_id"),
    "quizzes": (Quiz, "module", "identity title source place archived_at pass_mark"),
    "pools": (Pool, "quiz__module", "title source place size draw"),
    "questions": (Question, "quiz__module", "identity place current_id archived_at"),
    "versions": (
        QuestionVersion,
        "question__quiz__module",
        "question_id number title source kind points choices answers revision_id",
    ),
    "readings": (Reading, "enrolment__module", "enrolment_id section_id revision_id lapsed_at"),
    "enrolments": (Enrolment, "module", "learner_id finished_at"),
    "attempts": (
        Attempt,
        "quiz__module",
        "enrolment_id number mark max_mark submitted_at passed_at pass_mark",
    ),
    "responses": (
        Response,
        "attempt__quiz__module",
        "attempt_id slot version_id graded_with_id order answer mark",
    ),
    "regrades": (Regrade, "response__attempt__quiz__module", "response_id version_id mark_before"),
    "former": (FormerText, "section__module", "section_id identity title source until_id"),
    "revisions": (Revision, "module", "number text changes"),
}


@dataclass(frozen=True)
class Rows:
    """All rows of a module by their keys."""

    sections: dict[int, Row]
    quizzes: dict[int, Row]
    pools: dict[int, Row]
    questions: dict[int, Row]
    versions: dict[int, Row]
    readings: dict[int, Row]
    enrolments: dict[int, Row]
    attempts: dict[int, Row]
    responses: dict[int, Row]
    regrades: dict[int, Row]
    former: dict[int, Row]
    revisions: dict[int, Row]

    @property
    def quiz(self) -> Row | None:
        """The quiz that stands."""
        return next((quiz for quiz in self.quizzes.values() if quiz.archived_at is None), None)

    @cached_property
    def active_sections(self) -> list[Row]:
        return _learner_progress(self.sections)

    @cached_property
    def active_questions(self) -> list[Row]:
        """The questions that the document has: none where the quiz does not stand."""
        return _learner_progress(self.questions) if self.quiz else []

    def source_of(self, question: Row) -> str:
        return str(self.versions[question.current_id].source)

    @cached_property
    def readers(self) -> dict[int, dict[int, int]]:
        """By section, who has read it and counts, by enrolment, and in which revision."""
        found: dict[int, dict[int, int]] = {}
        for reading in self.readings.values():
            if reading.lapsed_at is None:
                found.setdefault(reading.section_id, {})[reading.enrolment_id] = reading.revision_id
        return found

    @cached_property
    def with_readings(self) -> set[int]:
        """Sections that somebody has read, be it long ago."""
        return {reading.section_id for reading in self.readings.values()}

    @cached_property
    def ever_read(self) -> dict[int, set[int]]:
        """By section, the enrolments that have read it, be it long ago."""
        found: dict[int, set[int]] = {}
        for reading in self.readings.values():
            found.setdefault(reading.section_id, set()).add(reading.enrolment_id)
        return found

    def come_back(self, pk: int, before: Rows) -> dict[int, int]:
        """Who was asked to read a section again, had not, and once read the very text to which it has returned.

        By enrolment, the revision that they read.
        """
        was, now = before.sections.get(pk), self.sections[pk]
        if was is None or was.source == now.source:
            return {}
        former = sorted(
            (one for one in self.former.values() if one.section_id == pk), key=lambda one: one.until_id
        )
        latest = {
            one.enrolment_id: one for _pk, one in sorted(before.readings.items()) if one.section_id == pk
        }
        return {
            learner: one.revision_id
            for learner, one in latest.items()
            if one.lapsed_at
            and next((f.source for f in former if f.until_id > one.revision_id), None) == now.source
        }

    @cached_property
    def answered(self) -> dict[int, set[int]]:
        """By question, the enrolments that have answered it."""
        found: dict[int, set[int]] = {}
        for response in self.responses.values():
            if response.answer:
                question = self.versions[response.version_id].question_id
                found.setdefault(question, set()).add(self.attempts[response.attempt_id].enrolment_id)
        return found

    @cached_property
    def takers(self) -> dict[int, set[int]]:
        """By question, the enrolments that have it in an attempt."""
        found: dict[int, set[int]] = {}
        for response in self.responses.values():
            question = self.versions[response.version_id].question_id
            found.setdefault(question, set()).add(self.attempts[response.attempt_id].enrolment_id)
        return found

    def grades(self) -> dict[int, tuple[Any, bool]]:
        """Of each submitted attempt the part of the points that it has, and whether it is passed."""
        return {
            pk: (one.mark / one.max_mark if one.max_mark else 0, one.passed_at is not None)
            for pk, one in self.attempts.items()
            if one.submitted_at
        }


def _learner_progress(rows: dict[int, Row]) -> list[Row]:
    return sorted((row for row in rows.values() if row.archived_at is None), key=lambda row: row.place)


def take(module: Module) -> Rows:
    """The rows of a module as they are now."""
    found = {}
    for name, (model, path, columns) in COLUMNS.items():
        rows = model.objects.filter(**{path: module}).order_by("pk")
        found[name] = {row.pk: row for row in rows.values_list("pk", *columns.split(), named=True)}
    return Rows(**found)


def longest_rise(numbers: list[int]) -> int:
    """How many of these numbers can stay when those that break the order are taken out; in its simplest form."""
    best: list[int] = []
    for place, number in enumerate(numbers):
        best.append(1 + max((best[i] for i in range(place) if numbers[i] < number), default=0))
    return max(best, default=0)


def count(test: Callable[[Any], bool], several: Any) -> int:
    return Counter(map(test, several))[True]
