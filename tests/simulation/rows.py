"""Reads the rows of a module as values, so that the rows before and after a load can be compared."""

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
    """Holds all rows of a module by their keys."""

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
        """Returns the active quiz, or None."""
        return next((quiz for quiz in self.quizzes.values() if quiz.archived_at is None), None)

    @cached_property
    def active_sections(self) -> list[Row]:
        return _active(self.sections)

    @cached_property
    def active_questions(self) -> list[Row]:
        """Returns the active questions. A module without an active quiz has none."""
        return _active(self.questions) if self.quiz else []

    def source_of(self, question: Row) -> str:
        return str(self.versions[question.current_id].source)

    @cached_property
    def readers(self) -> dict[int, dict[int, int]]:
        """Maps each section to its counting readings: the revision that was read, by enrolment."""
        readers: dict[int, dict[int, int]] = {}
        for reading in self.readings.values():
            if reading.lapsed_at is None:
                readers.setdefault(reading.section_id, {})[reading.enrolment_id] = reading.revision_id
        return readers

    @cached_property
    def with_readings(self) -> set[int]:
        """Returns the sections with a reading, even a lapsed one."""
        return {reading.section_id for reading in self.readings.values()}

    @cached_property
    def ever_read(self) -> dict[int, set[int]]:
        """Maps each section to the enrolments that have read it, even if that reading has lapsed."""
        enrolments: dict[int, set[int]] = {}
        for reading in self.readings.values():
            enrolments.setdefault(reading.section_id, set()).add(reading.enrolment_id)
        return enrolments

    def returned_readings(self, pk: int, before: Rows) -> dict[int, int]:
        """Returns the lapsed readings that count again because the section has returned to the text that was read.

        The result maps each enrolment to the revision that it read.
        """
        was, now = before.sections.get(pk), self.sections[pk]
        if was is None or was.source == now.source:
            return {}
        latest = {
            reading.enrolment_id: reading
            for _pk, reading in sorted(before.readings.items())
            if reading.section_id == pk
        }
        return {
            enrolment: reading.revision_id
            for enrolment, reading in latest.items()
            if reading.lapsed_at and self.text_read(pk, reading.revision_id) == now.source
        }

    def text_read(self, pk: int, revision: int) -> str | None:
        """Returns the former text of a section that its readers saw at a revision, or ``None`` for the text of now."""
        former_texts = sorted(
            (former for former in self.former.values() if former.section_id == pk),
            key=lambda former: former.until_id,
        )
        return next((text.source for text in former_texts if text.until_id > revision), None)

    @cached_property
    def answered(self) -> dict[int, set[int]]:
        """Maps each question to the enrolments that have answered it."""
        enrolments: dict[int, set[int]] = {}
        for response in self.responses.values():
            if response.answer:
                question = self.versions[response.version_id].question_id
                enrolments.setdefault(question, set()).add(self.attempts[response.attempt_id].enrolment_id)
        return enrolments

    @cached_property
    def takers(self) -> dict[int, set[int]]:
        """Maps each question to the enrolments that have it in an attempt."""
        enrolments: dict[int, set[int]] = {}
        for response in self.responses.values():
            question = self.versions[response.version_id].question_id
            enrolments.setdefault(question, set()).add(self.attempts[response.attempt_id].enrolment_id)
        return enrolments

    def grades(self) -> dict[int, tuple[Any, bool]]:
        """Maps each submitted attempt to its share of the points and whether it is passed."""
        return {
            pk: (attempt.mark / attempt.max_mark if attempt.max_mark else 0, attempt.passed_at is not None)
            for pk, attempt in self.attempts.items()
            if attempt.submitted_at
        }


def _active(rows: dict[int, Row]) -> list[Row]:
    return sorted((row for row in rows.values() if row.archived_at is None), key=lambda row: row.place)


def rows_of(module: Module) -> Rows:
    """Returns the current rows of a module."""
    tables = {}
    for name, (model, path, columns) in COLUMNS.items():
        rows = model.objects.filter(**{path: module}).order_by("pk")
        tables[name] = {row.pk: row for row in rows.values_list("pk", *columns.split(), named=True)}
    return Rows(**tables)


def longest_rise(numbers: list[int]) -> int:
    """Returns the length of the longest rising subsequence. It uses the simplest method, to check a faster one."""
    best: list[int] = []
    for place, number in enumerate(numbers):
        best.append(1 + max((best[i] for i in range(place) if numbers[i] < number), default=0))
    return max(best, default=0)


def count(test: Callable[[Any], bool], values: Any) -> int:
    return Counter(map(test, values))[True]
