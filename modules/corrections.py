"""Corrections: what instructors change in attempts and marks afterwards, each with reason, time and author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction

from modules import grading
from modules.models import Attempt, Correction, Enrolment, Question, Response

Kind = Correction.Kind


class Impossible(Exception):
    """A correction that an attempt does not allow; ``reason`` is ``"open"``, ``"closed"`` or ``"other-open"``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Why:
    """Who corrects something, when, and for what reason."""

    by: Any
    reason: str
    now: datetime

    def note(self, kind: str, *, before: Fraction | None = None, place: int | None = None, **of: Any) -> None:
        Correction.objects.create(
            kind=kind, before=before, place=place, reason=self.reason, made_at=self.now, made_by=self.by, **of
        )


# ------------------------------------------------------------------------------------------------ attempts


@transaction.atomic
def close(attempt: Attempt, why: Why) -> None:
    """Submit an open attempt with what is saved. Raises :class:`Impossible` where it is closed."""
    locked = _locked(attempt)
    if not locked.is_open:
        raise Impossible("closed")
    grading.close(locked, now=why.now)
    why.note(Kind.CLOSED, attempt=locked)
    _settle(locked, why.now)


@transaction.atomic
def reopen(attempt: Attempt, why: Why, *, minutes: int | None = None) -> None:
    """Let an attempt go on, for so many minutes or without a limit; its answers stand.

    Raises :class:`Impossible` where it is open, or its learner has begun another one.
    """
    locked = _locked(attempt)
    if locked.is_open:
        raise Impossible("open")
    if Attempt.objects.open().filter(enrolment=locked.enrolment_id, quiz=locked.quiz_id).exists():
        raise Impossible("other-open")
    why.note(Kind.REOPENED, attempt=locked, before=locked.grade)
    locked.submitted_at = locked.abandoned_at = locked.passed_at = locked.settled_at = None
    locked.mark = locked.max_mark = locked.overdue_until = None
    locked.deadline = why.now + timedelta(minutes=minutes) if minutes else None
    locked.save()
    locked.responses.update(mark=None)
    _settle(locked, why.now)


@transaction.atomic
def delete(attempt: Attempt, why: Why) -> None:
    """Take an attempt out of all counts and pages. Its row and its answers are kept."""
    locked = _locked(attempt)
    why.note(Kind.DELETED, attempt=locked, before=locked.grade)
    locked.deleted_at = why.now
    locked.save(update_fields=["deleted_at"])
    _settle(locked, why.now)


@transaction.atomic
def give_mark(response: Response, mark: Fraction | None, why: Why) -> None:
    """Give a response a mark by hand, or with ``None`` take that back, so that its key marks it again.

    Raises :class:`Impossible` while its attempt is open.
    """
    attempt = _locked(response.attempt)
    if attempt.is_open:
        raise Impossible("open")
    mine = attempt.responses.select_related(*grading.GRADED_BY).get(pk=response.pk)
    why.note(
        Kind.MARK if mark is not None else Kind.MARK_UNDONE,
        attempt=attempt,
        before=mine.mark,
        place=mine.place,
    )
    mine.manual_mark = mark
    mine.mark = grading.mark(mine, mine.key, attempt.scoring)
    mine.save(update_fields=["manual_mark", "mark"])
    _add_up(attempt, why.now)


# ----------------------------------------------------------------------------------------------- questions


def regrade_trials(question: Question) -> list[grading.Trial]:
    """Whose grade would change, and how, if all answers to a question were graded with its current key."""
    return [one for one in grading.trials(_key_of(question)) if one.before != one.after]


@transaction.atomic
def regrade(question: Question, why: Why) -> int:
    """Grade all answers to a question with its current key; return how many grades have changed."""
    locked = Question.objects.select_for_update(of=("self",)).select_related("current").get(pk=question.pk)
    changed = len(regrade_trials(locked))
    why.note(Kind.REGRADED, question=locked)
    _regrade(locked, why)
    return changed


@transaction.atomic
def give_full_marks(question: Question, why: Why) -> None:
    """Everybody who had a faulty question earns all its points, whatever they answered."""
    _set_full_marks(question, why.now, Kind.FULL_MARKS, why)


@transaction.atomic
def take_full_marks_back(question: Question, why: Why) -> None:
    """Mark the answers to a question by its key again."""
    _set_full_marks(question, None, Kind.FULL_MARKS_UNDONE, why)


def _set_full_marks(question: Question, since: datetime | None, kind: str, why: Why) -> None:
    locked = Question.objects.select_for_update(of=("self",)).select_related("current").get(pk=question.pk)
    locked.full_marks_since = since
    locked.save(update_fields=["full_marks_since"])
    why.note(kind, question=locked)
    versions = locked.versions.all()
    responses = Response.objects.filter(
        version__in=versions, attempt__submitted_at__isnull=False, attempt__deleted_at__isnull=True
    )
    for response in responses.select_related("attempt", *grading.GRADED_BY):
        response.mark = grading.mark(response, response.key, response.attempt.scoring)
        response.save(update_fields=["mark"])
        _add_up(_locked(response.attempt), why.now)


# --------------------------------------------------------------------------------------------------- parts


def _key_of(question: Question) -> dict[int, Any]:
    return {question.pk: question.current} if question.current else {}


def _regrade(question: Question, why: Why) -> None:
    for attempt in grading.regrade(_key_of(question), by=why.by, now=why.now):
        _settle(attempt, why.now)


def _locked(attempt: Attempt) -> Attempt:
    return (
        Attempt.objects.select_for_update(of=("self",)).select_related("enrolment__module").get(pk=attempt.pk)
    )


def _add_up(attempt: Attempt, now: datetime) -> None:
    grading.sum_up(attempt, attempt.responses.select_related("version", "graded_with"), now)
    attempt.save(update_fields=["mark", "max_mark", "passed_at"])
    _settle(attempt, now)


def _settle(attempt: Attempt, now: datetime) -> None:
    Enrolment.objects.select_related("module", "learner").get(pk=attempt.enrolment_id).settle(now)
