"""Grading: what the responses of an attempt come to together, and what they would with another key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from accounts.models import User
from modules.models import BATCH, Attempt, Question, QuestionVersion, Regrade, Response
from modules.quizzes import scoring as marks

GRADED_BY = ("version__question", "graded_with")  # what marking a response looks at


@dataclass(frozen=True, slots=True)
class Effect:
    """Counts what regrading does to submitted attempts.

    ``attempts`` answered the question (or one of the questions); the grade of ``up`` rises, that of ``down`` falls;
    ``passes`` pass who did not, ``fails`` no longer pass.
    """

    attempts: int = 0
    up: int = 0
    down: int = 0
    passes: int = 0
    fails: int = 0

    @property
    def changed(self) -> int:
        return self.up + self.down


def close(attempt: Attempt, *, now: datetime) -> None:
    """Mark every response of an attempt that is locked, and store the result with the moment it was submitted."""
    responses = list(attempt.responses.select_related(*GRADED_BY))
    for response in responses:
        response.mark = mark(response, response.key, attempt.scoring)
    Response.objects.bulk_update(responses, ["mark"])
    attempt.submitted_at = now
    sum_up(attempt, responses, now)
    attempt.save(update_fields=["mark", "max_mark", "submitted_at", "passed_at"])


def mark(response: Response, key: QuestionVersion, scoring: str) -> Fraction:
    """The points that a response earns with a key, by the scoring of its attempt.

    A mark that somebody gave by hand goes before, and then full marks for a faulty question. By hand somebody said how
    much of a question is right: it stays that part of it where a key is worth other points.
    """
    if response.manual_mark is not None:
        return response.manual_mark * key.points / response.key.points
    if response.version.question.full_marks_since is not None:
        return key.points
    return earned(key, response.answer, scoring, asked=response.version.kind)


def earned(key: QuestionVersion, answer: Sequence[str], scoring: str, *, asked: str = "") -> Fraction:
    """The points that an answer earns with a key. A choice that the key does not have counts for nothing.

    ``asked`` is the kind of question that was answered: where one choice could be made, any right one is all of it,
    though the key has several now.
    """
    if asked == QuestionVersion.Kind.SINGLE and key.has_choices:
        return key.points * bool(key.right_keys.intersection(answer))
    known = {choice["key"] for choice in key.choices}
    given = [one for one in answer if one in known] if key.has_choices else answer
    return marks.mark(key, given, scoring)


def grades_otherwise(before: QuestionVersion, after: QuestionVersion) -> bool:
    """Whether two versions of a question, as keys, could give an answer different marks."""
    return _key_of(before) != _key_of(after)


def can_regrade(before: QuestionVersion, after: QuestionVersion) -> bool:
    """Whether answers to one version can be graded with the other: both are chosen, or both are typed."""
    return before.has_choices == after.has_choices


def _key_of(version: QuestionVersion) -> tuple[Any, ...]:
    choices = sorted((choice["key"], choice["right"]) for choice in version.choices)
    return version.kind, version.points, choices, version.answers


def effect(keys: Mapping[int, QuestionVersion]) -> Effect:
    """Returns what grading submitted attempts again would do.

    ``keys`` holds the new key of each question, by its row's key.
    """
    return effect_of(trials(keys))


def effect_of(found: Sequence[Trial]) -> Effect:
    """Trials, counted."""
    return Effect(
        attempts=len(found),
        up=sum(trial.after > trial.before for trial in found),
        down=sum(trial.after < trial.before for trial in found),
        passes=sum(trial.passes and not trial.passed for trial in found),
        fails=sum(trial.passed and not trial.passes for trial in found),
    )


def trials(keys: Mapping[int, QuestionVersion]) -> list[Trial]:
    """The same, attempt by attempt."""
    wanted = (one for one in _submitted(keys) if can_regrade(one.version, keys[one.version.question_id]))
    return [
        Trial(attempt, responses, lambda one: keys[one.version.question_id])
        for attempt, responses in _by_attempt(wanted)
    ]


def trials_of_full_marks(question: Question, since: datetime | None) -> list[Trial]:
    """Returns what full marks for everybody ``since`` then would do, or with ``None`` taking them back."""
    found = list(_submitted([question.pk]))
    for response in found:
        response.version.question.full_marks_since = since
    return [Trial(attempt, responses, lambda one: one.key) for attempt, responses in _by_attempt(found)]


class Trial:
    """An attempt with the grade that it has (``before``, ``passed``) and would have (``after``, ``passes``)."""

    def __init__(
        self, attempt: Attempt, responses: Iterable[Response], key_of: Callable[[Response], QuestionVersion]
    ) -> None:
        self.attempt = attempt
        self.passed, self.before = attempt.is_passed, attempt.grade or Fraction(0)
        total, most = attempt.mark or Fraction(0), attempt.max_mark or Fraction(0)
        for response in responses:
            key = key_of(response)
            total += mark(response, key, attempt.scoring) - (response.mark or Fraction(0))
            most += key.points - response.key.points
        trial = Attempt(mark=total, max_mark=most, pass_mark=attempt.pass_mark)
        self.after, self.passes = trial.grade or Fraction(0), trial.earns_a_pass


def _submitted(questions: Iterable[int]) -> Iterable[Response]:
    """The responses of submitted attempts to these questions, by the keys of their rows."""
    return Response.objects.filter(
        version__question__in=list(questions),
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
    ).select_related("attempt__enrolment__learner", *GRADED_BY)


def _by_attempt(responses: Iterable[Response]) -> Iterable[tuple[Attempt, list[Response]]]:
    found: dict[int, tuple[Attempt, list[Response]]] = {}
    for response in responses:
        found.setdefault(response.attempt_id, (response.attempt, []))[1].append(response)
    return found.values()


def hold(questions: Iterable[int]) -> list[Attempt]:
    """Lock and return the attempts that hold one of these questions, by the keys of their rows.

    None of them is submitted, opened again or brought back until the transaction ends. Those that were deleted are
    graded like the others, so that one that is brought back counts with the marks that it has to have. Call it where
    the module's learners are held (:func:`modules.models.hold_learners`), so that none is started either.
    """
    asked = Response.objects.filter(version__question__in=list(questions)).order_by()
    return list(
        Attempt.with_deleted.select_for_update().filter(pk__in=asked.values("attempt")).order_by("pk")
    )


def regrade(
    keys: Mapping[int, QuestionVersion], held: Iterable[Attempt], *, by: User | None, now: datetime
) -> None:
    """Grade submitted attempts again with new keys, and let the ones under way be graded with them.

    ``held`` are the attempts that :func:`hold` gave. The earlier mark of each response is kept as a :class:`Regrade`.
    """
    rows = Response.objects.filter(version__question__in=list(keys))
    wanted = [
        one
        for one in rows.select_related("attempt", *GRADED_BY)
        if can_regrade(one.version, keys[one.version.question_id])
    ]
    regrades = [_grade_with(one, keys[one.version.question_id], by, now) for one in wanted]
    Regrade.objects.bulk_create([made for made in regrades if made], BATCH)
    Response.objects.bulk_update(wanted, ["graded_with", "mark", "manual_mark"], BATCH)
    touched = {response.attempt_id for response in wanted}
    _sum_up_again([one for one in held if one.submitted_at is not None and one.pk in touched], now)


def mark_again(question: Question, held: Iterable[Attempt], *, now: datetime) -> None:
    """Mark the answers to a question in submitted attempts again, each by its own key.

    ``held`` are the attempts that :func:`hold` gave.
    """
    rows = Response.objects.filter(version__question=question, attempt__submitted_at__isnull=False)
    responses = list(rows.select_related("attempt", *GRADED_BY))
    for response in responses:
        response.mark = mark(response, response.key, response.attempt.scoring)
    Response.objects.bulk_update(responses, ["mark"], BATCH)
    _sum_up_again([one for one in held if one.submitted_at is not None], now)


def _sum_up_again(attempts: Sequence[Attempt], now: datetime) -> None:
    """Add up what the responses of submitted attempts earned: in few queries, however many there are."""
    for start in range(0, len(attempts), BATCH):
        several = attempts[start : start + BATCH]
        rows = (
            Response.objects.filter(attempt__in=several).select_related("version", "graded_with").order_by()
        )
        by_attempt: dict[int, list[Response]] = defaultdict(list)
        for response in rows.only("attempt", "mark", "version__points", "graded_with__points"):
            by_attempt[response.attempt_id].append(response)
        for attempt in several:
            sum_up(attempt, by_attempt[attempt.pk], now)
        Attempt.with_deleted.bulk_update(several, ["mark", "max_mark", "passed_at"])


def _grade_with(response: Response, key: QuestionVersion, by: User | None, now: datetime) -> Regrade | None:
    """Give a response another key, and where it has a mark the one that it earns with that; the change as a fact."""
    earned = mark(response, key, response.attempt.scoring)
    if response.manual_mark is not None:
        response.manual_mark = earned
    response.graded_with = key
    if response.attempt.submitted_at is None:  # it has no mark yet, or never gets one
        return None
    before, response.mark = response.mark, earned
    if earned == before:
        return None
    return Regrade(response=response, version=key, mark_before=before, made_at=now, made_by=by)


def sum_up(attempt: Attempt, responses: Iterable[Response], now: datetime) -> None:
    """Add up what the responses earned. A pass keeps its date as long as it is still a pass."""
    responses = list(responses)
    attempt.mark = sum((response.mark or Fraction(0) for response in responses), start=Fraction(0))
    attempt.max_mark = sum((response.key.points for response in responses), start=Fraction(0))
    attempt.passed_at = (attempt.passed_at or now) if attempt.earns_a_pass else None
