"""Tries new keys on submitted attempts, and changes no row: a plan shows what a regrade would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet

from modules.models import Attempt, Question, Response
from modules.quizzes.new_keys import Keys, Marks, NewKeys, Row, rows_of, versions_of

# Responses that are read at once. With more, a plan needs more memory. With fewer, the database sorts them more often.
AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Effect:
    """Counts what regrading does to submitted attempts.

    ``attempts`` counts the attempts that answered one of the questions. The grades of ``up`` attempts rise, and those
    of ``down`` attempts fall. ``passes`` attempts newly pass, and ``fails`` attempts no longer pass.
    """

    attempts: int = 0
    up: int = 0
    down: int = 0
    passes: int = 0
    fails: int = 0

    @property
    def changed(self) -> int:
        return self.up + self.down


class Trial(NamedTuple):
    """An attempt, by its key, with the grade that it has and would have, and whether each is a pass."""

    attempt: int
    before: Fraction
    after: Fraction
    passed: bool
    passes: bool


def effect(keys: Keys, judged_anew: Collection[int] = (), pending: NewKeys | None = None) -> Effect:
    """Returns what grading submitted attempts again would do.

    ``keys`` maps the primary key of a question to its new key. Answers to the questions in ``judged_anew`` are judged
    in today's way, and the others as they were judged before. ``pending`` has the keys of a regrade that is not done
    yet: the effect is what comes on top of it.
    """
    return effect_of(trials(keys, judged_anew, pending))


def effect_of(regraded: Iterable[Trial]) -> Effect:
    """Counts trials by their effect."""
    attempts = up = down = passes = fails = 0
    for trial in regraded:
        attempts += 1
        up += trial.after > trial.before
        down += trial.after < trial.before
        passes += trial.passes and not trial.passed
        fails += trial.passed and not trial.passes
    return Effect(attempts, up, down, passes, fails)


def trials(keys: Keys, judged_anew: Collection[int] = (), pending: NewKeys | None = None) -> Iterator[Trial]:
    """Yields the trial of each submitted attempt that the new keys can grade. It takes what :func:`effect` takes."""
    earlier = pending or NewKeys()
    kept = {question: key for question, key in earlier.keys.items() if question not in keys}
    versions = versions_of([*kept, *keys])
    before = Marks(versions, NewKeys(kept, set(earlier.judged_anew) - set(keys)))
    after = Marks(versions, NewKeys({**kept, **keys}, {*earlier.judged_anew, *judged_anew}))
    for responses in _by_attempt([*kept, *keys]):
        if any(versions[row.version].question_id in keys and after.of(row) for row in responses):
            yield _trial(responses, before, after)


def trials_of_full_marks(question: Question, since: datetime | None) -> Iterator[Trial]:
    """Yields the trials with full marks for everybody from ``since`` on, or with ``None`` without full marks."""
    versions = versions_of([question.pk])
    for version in versions.values():
        version.question.full_marks_since = since
    before, after = Marks(versions, NewKeys()), Marks(versions, NewKeys({question.pk: None}))
    for responses in _by_attempt([question.pk]):
        yield _trial(responses, before, after)


def responses_to_try(questions: Iterable[int]) -> int:
    """Counts the responses that a trial of these questions reads: its cost grows with them."""
    return _submitted(questions).count()


def _submitted(questions: Iterable[int]) -> QuerySet[Response]:
    """Returns the responses of submitted attempts to questions with these primary keys."""
    return Response.objects.filter(
        version__question__in=list(questions),
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
    )


def _by_attempt(questions: Iterable[int]) -> Iterator[list[Row]]:
    """Yields the responses of each attempt. No query is open meanwhile, so that the caller may write."""
    responses, last, is_more = _submitted(questions), 0, True
    while is_more:
        attempts = (
            responses.filter(attempt__gt=last).order_by("attempt_id").values_list("attempt_id", flat=True)
        )
        newest = attempts[AT_ONCE : AT_ONCE + 1].first()
        upto = responses if newest is None else responses.filter(attempt__lte=newest)
        for attempt, rows in groupby(rows_of(upto.filter(attempt__gt=last)), key=lambda row: row.attempt):
            last = attempt
            yield list(rows)
        is_more = newest is not None


def _trial(responses: list[Row], before: Marks, after: Marks) -> Trial:
    earlier, later = (_outcome(responses, marks) for marks in (before, after))
    return Trial(responses[0].attempt, earlier[0], later[0], earlier[1], later[1])


def _outcome(responses: list[Row], marks: Marks) -> tuple[Fraction, bool]:
    """Returns the grade of an attempt with these marks, and whether it is a pass."""
    first = responses[0]
    total, most, is_changed = first.total or Fraction(0), first.most or Fraction(0), False
    for row in responses:
        marked = marks.of(row)
        if marked is not None and (marked.mark != row.mark or marked.more):
            total, most = total + marked.mark - (row.mark or Fraction(0)), most + marked.more
            is_changed = True
    grade, passes = _grade(total, most, first.pass_mark)
    return grade, passes if is_changed else first.passed_at is not None


@lru_cache(maxsize=10_000)
def _grade(total: Fraction, most: Fraction, pass_mark: int) -> tuple[Fraction, bool]:
    attempt = Attempt(mark=total, max_mark=most, pass_mark=pass_mark)
    return attempt.grade or Fraction(0), attempt.earns_a_pass
