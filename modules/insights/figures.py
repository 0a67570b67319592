"""Computes figures for instructors: the progress of learners, and the answers to a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from modules.models import Attempt, Enrolment, Module, Question, QuestionVersion, Quiz, Response
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


def learner_progress(module: Module) -> list[LearnerProgress]:
    """Returns the progress of every learner of a module, the most recently active first.

    Uses a fixed number of queries.
    """
    total = module.sections.active().count()
    quiz = getattr(module, "quiz", None)
    counts = quiz.counts if quiz else ""
    rows = [_progress(row, row.read, row.last_read, total, counts) for row in _enrolments(module)]
    return sorted(rows, key=lambda row: row.last_seen, reverse=True)


def _enrolments(module: Module) -> QuerySet[Any]:
    """Returns the enrolments that count, with their attempts, ``read`` sections and the time ``last_read``."""
    readings_that_count = Q(readings__section__archived_at__isnull=True, readings__lapsed_at__isnull=True)
    enrolments = Enrolment.objects.counting().filter(module=module)
    return (
        enrolments.select_related("learner")
        .prefetch_related("attempts")
        .annotate(read=Count("readings", filter=readings_that_count), last_read=Max("readings__read_at"))
    )


def _progress(
    enrolment: Enrolment, read: int, last_read: datetime | None, total: int, counts: str
) -> LearnerProgress:
    attempts = list(enrolment.attempts.all())
    return LearnerProgress(
        enrolment=enrolment,
        name=enrolment.learner.name,
        email=enrolment.learner.email,
        read=read,
        total=total,
        last_seen=_last_seen(enrolment, last_read, attempts),
        attempts=len(attempts),
        grade=final_grade(attempts, counts),
    )


def _last_seen(enrolment: Enrolment, last_read: datetime | None, attempts: Sequence[Attempt]) -> datetime:
    moments = [
        enrolment.begun_at,
        last_read,
        *(attempt.submitted_at or attempt.started_at for attempt in attempts),
    ]
    return max(moment for moment in moments if moment)


def answer_text(response: Response) -> str:
    """Returns an answer as people read it: the written text, or the texts of the chosen choices."""
    if not response.version.has_choices:
        return "".join(response.answer)
    return "; ".join(
        choice["text"] for choice in response.version.choices if choice["key"] in response.answer
    )


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
