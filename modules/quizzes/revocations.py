"""Takes back what an attempt earned that is deleted or marked down by hand, and gives it back when that is undone.

A learner loses the pass if the attempts that are left do not pass, and with it the finish. Loading a document and
grading again never take a finish away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import QuerySet

from modules.models import Attempt, Correction, Enrolment, Quiz, Response, Revocation
from modules.quizzes.final_grade import deciding_attempt, is_passing


@dataclass(frozen=True, slots=True)
class Dates:
    """Holds the times of passing and finishing that a correction takes or gives back. ``None`` stays as it is."""

    passed_at: datetime | None = None
    finished_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.passed_at is not None or self.finished_at is not None


def taken_by_deleting(attempt: Attempt) -> Dates:
    """Returns what the learner loses if an attempt is deleted."""
    others = [other for other in _counting(attempt) if other.pk != attempt.pk]
    if is_passing(others, attempt.quiz.counts):
        return Dates()
    lost = lost_without_pass(attempt)
    finished = attempt.enrolment.finished_at
    if finished and not lost.finished_at and _needs_pass(attempt) and _has_earned(attempt, finished):
        return Dates(lost.passed_at, finished)
    return lost


def taken_by_marking(attempt: Attempt) -> Dates:
    """Returns what the learner loses by the marks that an attempt has now. The enrolment is as it was before."""
    return Dates() if is_passing(_counting(attempt), attempt.quiz.counts) else lost_without_pass(attempt)


def lost_without_pass(attempt: Attempt) -> Dates:
    """Returns what the learner of an attempt loses who does not pass any more."""
    enrolment = attempt.enrolment
    if enrolment.passed_at is None:
        return Dates()
    return Dates(enrolment.passed_at, enrolment.finished_at if _needs_pass(attempt) else None)


def given_by_restoring(attempt: Attempt) -> Dates:
    """Returns what a learner gets back if a deleted attempt is brought back."""
    return _given(attempt, _pending_if_restored(attempt))


def take(correction: Correction, enrolment: Enrolment, dates: Dates) -> None:
    """Takes dates from a locked enrolment, and keeps them with the correction that is the cause."""
    if not dates:
        return
    Revocation.objects.create(correction=correction, passed_at=dates.passed_at, finished_at=dates.finished_at)
    if dates.passed_at:
        enrolment.passed_at = None
    if dates.finished_at:
        enrolment.finished_at = None
    enrolment.save(update_fields=["passed_at", "finished_at"])


def give_back_by_restoring(attempt: Attempt, *, now: datetime) -> Dates:
    """Gives the learner of a locked attempt back what :func:`given_by_restoring` says."""
    return _give_back(attempt, _pending_if_restored(attempt), now)


def give_back_by_marking(attempt: Attempt, *, now: datetime) -> Dates:
    """Gives a learner back what corrections took, if the attempt makes the learner pass again with its marks now."""
    if attempt.enrolment.passed_at or not is_passing(_counting(attempt), attempt.quiz.counts):
        return Dates()
    return _give_back(attempt, list(_pending(attempt)), now)


def least_mark(response: Response, attempts: Sequence[Attempt]) -> Fraction | None:
    """Returns the least mark of a response with which its learner passes, or ``None`` if its mark does not decide.

    ``attempts`` are the submitted attempts of the learner, with that of the response.
    """
    attempt = next(row for row in attempts if row.pk == response.attempt_id)
    others = [row for row in attempts if row.pk != attempt.pk]
    counts, rest = attempt.quiz.counts, (attempt.mark or Fraction(0)) - (response.mark or Fraction(0))
    if not is_passing(attempts, counts) or is_passing([*others, _with_mark(attempt, rest)], counts):
        return None
    deciding = deciding_attempt(attempts, counts)
    grade = Fraction(deciding.pass_mark if deciding else attempt.pass_mark)
    if counts == Quiz.Counts.AVERAGE:
        grade = grade * len(attempts) - sum((row.grade or Fraction(0) for row in others), start=Fraction(0))
    return max(Fraction(0), grade * (attempt.max_mark or Fraction(0)) / 100 - rest)


# --------------------------------------------------------------------------------------------------- parts


def _counting(attempt: Attempt) -> list[Attempt]:
    return list(Attempt.objects.submitted().filter(enrolment=attempt.enrolment_id))


def _needs_pass(attempt: Attempt) -> bool:
    """Tells whether the learner cannot have finished without the quiz: it is active, and was taken by then."""
    finished = attempt.enrolment.finished_at
    if finished is None or attempt.quiz.archived_at is not None:
        return False
    return Attempt.with_deleted.filter(enrolment=attempt.enrolment_id, started_at__lte=finished).exists()


def _has_earned(attempt: Attempt, finished: datetime) -> bool:
    """Tells whether a learner who does not pass any more, because of another change, has finished by this attempt.

    Its grade was taken back since, by opening it again or by another key, or a later attempt counts in its place.
    """
    if attempt.started_at > finished:
        return False
    if attempt.passed_at is not None:
        return attempt.passed_at <= finished
    others = Attempt.objects.filter(enrolment=attempt.enrolment_id, started_at__lte=finished)
    return not others.exclude(pk=attempt.pk).exists()


def _pending(attempt: Attempt) -> QuerySet[Revocation]:
    """Returns what was taken from the learner since the attempt was submitted, and is not given back yet."""
    since = attempt.submitted_at or attempt.started_at
    taken = Revocation.objects.filter(given_back_at__isnull=True, correction__made_at__gte=since)
    return taken.filter(correction__attempt__enrolment=attempt.enrolment_id).select_related("correction")


def _pending_if_restored(attempt: Attempt) -> list[Revocation]:
    """Returns the revocations that bringing an attempt back undoes.

    If the learner passes with it, these are all. Else it is only that of its deletion: without it, the finish would
    have stayed. But a mark by hand, or another deletion, would have taken it too.
    """
    pending = list(_pending(attempt))
    own = (Correction.Kind.DELETED, attempt.pk)
    if _passes_if_restored(attempt) or all(
        (revocation.correction.kind, revocation.correction.attempt_id) == own for revocation in pending
    ):
        return pending
    return []


def _passes_if_restored(attempt: Attempt) -> bool:
    others = [other for other in _counting(attempt) if other.pk != attempt.pk]
    return is_passing([*others, attempt], attempt.quiz.counts)


def _given(attempt: Attempt, pending: Iterable[Revocation]) -> Dates:
    """Returns the earliest dates, where the enrolment has none or later ones. Only who passes gets the pass back."""
    enrolment, pending = attempt.enrolment, list(pending)
    passed = [row.passed_at for row in pending if row.passed_at] if _passes_if_restored(attempt) else []
    finished = [row.finished_at for row in pending if row.finished_at]
    return Dates(_earlier(passed, enrolment.passed_at), _earlier(finished, enrolment.finished_at))


def _earlier(dates: Iterable[datetime], current: datetime | None) -> datetime | None:
    first = min(dates, default=None)
    return first if first and (current is None or first < current) else None


def _give_back(attempt: Attempt, pending: Sequence[Revocation], now: datetime) -> Dates:
    dates, enrolment = _given(attempt, pending), attempt.enrolment
    Revocation.objects.filter(pk__in=[row.pk for row in pending]).update(given_back_at=now)
    enrolment.passed_at = dates.passed_at or enrolment.passed_at
    enrolment.finished_at = dates.finished_at or enrolment.finished_at
    if dates:
        enrolment.save(update_fields=["passed_at", "finished_at"])
    return dates


def _with_mark(attempt: Attempt, mark: Fraction) -> Attempt:
    trial = copy(attempt)
    trial.mark = mark
    trial.passed_at = trial.submitted_at if trial.earns_a_pass else None
    return trial
