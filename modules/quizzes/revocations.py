"""Takes back what an attempt earned when a person corrects it, and gives it back when that is undone.

A correction that leaves a learner without a pass takes the pass, and with it the finish that came of it. Loading a
document and grading again never take a finish away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from modules.models import Attempt, Correction, Enrolment, Quiz, Response, Revocation
from modules.quizzes.final_grade import deciding_attempt, is_passing

Kind = Correction.Kind


@dataclass(frozen=True, slots=True)
class Dates:
    """Holds the times of passing and finishing that a correction takes or gives back. ``None`` stays as it is."""

    passed_at: datetime | None = None
    finished_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.passed_at is not None or self.finished_at is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Says what a correction takes from a learner and what it gives back. ``undone`` has what it settles by that."""

    taken: Dates = Dates()
    given: Dates = Dates()
    undone: tuple[Revocation, ...] = ()


def of_deleting(attempt: Attempt) -> Outcome:
    """Returns what follows for the learner if an attempt is deleted."""
    others = _others(attempt)
    return _outcome(_Change(attempt, [*others, attempt], others, is_lower=True, is_deleted=True))


def of_restoring(attempt: Attempt) -> Outcome:
    """Returns what follows for the learner if a deleted attempt is brought back."""
    others = _others(attempt)
    return _outcome(_Change(attempt, others, [*others, attempt]))


def of_marking(attempt: Attempt, before: Attempt) -> Outcome:
    """Returns what follows from the marks that an attempt has now. ``before`` is the attempt with its marks before."""
    others, is_lower = _others(attempt), (attempt.grade or 0) < (before.grade or 0)
    return _outcome(_Change(attempt, [*others, before], [*others, attempt], is_lower=is_lower))


def record(correction: Correction, enrolment: Enrolment, outcome: Outcome) -> None:
    """Writes an outcome to a locked enrolment, and keeps what is taken with the correction that is the cause."""
    taken, given = outcome.taken, outcome.given
    if taken:
        Revocation.objects.create(
            correction=correction, passed_at=taken.passed_at, finished_at=taken.finished_at
        )
    is_passing_again = enrolment.passed_at is not None or given.passed_at is not None
    for revocation in outcome.undone:
        _settle(revocation, correction.made_at, with_pass=is_passing_again)
    enrolment.passed_at = None if taken.passed_at else given.passed_at or enrolment.passed_at
    enrolment.finished_at = None if taken.finished_at else given.finished_at or enrolment.finished_at
    if taken or given:
        enrolment.save(update_fields=["passed_at", "finished_at"])


@dataclass(frozen=True, slots=True)
class Threshold:
    """Says what a learner loses by fewer points than ``mark`` for a response."""

    mark: Fraction
    lost: Dates


def thresholds(response: Response, attempts: Sequence[Attempt], enrolment: Enrolment) -> list[Threshold]:
    """Returns the least marks of a response with which its learner keeps the pass, and the finish.

    ``attempts`` are the submitted attempts of the learner, with that of the response.
    """
    attempt = next(row for row in attempts if row.pk == response.attempt_id)
    finished = enrolment.finished_at if _needs_pass(attempt, enrolment) else None
    to_pass = _least_mark(response, attempt, attempts)
    to_finish = _least_of_prefixes(response, attempt, attempts) if finished else None
    found = []
    if to_pass is not None:
        passed = enrolment.passed_at
        goes_too = finished and ((passed and finished >= passed) or to_finish == to_pass)
        found.append(Threshold(to_pass, Dates(passed, finished if goes_too else None)))
        to_finish = None if goes_too else to_finish
    elif is_passing(attempts, attempt.quiz.counts):  # others pass
        return []
    elif finished and not _has_passed(attempts, attempt.quiz.counts) and _has_earned(attempt, finished):
        to_finish = response.mark or None
    if to_finish is not None:
        found.append(Threshold(to_finish, Dates(None, finished)))
    return found


# --------------------------------------------------------------------------------------------- what follows


@dataclass(frozen=True, slots=True)
class _Change:
    """A correction of an attempt, with the submitted attempts that count before and after it."""

    attempt: Attempt
    before: list[Attempt]
    after: list[Attempt]
    is_lower: bool = False
    is_deleted: bool = False

    @property
    def counts(self) -> str:
        return self.attempt.quiz.counts


def _outcome(change: _Change) -> Outcome:
    if is_passing(change.after, change.counts):
        undone = _pending(change)
        if is_passing(change.before, change.counts):  # it passes by others, so only what is undone comes back
            undone = _undone(undone, change)
        return Outcome(given=_earliest(undone, change.attempt.enrolment), undone=tuple(undone))
    if taken := _taken(change):
        return Outcome(taken=taken)
    undone = _pending(change)
    if _undone(undone, change) != undone:
        return Outcome()
    # Without these corrections, the finish would have stayed. The pass waits until the learner passes again.
    given = _earliest(undone, change.attempt.enrolment).finished_at
    return Outcome(given=Dates(None, given), undone=tuple(undone))


def _taken(change: _Change) -> Dates:
    """Returns what a learner loses who does not pass after a correction.

    The finish goes with the pass that it came of. If the learner did not pass before either, because a later attempt
    counts, it goes with the attempt that earned it.
    """
    enrolment, attempt = change.attempt.enrolment, change.attempt
    passed, finished = enrolment.passed_at, enrolment.finished_at
    if finished is None or not _needs_pass(attempt, enrolment):
        return Dates(passed)
    if _has_passed(change.before, change.counts):
        goes = not _has_passed(change.after, change.counts)
    else:
        goes = change.is_lower and _has_earned(attempt, finished)
    return Dates(passed, finished if goes or (passed is not None and finished >= passed) else None)


def _needs_pass(attempt: Attempt, enrolment: Enrolment) -> bool:
    """Tells whether the learner cannot have finished without the quiz: it is active, and was taken by then."""
    finished = enrolment.finished_at
    if finished is None or attempt.quiz.archived_at is not None:
        return False
    return Attempt.with_deleted.filter(enrolment=attempt.enrolment_id, started_at__lte=finished).exists()


def _has_passed(attempts: Iterable[Attempt], counts: str) -> bool:
    """Tells whether the learner passes, or has passed until a later attempt counted."""
    return any(is_passing(prefix, counts) for prefix in _prefixes(attempts))


def _prefixes(attempts: Iterable[Attempt]) -> list[list[Attempt]]:
    """Returns the attempts that were there after each attempt."""
    submitted = (attempt for attempt in attempts if attempt.submitted_at is not None)
    in_order = sorted(submitted, key=lambda attempt: attempt.number)
    return [in_order[: end + 1] for end in range(len(in_order))]


def _has_earned(attempt: Attempt, finished: datetime) -> bool:
    """Tells whether a learner whose attempts do not pass, because of another change, has finished by this attempt.

    Its grade was taken back since, by opening it again or by another key.
    """
    if attempt.started_at > finished:
        return False
    others = Attempt.objects.filter(enrolment=attempt.enrolment_id, started_at__lte=finished)
    return not others.exclude(pk=attempt.pk).exists()


# ------------------------------------------------------------------------------------------ what comes back


def _pending(change: _Change) -> list[Revocation]:
    """Returns what was taken from the learner since the attempt was submitted, and is not given back yet."""
    since = change.attempt.submitted_at or change.attempt.started_at
    taken = Revocation.objects.filter(given_back_at__isnull=True, correction__made_at__gte=since)
    of_learner = taken.filter(correction__attempt__enrolment=change.attempt.enrolment_id)
    return list(of_learner.select_related("correction__attempt"))


def _undone(pending: Iterable[Revocation], change: _Change) -> list[Revocation]:
    """Keeps the revocations whose correction is undone, after a change."""
    pending = list(pending)
    rows = Response.objects.filter(attempt__in={row.correction.attempt_id for row in pending})
    responses: dict[tuple[int | None, int | None], Response] = {
        (row.attempt_id, row.slot): row for row in rows
    }
    return [row for row in pending if _is_undone(row.correction, responses, change)]


def _is_undone(
    correction: Correction, responses: Mapping[tuple[int | None, int | None], Response], change: _Change
) -> bool:
    response = responses.get((correction.attempt_id, correction.slot))
    if response is not None:  # a mark by hand
        is_taken_back = correction.kind == Kind.MARK and response.manual_mark is None
        return is_taken_back or (response.mark or 0) >= (correction.before or 0)
    attempt = correction.attempt
    if attempt is None or attempt.pk == change.attempt.pk:
        is_deleted = change.is_deleted
    else:
        is_deleted = attempt.deleted_at is not None
    return is_deleted == (correction.kind == Kind.RESTORED)


def _earliest(pending: Iterable[Revocation], enrolment: Enrolment) -> Dates:
    """Returns the earliest dates, where the enrolment has none or later ones."""
    pending = list(pending)
    passed = [row.passed_at for row in pending if row.passed_at]
    finished = [row.finished_at for row in pending if row.finished_at]
    return Dates(_earlier(passed, enrolment.passed_at), _earlier(finished, enrolment.finished_at))


def _earlier(dates: Iterable[datetime], current: datetime | None) -> datetime | None:
    first = min(dates, default=None)
    return first if first and (current is None or first < current) else None


def _settle(revocation: Revocation, now: datetime, *, with_pass: bool) -> None:
    """Notes that what was taken is given back. A pass that the learner does not have yet is still to come."""
    if revocation.passed_at and not with_pass:
        revocation.finished_at = None
    else:
        revocation.given_back_at = now
    revocation.save(update_fields=["finished_at", "given_back_at"])


# --------------------------------------------------------------------------------------------------- marks


def _least_of_prefixes(response: Response, attempt: Attempt, attempts: Iterable[Attempt]) -> Fraction | None:
    """Returns the least mark with which the attempts pass, or have passed before a later one counted."""
    prefixes = [prefix for prefix in _prefixes(attempts) if is_passing(prefix, attempt.quiz.counts)]
    least = [_least_mark(response, attempt, prefix) for prefix in prefixes]
    return None if None in least else min((mark for mark in least if mark is not None), default=None)


def _least_mark(response: Response, attempt: Attempt, attempts: Sequence[Attempt]) -> Fraction | None:
    """Returns the least mark of a response with which some attempts pass, or ``None`` if its mark does not decide."""
    if attempt not in attempts:
        return None
    others = [row for row in attempts if row.pk != attempt.pk]
    counts, rest = attempt.quiz.counts, (attempt.mark or Fraction(0)) - (response.mark or Fraction(0))
    if not is_passing(attempts, counts) or is_passing([*others, _with_mark(attempt, rest)], counts):
        return None
    deciding = deciding_attempt(attempts, counts)
    grade = Fraction(deciding.pass_mark if deciding else attempt.pass_mark)
    if counts == Quiz.Counts.AVERAGE:
        grade = grade * len(attempts) - sum((row.grade or Fraction(0) for row in others), start=Fraction(0))
    return max(Fraction(0), grade * (attempt.max_mark or Fraction(0)) / 100 - rest)


def _with_mark(attempt: Attempt, mark: Fraction) -> Attempt:
    trial = copy(attempt)
    trial.mark = mark
    trial.passed_at = trial.submitted_at if trial.earns_a_pass else None
    return trial


def _others(attempt: Attempt) -> list[Attempt]:
    return list(Attempt.objects.submitted().filter(enrolment=attempt.enrolment_id).exclude(pk=attempt.pk))
