"""Computes figures for instructors: the progress of learners, and the answers to a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count

from modules.models import (
    Attempt,
    Enrolment,
    Module,
    Question,
    QuestionVersion,
    Quiz,
    Reading,
    Response,
)
from modules.quizzes import grading
from modules.quizzes.final_grade import final_grade

MOST_TEXTS_LISTED = 20  # different written answers to a question; more make its page longer


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """Holds the progress of one learner in a module. ``grade`` is the final grade, in percent."""

    enrolment: Enrolment
    name: str
    email: str
    read: int
    total: int
    last_seen: datetime
    attempts: int
    grade: Fraction | None

    @property
    def percent(self) -> int:
        return 100 * self.read // self.total if self.total else 0


def progress_of(module: Module, enrolments: Sequence[Enrolment]) -> list[LearnerProgress]:
    """Returns the progress of some learners of a module, in the same order. It takes three queries."""
    keys = [enrolment.pk for enrolment in enrolments]
    read, attempts, total = sections_read(keys), _attempts(keys), module.sections.active().count()
    quiz = getattr(module, "quiz", None)
    return [
        LearnerProgress(
            enrolment=enrolment,
            name=enrolment.learner.name,
            email=enrolment.learner.email,
            read=read.get(enrolment.pk, 0),
            total=total,
            last_seen=enrolment.last_seen_at,
            attempts=len(attempts[enrolment.pk]),
            grade=final_grade(attempts[enrolment.pk], quiz.counts) if quiz else None,
        )
        for enrolment in enrolments
    ]


def sections_read(enrolments: Sequence[int]) -> dict[int, int]:
    """Counts the active sections that were read, by the key of the enrolment. Those without readings are left out."""
    readings = Reading.objects.counting().filter(enrolment__in=enrolments, section__archived_at__isnull=True)
    return dict(readings.order_by().values_list("enrolment").annotate(n=Count("pk")))


def _attempts(enrolments: Sequence[int]) -> Mapping[int, list[Attempt]]:
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(enrolment__in=enrolments).order_by("number"):
        attempts[attempt.enrolment_id].append(attempt)
    return attempts


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """Holds an answer to a question, and the number of learners who gave it."""

    text: str
    times: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Holds the figures of the answers to a question in submitted attempts.

    ``total`` counts all of them, ``right`` those with full marks, and ``unanswered`` the empty ones. ``counts`` lists
    the choices in their order, or the written texts with the most frequent first.
    """

    total: int
    right: int
    unanswered: int
    counts: list[AnswerCount]


def answers_to(question: Question) -> AnswerFigures:
    """Returns the figures of the answers to a question, graded by its current key. One query."""
    responses = Response.objects.filter(
        version__question=question,
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
        attempt__enrolment__in=Enrolment.objects.counting(),
    )
    rows = list(responses.values_list("answer", "attempt__scoring", "version__kind"))
    key = question.current
    if key is None:
        return AnswerFigures(len(rows), 0, 0, [])
    times = Counter(value for answer, *_how in rows for value in (answer if key.has_choices else answer[:1]))
    return AnswerFigures(
        total=len(rows),
        right=sum(
            grading.earned(key, answer, scoring, asked=kind) == key.points for answer, scoring, kind in rows
        ),
        unanswered=sum(not answer for answer, *_how in rows),
        counts=_choice_counts(key, times) if key.has_choices else _text_counts(key, times),
    )


def _choice_counts(key: QuestionVersion, times: Counter[str]) -> list[AnswerCount]:
    return [AnswerCount(choice["text"], times[choice["key"]], choice["right"]) for choice in key.choices]


def _text_counts(key: QuestionVersion, times: Counter[str]) -> list[AnswerCount]:
    return [
        AnswerCount(text, count, grading.earned(key, [text], Quiz.Scoring.RIGHT_MINUS_WRONG) == key.points)
        for text, count in times.most_common(MOST_TEXTS_LISTED)
    ]
