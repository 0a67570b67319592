"""What instructors look at: who is where, what was answered to a question, every attempt. Read only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Q

from modules.models import Enrolment, Module, Question, QuestionVersion, Quiz, Response
from modules.quizzes import grading
from modules.quizzes.final_grade import final_grade

TRICKS = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_TYPED = 20  # typed answers that are listed


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """Where one learner is in a module. ``grade`` is the one that counts, in percent."""

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
    """Every learner of a module, the last active first. A fixed number of queries."""
    total = module.sections.active().count()
    enrolments = (
        Enrolment.objects.counting()
        .filter(module=module)
        .select_related("learner")
        .prefetch_related("attempts")
        .annotate(
            read=Count(
                "readings",
                filter=Q(readings__section__archived_at__isnull=True, readings__lapsed_at__isnull=True),
            ),
            last_read=Max("readings__read_at"),
        )
    )
    quiz = getattr(module, "quiz", None)
    rows = [_learner_progress(enrolment, total, quiz.counts if quiz else "") for enrolment in enrolments]
    return sorted(rows, key=lambda row: row.last_seen, reverse=True)


def _learner_progress(enrolment: Any, total: int, counts: str) -> LearnerProgress:
    attempts = list(enrolment.attempts.all())
    deeds = [
        enrolment.begun_at,
        enrolment.last_read,
        *(one.submitted_at or one.started_at for one in attempts),
    ]
    return LearnerProgress(
        enrolment=enrolment,
        name=enrolment.learner.name,
        email=enrolment.learner.email,
        read=enrolment.read,
        total=total,
        last_seen=max(deed for deed in deeds if deed),
        attempts=len(attempts),
        grade=final_grade(attempts, counts),
    )


def answer_text(response: Response) -> str:
    """What was answered, as people read it."""
    if not response.version.has_choices:
        return "".join(response.answer)
    return "; ".join(one["text"] for one in response.version.choices if one["key"] in response.answer)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a question, and how many gave it."""

    text: str
    times: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a question in submitted attempts: how many, how many of them all right, or none at all.

    ``given`` has the choices in their order, or the texts that were typed, the most frequent first.
    """

    total: int
    right: int
    unanswered: int
    given: list[Given]


def answers_to(question: Question) -> Answers:
    """What learners answered to a question, judged by its current key. One query."""
    key = question.current
    answered = Response.objects.filter(
        version__question=question,
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
        attempt__enrolment__in=Enrolment.objects.counting(),
    )
    found = list(answered.values_list("answer", "attempt__scoring", "version__kind"))
    if key is None:
        return Answers(len(found), 0, 0, [])
    times = Counter(one for answer, *_how in found for one in (answer if key.has_choices else answer[:1]))
    return Answers(
        total=len(found),
        right=sum(
            grading.earned(key, answer, scoring, asked=asked) == key.points
            for answer, scoring, asked in found
        ),
        unanswered=sum(not answer for answer, *_how in found),
        given=_chosen(key, times) if key.has_choices else _typed(key, times),
    )


def _chosen(key: QuestionVersion, times: Counter[str]) -> list[Given]:
    return [Given(one["text"], times[one["key"]], one["right"]) for one in key.choices]


def _typed(key: QuestionVersion, times: Counter[str]) -> list[Given]:
    return [
        Given(text, count, grading.earned(key, [text], Quiz.Scoring.RIGHT_MINUS_WRONG) == key.points)
        for text, count in times.most_common(MOST_TYPED)
    ]
