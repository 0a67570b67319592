"""Grades attempts: says what a mark is, and adds up the marks of responses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from modules.models import JUDGING, Attempt, Correction, QuestionVersion, Response
from modules.quizzes import scoring as marks

GRADED_BY = ("version__question", "graded_with")  # the rows that marking a response reads


class Markable(Protocol):
    """Has what marking reads of a response: a row, or its columns in a trial."""

    @property
    def version(self) -> QuestionVersion: ...
    @property
    def key(self) -> QuestionVersion: ...
    @property
    def answer(self) -> Any: ...
    @property
    def manual_mark(self) -> Fraction | None: ...
    @property
    def judging(self) -> int: ...


def close(attempt: Attempt, *, now: datetime) -> None:
    """Marks every response of a locked attempt in today's way, and stores the result with its time.

    An answer that was judged before the attempt was opened again, and is the same, keeps its way.
    """
    responses = list(attempt.responses.select_related(*GRADED_BY))
    reopened_at = _reopened_at(attempt, responses)
    for response in responses:
        if not (reopened_at and response.saved_at and response.saved_at < reopened_at):
            response.judging = JUDGING
        response.mark = mark(response, response.key, attempt.scoring)
    Response.objects.bulk_update(responses, ["mark", "judging"])
    attempt.submitted_at = now
    sum_up(attempt, responses, now)
    attempt.save(update_fields=["mark", "max_mark", "submitted_at", "passed_at"])


def _reopened_at(attempt: Attempt, responses: Iterable[Response]) -> datetime | None:
    """Returns when a submitted attempt was opened again, if an answer in it was judged in an earlier way."""
    if all(response.judging == JUDGING for response in responses):
        return None
    reopened = attempt.corrections.filter(kind=Correction.Kind.REOPENED, before__isnull=False)
    last = reopened.order_by("pk").last()
    return last.made_at if last else None


def mark(response: Markable, key: QuestionVersion, scoring: str) -> Fraction:
    """Returns the points that a response earns with a key, by the scoring of its attempt.

    A mark by hand comes first, and then full marks for a faulty question. A mark by hand says which part of the
    question is right. If another key is worth other points, the response earns the same part of them.
    """
    if response.manual_mark is not None:
        return response.manual_mark * key.points / response.key.points
    if response.version.question.full_marks_since is not None:
        return key.points
    return earned(key, response.answer, scoring, asked=response.version.kind, judging=response.judging)


def earned(
    key: QuestionVersion, answer: Sequence[str], scoring: str, *, asked: str = "", judging: int = JUDGING
) -> Fraction:
    """Returns the points that an answer earns with a key. A choice that the key does not have counts for nothing.

    ``asked`` is the kind of question that was answered. If it allowed a single choice, any right choice earns all
    points, although the key has several right choices now.
    """
    if asked == QuestionVersion.Kind.SINGLE and key.has_choices:
        return key.points * bool(key.right_keys.intersection(answer))
    known = {choice["key"] for choice in key.choices}
    gradable = [choice for choice in answer if choice in known] if key.has_choices else answer
    return marks.mark(key, gradable, scoring, judging)


def grades_otherwise(before: QuestionVersion, after: QuestionVersion) -> bool:
    """Tells whether two versions of a question, as keys, could give an answer different marks."""
    return _key_of(before) != _key_of(after)


def can_regrade(before: QuestionVersion, after: QuestionVersion) -> bool:
    """Tells whether answers to one version can be graded with the other: both are chosen, or both are typed."""
    return before.has_choices == after.has_choices


def kinds_like(key: QuestionVersion) -> list[str]:
    """Returns the kinds of questions whose answers a key can grade."""
    return [kind for kind in QuestionVersion.Kind if can_regrade(QuestionVersion(kind=kind), key)]


def _key_of(version: QuestionVersion) -> tuple[Any, ...]:
    choices = sorted((choice["key"], choice["right"]) for choice in version.choices)
    return version.kind, version.points, choices, version.answers


def sum_up(attempt: Attempt, responses: Iterable[Response], now: datetime) -> None:
    """Adds up the marks of the responses. A pass keeps its date as long as it is still a pass."""
    add_up(attempt, [(response.mark or Fraction(0), response.key.points) for response in responses], now)


def add_up(attempt: Attempt, earned: Iterable[tuple[Fraction, Fraction]], now: datetime) -> None:
    """Does the same for pairs of the mark of a response and of the points that it could have earned."""
    earned = list(earned)
    attempt.mark = sum((mark for mark, _most in earned), start=Fraction(0))
    attempt.max_mark = sum((most for _mark, most in earned), start=Fraction(0))
    attempt.passed_at = (attempt.passed_at or now) if attempt.earns_a_pass else None
