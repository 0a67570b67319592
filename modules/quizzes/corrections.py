"""Corrects attempts and marks afterwards, for instructors. Each correction has a reason, a time and an author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db import transaction

from accounts.models import User
from modules.models import (
    JUDGING,
    Attempt,
    Correction,
    Enrolment,
    LateAnswer,
    Module,
    Notice,
    Question,
    Quiz,
    Regrade,
    Response,
    SlotChange,
    hold_learners,
)
from modules.notices.attempts import tell_of_attempt
from modules.notices.grades import GradeChange, tell_of_grades
from modules.quizzes import completion, grading, regrade_jobs, revocations, trials
from modules.quizzes.new_keys import NewKeys
from modules.quizzes.trials import Trial

Kind = Correction.Kind


class Impossible(Exception):
    """A correction that an attempt does not allow.

    ``reason`` is ``"open"``, ``"closed"``, ``"other-open"``, ``"not-submitted"``, or ``"otherwise"`` if the
    result would differ from the result that the instructor was shown.
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

    def note(
        self, kind: str, *, before: Fraction | None = None, slot: int | None = None, **of: Any
    ) -> Correction:
        return Correction.objects.create(
            kind=kind, before=before, slot=slot, reason=self.reason, made_at=self.now, made_by=self.by, **of
        )

    def tell(
        self, attempt: Attempt, kind: Notice.Kind, *, before: Fraction | None = None, finish: str = ""
    ) -> None:
        """Tells the learner of an attempt."""
        tell_of_attempt(attempt, kind, reason=self.reason, now=self.now, before=before, finish=finish)


# ------------------------------------------------------------------------------------------------ attempts


@transaction.atomic
def close(attempt: Attempt, why: Why) -> None:
    """Submits an open attempt with the answers that are saved. Raises :class:`Impossible` if it is closed."""
    locked = _locked(attempt)
    if not locked.is_open:
        raise Impossible("closed")
    grading.close(locked, now=why.now)
    why.note(Kind.CLOSED, attempt=locked)
    why.tell(locked, Notice.Kind.CLOSED)
    _record_outcome(locked, why.now)


@transaction.atomic
def reopen(attempt: Attempt, why: Why, *, minutes: int | None = None) -> None:
    """Opens an attempt again, for some minutes or without a limit. Its answers are kept.

    A submitted attempt is submitted again when that time is up, whatever the rules say about late attempts. Its learner
    had a grade, and does not lose it by staying away. Raises :class:`Impossible` if the attempt is open, or if its
    learner has begun another one.
    """
    locked = _locked(attempt)
    if locked.is_open:
        raise Impossible("open")
    _refuse_second_open(locked)
    before = locked.grade
    why.note(Kind.REOPENED, attempt=locked, before=before)
    if locked.submitted_at is not None:
        locked.late = Quiz.Late.SUBMIT
    locked.submitted_at = locked.abandoned_at = locked.passed_at = locked.outcome_recorded_at = None
    locked.mark = locked.max_mark = None
    locked.deadline = why.now + timedelta(minutes=minutes) if minutes else None
    locked.overdue_until = locked.quiz.overdue_until(locked.deadline, locked.late)
    locked.save()
    locked.responses.update(mark=None)
    why.tell(locked, Notice.Kind.REOPENED, before=before)
    _record_outcome(locked, why.now)


@transaction.atomic
def delete(attempt: Attempt, why: Why) -> None:
    """Takes an attempt out of all counts and pages, with what it earned. Its row and its answers are kept."""
    locked = _locked(attempt)
    outcome = revocations.of_deleting(locked)
    correction = why.note(Kind.DELETED, attempt=locked, before=locked.grade)
    locked.deleted_at = why.now
    locked.save(update_fields=["deleted_at"])
    revocations.record(correction, locked.enrolment, outcome)
    why.tell(locked, Notice.Kind.DELETED, before=locked.grade, finish=_finish(outcome))
    _record_outcome(locked, why.now)


@transaction.atomic
def restore(attempt: Attempt, why: Why) -> None:
    """Lets a deleted attempt count again, and undoes what its deletion did to passing and finishing.

    Raises :class:`Impossible` if two attempts would be open.
    """
    locked = _locked(attempt, Attempt.with_deleted)
    if locked.is_open:
        _refuse_second_open(locked)
    outcome = revocations.of_restoring(locked)
    locked.deleted_at = locked.outcome_recorded_at = None
    locked.save(update_fields=["deleted_at", "outcome_recorded_at"])
    correction = why.note(Kind.RESTORED, attempt=locked)
    revocations.record(correction, locked.enrolment, outcome)
    why.tell(locked, Notice.Kind.RESTORED, finish=_finish(outcome))
    _record_outcome(locked, why.now)


@transaction.atomic
def give_mark(response: Response, mark: Fraction | None, why: Why) -> None:
    """Gives a response a mark by hand. With ``None``, takes that mark back, so that its key marks it again.

    Raises :class:`Impossible` unless its attempt is submitted.
    """
    attempt, current = _submitted(response)
    before, kind = current.mark, Kind.MARK if mark is not None else Kind.MARK_UNDONE
    correction = why.note(kind, attempt=attempt, before=before, slot=current.slot)
    current.manual_mark = mark
    current.mark = grading.mark(current, current.key, attempt.scoring)
    current.save(update_fields=["manual_mark", "mark"])
    slot = SlotChange(current.slot, kind, str(before or 0), str(current.mark))
    _add_up(attempt, correction, slot, why)


@transaction.atomic
def count_late(late: LateAnswer, why: Why) -> None:
    """Lets a late answer count in place of the answer that was saved in time, which is kept.

    Raises :class:`Impossible` unless its attempt is submitted.
    """
    attempt, response = _submitted(late.response)
    late.replaced, late.counted_at = response.answer, why.now
    late.save(update_fields=["replaced", "counted_at"])
    _answer_instead(attempt, response, late.answer, Kind.LATE, why)


@transaction.atomic
def count_late_no_more(late: LateAnswer, why: Why) -> None:
    """Lets the answer count again that a late answer replaced. Raises :class:`Impossible` as :func:`count_late`."""
    attempt, response = _submitted(late.response)
    late.counted_at = None
    late.save(update_fields=["counted_at"])
    _answer_instead(attempt, response, late.replaced, Kind.LATE_UNDONE, why)


def _submitted(response: Response) -> tuple[Attempt, Response]:
    """Locks the attempt of a response, and returns both as they are now."""
    attempt = _locked(response.attempt)
    if attempt.submitted_at is None:
        raise Impossible("open" if attempt.is_open else "not-submitted")
    return attempt, attempt.responses.select_related(*grading.GRADED_BY).get(pk=response.pk)


def _answer_instead(attempt: Attempt, response: Response, answer: list[str], kind: Kind, why: Why) -> None:
    """Puts another answer in the place of a graded one, and grades it. A mark by hand was for the earlier answer."""
    before = response.mark
    correction = why.note(kind, attempt=attempt, before=before, slot=response.slot)
    response.answer, response.manual_mark, response.judging = answer, None, JUDGING
    response.mark = grading.mark(response, response.key, attempt.scoring)
    response.save(update_fields=["answer", "manual_mark", "judging", "mark"])
    slot = SlotChange(response.slot, kind, str(before or 0), str(response.mark))
    _add_up(attempt, correction, slot, why)


# ----------------------------------------------------------------------------------------------- questions


def regrade_trials(question: Question, *, judged_anew: bool = False) -> list[Trial]:
    """Returns the grades that would change if all answers to a question were graded with its current key.

    ``judged_anew``: typed answers are judged as today, and not as they were judged before.
    """
    pending = regrade_jobs.pending(question.quiz.module)
    regraded = trials.trials(_key_of(question), _anew(question, judged_anew), pending)
    return [trial for trial in regraded if trial.before != trial.after]


def _anew(question: Question, judged_anew: bool) -> tuple[int, ...]:
    return (question.pk,) if judged_anew else ()


def sign_of(question: Question, changed: Sequence[Trial]) -> str:
    """Returns a fingerprint of the current key and of the grades that would change."""
    rows = [
        (trial.attempt, str(trial.before), str(trial.after), trial.passed, trial.passes) for trial in changed
    ]
    return sha256(repr((question.current_id, sorted(rows))).encode()).hexdigest()[:32]


@transaction.atomic
def regrade(question: Question, why: Why, *, shown: str | None = None, judged_anew: bool = False) -> int:
    """Grades all answers to a question with its current key, and returns how many grades have changed.

    ``judged_anew`` is as for :func:`regrade_trials`. ``shown`` is the :func:`sign_of` the trials that the instructor
    was shown. Raises :class:`Impossible` if the trials differ now.
    """
    locked = _lock_with_learners(question)
    changed = regrade_trials(locked, judged_anew=judged_anew)
    if shown is not None and shown != sign_of(locked, changed):
        raise Impossible("otherwise")
    why.note(Kind.REGRADED, question=locked)
    _regrade(locked, NewKeys(_key_of(locked), _anew(locked, judged_anew)), why)
    return len(changed)


def asked_otherwise(question: Question) -> int:
    """Counts the answers that the current key cannot grade.

    They are choices although the key is for typed answers now, or the other way round.
    """
    if question.current is None:
        return 0
    responses = Response.objects.filter(
        version__question=question, attempt__submitted_at__isnull=False, attempt__deleted_at__isnull=True
    )
    return responses.exclude(version__kind__in=grading.kinds_like(question.current)).count()


def judged_before(question: Question) -> int:
    """Counts the typed answers in submitted attempts that were judged in an earlier way than today's."""
    if question.current is None or question.current.has_choices:
        return 0
    responses = Response.objects.filter(version__question=question, judging__lt=JUDGING).exclude(answer=[])
    return responses.filter(attempt__submitted_at__isnull=False, attempt__deleted_at__isnull=True).count()


@transaction.atomic
def give_full_marks(question: Question, why: Why) -> None:
    """Gives all points of a faulty question to everybody who had it, whatever they answered."""
    _set_full_marks(question, why.now, Kind.FULL_MARKS, why)


@transaction.atomic
def take_full_marks_back(question: Question, why: Why) -> None:
    """Marks the answers to a question by its key again."""
    _set_full_marks(question, None, Kind.FULL_MARKS_UNDONE, why)


def _set_full_marks(question: Question, since: datetime | None, kind: str, why: Why) -> None:
    locked = _lock_with_learners(question)
    locked.full_marks_since = since
    locked.save(update_fields=["full_marks_since"])
    why.note(kind, question=locked)
    _regrade(locked, NewKeys({locked.pk: None}), why)


def _regrade(question: Question, new: NewKeys, why: Why) -> None:
    order = regrade_jobs.Order(why.by, why.now, why.reason)
    regrade_jobs.start(question.quiz.module, new, order)


# ---------------------------------------------------------------------------------------------------- notes


@dataclass(frozen=True, slots=True)
class Note:
    """A correction in words. ``before`` is the earlier mark or grade."""

    kind: str
    reason: str
    slot: int | None
    before: Fraction | None
    made_at: datetime
    made_by: User | None


def notes_on_question(question: Question) -> list[Note]:
    return [_note(correction) for correction in question.corrections.select_related("made_by")]


def notes_on(attempt: Attempt) -> list[Note]:
    """Returns the corrections of an attempt, and of its questions, in the order of time."""
    slots = dict(attempt.responses.values_list("version__question", "slot"))
    of_questions = Correction.objects.filter(question__in=slots).select_related("made_by")
    granted = of_questions.filter(kind__in=(Kind.FULL_MARKS, Kind.FULL_MARKS_UNDONE))
    notes = [
        *(_note(correction) for correction in attempt.corrections.select_related("made_by")),
        *(_note(correction, slots.get(correction.question_id or 0)) for correction in granted),
        *_regrades(attempt, of_questions.filter(kind=Kind.REGRADED)),
    ]
    return sorted(notes, key=lambda note: note.made_at)


def _regrades(attempt: Attempt, corrected: Iterable[Correction]) -> Iterable[Note]:
    """Yields a note for each mark that another key has changed. An old one may have no reason."""
    reasons = {(correction.question_id, correction.made_at): correction.reason for correction in corrected}
    regrades = Regrade.objects.filter(response__attempt=attempt)
    for change in regrades.select_related("response__version", "made_by", "job"):
        response, reason = change.response, change.job.reason if change.job else ""
        yield Note(
            kind=str(Kind.REGRADED.label),
            reason=reason or reasons.get((response.version.question_id, change.made_at), ""),
            slot=response.slot,
            before=change.mark_before,
            made_at=change.made_at,
            made_by=change.made_by,
        )


def _note(correction: Correction, slot: int | None = None) -> Note:
    return Note(
        kind=correction.get_kind_display(),
        reason=correction.reason,
        slot=slot or correction.slot,
        before=correction.before,
        made_at=correction.made_at,
        made_by=correction.made_by,
    )


# --------------------------------------------------------------------------------------------------- parts


def _key_of(question: Question) -> dict[int, Any]:
    return {question.pk: question.current} if question.current else {}


def _lock_with_learners(question: Question) -> Question:
    """Returns a question, and locks its module's learners. Nobody starts another attempt meanwhile."""
    hold_learners(Module.objects.get(quiz__questions=question))
    return Question.objects.select_related("current", "quiz__module").get(pk=question.pk)


def _locked(attempt: Attempt, among: Any = Attempt.objects) -> Attempt:
    """Locks and returns an attempt, after its enrolment, because a correction may change passing and finishing."""
    enrolments = Enrolment.objects.locked().select_related("module", "learner")
    enrolment = enrolments.get(pk=attempt.enrolment_id)
    locked: Attempt = among.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)
    locked.enrolment = enrolment
    return locked


def _refuse_second_open(attempt: Attempt) -> None:
    """Raises :class:`Impossible` if the learner has another open attempt."""
    if Attempt.objects.open().filter(enrolment=attempt.enrolment_id, quiz=attempt.quiz_id).exists():
        raise Impossible("other-open")


def _add_up(attempt: Attempt, correction: Correction, slot: SlotChange, why: Why) -> None:
    """Adds up the marks of a locked attempt, in which one mark has changed, and does what follows for its learner."""
    before = copy(attempt)
    grading.sum_up(attempt, attempt.responses.select_related("version", "graded_with"), why.now)
    attempt.save(update_fields=["mark", "max_mark", "passed_at"])
    outcome = revocations.of_marking(attempt, before)
    revocations.record(correction, attempt.enrolment, outcome)
    grades = before.grade or Fraction(0), attempt.grade or Fraction(0)
    change = GradeChange(attempt, *grades, [slot], _finish(outcome))
    tell_of_grades([change], reason=why.reason, now=why.now)
    _record_outcome(attempt, why.now)


def _finish(outcome: revocations.Outcome) -> str:
    """Returns what becomes of the finish, as a notice has it."""
    if outcome.taken.finished_at:
        return Notice.Finish.TAKEN
    return Notice.Finish.GIVEN if outcome.given.finished_at else ""


def _record_outcome(attempt: Attempt, now: datetime) -> None:
    completion.record_outcome(attempt.enrolment, now)
