"""Corrections: what instructors change in attempts and marks afterwards, each with reason, time and author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db import transaction

from accounts.models import User
from modules.models import (
    Attempt,
    Correction,
    Enrolment,
    Module,
    Question,
    Quiz,
    Regrade,
    Response,
    hold_learners,
)
from modules.quizzes import completion, grading

Kind = Correction.Kind


class Impossible(Exception):
    """A correction that an attempt does not allow.

    ``reason`` is ``"open"``, ``"closed"``, ``"other-open"``, ``"not-submitted"``, or ``"otherwise"`` where what would
    come of it is no longer what was shown.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Why:
    """Says who corrects something, when, and for what reason."""

    by: User | None
    reason: str
    now: datetime

    def note(self, kind: str, *, before: Fraction | None = None, slot: int | None = None, **of: Any) -> None:
        Correction.objects.create(
            kind=kind, before=before, slot=slot, reason=self.reason, made_at=self.now, made_by=self.by, **of
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

    One that had been submitted is submitted again when that time is up, whatever the rules say of late attempts: its
    learner had a grade, and does not lose it by staying away. Raises :class:`Impossible` where it is open, or its
    learner has begun another one.
    """
    locked = _locked(attempt)
    if locked.is_open:
        raise Impossible("open")
    _make_room_for(locked)
    why.note(Kind.REOPENED, attempt=locked, before=locked.grade)
    if locked.submitted_at is not None:
        locked.late = Quiz.Late.SUBMIT
    locked.submitted_at = locked.abandoned_at = locked.passed_at = locked.outcome_recorded_at = None
    locked.mark = locked.max_mark = None
    locked.deadline = why.now + timedelta(minutes=minutes) if minutes else None
    locked.overdue_until = locked.quiz.overdue_until(locked.deadline, locked.late)
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
def restore(attempt: Attempt, why: Why) -> None:
    """Let an attempt that was deleted count again. Raises :class:`Impossible` where two would be under way."""
    locked = _locked(attempt, Attempt.with_deleted)
    if locked.is_open:
        _make_room_for(locked)
    locked.deleted_at = locked.outcome_recorded_at = None
    locked.save(update_fields=["deleted_at", "outcome_recorded_at"])
    why.note(Kind.RESTORED, attempt=locked)
    _settle(locked, why.now)


@transaction.atomic
def give_mark(response: Response, mark: Fraction | None, why: Why) -> None:
    """Give a response a mark by hand, or with ``None`` take that back, so that its key marks it again.

    Raises :class:`Impossible` unless its attempt is submitted.
    """
    attempt = _locked(response.attempt)
    if attempt.submitted_at is None:
        raise Impossible("open" if attempt.is_open else "not-submitted")
    mine = attempt.responses.select_related(*grading.GRADED_BY).get(pk=response.pk)
    why.note(
        Kind.MARK if mark is not None else Kind.MARK_UNDONE,
        attempt=attempt,
        before=mine.mark,
        slot=mine.slot,
    )
    mine.manual_mark = mark
    mine.mark = grading.mark(mine, mine.key, attempt.scoring)
    mine.save(update_fields=["manual_mark", "mark"])
    _add_up(attempt, why.now)


# ----------------------------------------------------------------------------------------------- questions


def regrade_trials(question: Question) -> list[grading.Trial]:
    """Whose grade would change, and how, if all answers to a question were graded with its current key."""
    return [one for one in grading.trials(_key_of(question)) if one.before != one.after]


def sign_of(question: Question, trials: Sequence[grading.Trial]) -> str:
    """A short text that differs where another key is current, or grades would change otherwise."""
    shown = [(one.attempt.pk, str(one.before), str(one.after), one.passed, one.passes) for one in trials]
    return sha256(repr((question.current_id, sorted(shown))).encode()).hexdigest()[:32]


@transaction.atomic
def regrade(question: Question, why: Why, *, shown: str | None = None) -> int:
    """Grade all answers to a question with its current key; return how many grades have changed.

    ``shown`` is the :func:`sign_of` what somebody was shown. Raises :class:`Impossible` where that is otherwise now.
    """
    locked, held = _held(question)
    trials = regrade_trials(locked)
    if shown is not None and shown != sign_of(locked, trials):
        raise Impossible("otherwise")
    why.note(Kind.REGRADED, question=locked)
    grading.regrade(_key_of(locked), held, by=why.by, now=why.now)
    completion.record_outcomes(locked.quiz.module, why.now, graded=True)
    return len(trials)


def asked_otherwise(question: Question) -> int:
    """How many answers the current key cannot grade: they were chosen and it is typed now, or the other way round."""
    current = question.current
    given = Response.objects.filter(
        version__question=question, attempt__submitted_at__isnull=False, attempt__deleted_at__isnull=True
    ).select_related("version")
    return sum(not grading.can_regrade(one.version, current) for one in given) if current else 0


@transaction.atomic
def give_full_marks(question: Question, why: Why) -> None:
    """Everybody who had a faulty question earns all its points, whatever they answered."""
    _set_full_marks(question, why.now, Kind.FULL_MARKS, why)


@transaction.atomic
def take_full_marks_back(question: Question, why: Why) -> None:
    """Mark the answers to a question by its key again."""
    _set_full_marks(question, None, Kind.FULL_MARKS_UNDONE, why)


def _set_full_marks(question: Question, since: datetime | None, kind: str, why: Why) -> None:
    locked, held = _held(question)
    locked.full_marks_since = since
    locked.save(update_fields=["full_marks_since"])
    why.note(kind, question=locked)
    grading.mark_again(locked, held, now=why.now)
    completion.record_outcomes(locked.quiz.module, why.now, graded=True)


# --------------------------------------------------------------------------------------------- what was done


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was corrected, in words; ``before`` is the mark or grade that it was before."""

    kind: str
    reason: str
    slot: int | None
    before: Fraction | None
    made_at: datetime
    made_by: User | None


def notes_on_question(question: Question) -> list[Note]:
    return [_noted(one) for one in question.corrections.select_related("made_by")]


def notes_on(attempt: Attempt) -> list[Note]:
    """All that changed an attempt or its marks, in the order of time: what was done to it, and to its questions."""
    slots = dict(attempt.responses.values_list("version__question", "slot"))
    of_questions = Correction.objects.filter(question__in=slots).select_related("made_by")
    granted = of_questions.filter(kind__in=(Kind.FULL_MARKS, Kind.FULL_MARKS_UNDONE))
    notes = [
        *(_noted(one) for one in attempt.corrections.select_related("made_by")),
        *(_noted(one, slots.get(one.question_id or 0)) for one in granted),
        *_regrades(attempt, of_questions.filter(kind=Kind.REGRADED)),
    ]
    return sorted(notes, key=lambda note: note.made_at)


def _regrades(attempt: Attempt, corrected: Iterable[Correction]) -> Iterable[Note]:
    """The marks that changed by another key; those that came with a load have no reason of their own."""
    reasons = {(one.question_id, one.made_at): one.reason for one in corrected}
    made = Regrade.objects.filter(response__attempt=attempt).select_related("response__version", "made_by")
    for one in made:
        reason = reasons.get((one.response.version.question_id, one.made_at), "")
        words = str(Kind.REGRADED.label)
        yield Note(words, reason, one.response.slot, one.mark_before, one.made_at, one.made_by)


def _noted(one: Correction, slot: int | None = None) -> Note:
    return Note(one.get_kind_display(), one.reason, slot or one.slot, one.before, one.made_at, one.made_by)


# --------------------------------------------------------------------------------------------------- parts


def _key_of(question: Question) -> dict[int, Any]:
    return {question.pk: question.current} if question.current else {}


def _held(question: Question) -> tuple[Question, list[Attempt]]:
    """A question as it is now, and the attempts that hold it, locked; nobody starts another one meanwhile."""
    hold_learners(Module.objects.get(quiz__questions=question))
    locked = Question.objects.select_related("current", "quiz__module").get(pk=question.pk)
    return locked, grading.hold([locked.pk])


def _locked(attempt: Attempt, among: Any = Attempt.objects) -> Attempt:
    """An attempt, locked after its enrolment: what is corrected in it may decide what that has passed and finished."""
    enrolments = Enrolment.objects.locked().select_related("module", "learner")
    enrolment = enrolments.get(pk=attempt.enrolment_id)
    found: Attempt = among.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)
    found.enrolment = enrolment
    return found


def _make_room_for(attempt: Attempt) -> None:
    """Raise :class:`Impossible` where the learner has another attempt under way."""
    if Attempt.objects.open().filter(enrolment=attempt.enrolment_id, quiz=attempt.quiz_id).exists():
        raise Impossible("other-open")


def _add_up(attempt: Attempt, now: datetime) -> None:
    grading.sum_up(attempt, attempt.responses.select_related("version", "graded_with"), now)
    attempt.save(update_fields=["mark", "max_mark", "passed_at"])
    _settle(attempt, now)


def _settle(attempt: Attempt, now: datetime) -> None:
    completion.record_outcome(attempt.enrolment, now)
