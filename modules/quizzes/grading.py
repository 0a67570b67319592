"""Grades attempts: adds up the marks of their responses, with the current keys or, as a trial, with other keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from accounts.models import User
from modules.models import (
    BATCH,
    JUDGING,
    Attempt,
    Correction,
    Question,
    QuestionVersion,
    Regrade,
    Response,
    SlotChange,
)
from modules.notices.grades import GradeChange, tell_of_grades
from modules.quizzes import scoring as marks

GRADED_BY = ("version__question", "graded_with")  # the rows that marking a response reads


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


def close(attempt: Attempt, *, now: datetime) -> None:
    """Marks every response of a locked attempt in today's way, and stores the result with its time."""
    responses = list(attempt.responses.select_related(*GRADED_BY))
    for response in responses:
        response.judging = JUDGING
        response.mark = mark(response, response.key, attempt.scoring)
    Response.objects.bulk_update(responses, ["mark", "judging"])
    attempt.submitted_at = now
    sum_up(attempt, responses, now)
    attempt.save(update_fields=["mark", "max_mark", "submitted_at", "passed_at"])


def mark(response: Response, key: QuestionVersion, scoring: str, judging: int | None = None) -> Fraction:
    """Returns the points that a response earns with a key, by the scoring of its attempt.

    ``judging`` is the way in which a typed answer is judged. If it is left out, that is the way of the response.

    A mark by hand comes first, and then full marks for a faulty question. A mark by hand says which part of the
    question is right. If another key is worth other points, the response earns the same part of them.
    """
    if response.manual_mark is not None:
        return response.manual_mark * key.points / response.key.points
    if response.version.question.full_marks_since is not None:
        return key.points
    return earned(
        key, response.answer, scoring, asked=response.version.kind, judging=judging or response.judging
    )


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


def _key_of(version: QuestionVersion) -> tuple[Any, ...]:
    choices = sorted((choice["key"], choice["right"]) for choice in version.choices)
    return version.kind, version.points, choices, version.answers


def effect(keys: Mapping[int, QuestionVersion], judged_anew: Collection[int] = ()) -> Effect:
    """Returns what grading submitted attempts again would do.

    ``keys`` maps the primary key of a question to its new key. Answers to the questions in ``judged_anew`` are judged
    in today's way, and the others as they were judged before.
    """
    return effect_of(trials(keys, judged_anew))


def effect_of(regraded: Sequence[Trial]) -> Effect:
    """Counts trials by their effect."""
    return Effect(
        attempts=len(regraded),
        up=sum(trial.after > trial.before for trial in regraded),
        down=sum(trial.after < trial.before for trial in regraded),
        passes=sum(trial.passes and not trial.passed for trial in regraded),
        fails=sum(trial.passed and not trial.passes for trial in regraded),
    )


def trials(keys: Mapping[int, QuestionVersion], judged_anew: Collection[int] = ()) -> list[Trial]:
    """Returns the trial of each submitted attempt that the new keys can grade. It takes what :func:`effect` takes."""

    def new_key(response: Response) -> QuestionVersion:
        return keys[response.version.question_id]

    wanted = (response for response in _submitted(keys) if can_regrade(response.version, new_key(response)))
    return [Trial(attempt, responses, new_key, judged_anew) for attempt, responses in _by_attempt(wanted)]


def trials_of_full_marks(question: Question, since: datetime | None) -> list[Trial]:
    """Returns the trials with full marks for everybody from ``since`` on, or with ``None`` without full marks."""
    submitted = list(_submitted([question.pk]))
    for response in submitted:
        response.version.question.full_marks_since = since
    return [
        Trial(attempt, responses, lambda response: response.key)
        for attempt, responses in _by_attempt(submitted)
    ]


class Trial:
    """An attempt with the grade that it has (``before``, ``passed``) and would have (``after``, ``passes``)."""

    def __init__(
        self,
        attempt: Attempt,
        responses: Iterable[Response],
        key_of: Callable[[Response], QuestionVersion],
        judged_anew: Collection[int] = (),
    ) -> None:
        self.attempt = attempt
        self.passed, self.before = attempt.is_passed, attempt.grade or Fraction(0)
        total, most = attempt.mark or Fraction(0), attempt.max_mark or Fraction(0)
        for response in responses:
            key = key_of(response)
            judging = _judging(response, judged_anew)
            total += mark(response, key, attempt.scoring, judging) - (response.mark or Fraction(0))
            most += key.points - response.key.points
        trial = Attempt(mark=total, max_mark=most, pass_mark=attempt.pass_mark)
        self.after, self.passes = trial.grade or Fraction(0), trial.earns_a_pass


def _submitted(questions: Iterable[int]) -> Iterable[Response]:
    """Returns the responses of submitted attempts to questions with these primary keys."""
    return Response.objects.filter(
        version__question__in=list(questions),
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
    ).select_related("attempt__enrolment__learner", *GRADED_BY)


def _by_attempt(responses: Iterable[Response]) -> Iterable[tuple[Attempt, list[Response]]]:
    groups: dict[int, tuple[Attempt, list[Response]]] = {}
    for response in responses:
        groups.setdefault(response.attempt_id, (response.attempt, []))[1].append(response)
    return groups.values()


def hold(questions: Iterable[int]) -> list[Attempt]:
    """Locks and returns the attempts that have a question with one of these primary keys.

    None of them is submitted, opened again or restored until the transaction ends. Deleted attempts are graded like
    the others, so that a restored attempt counts with correct marks. Call it in a transaction that holds the module's
    learners (:func:`modules.models.hold_learners`), so that nobody starts an attempt either.
    """
    asked = Response.objects.filter(version__question__in=list(questions)).order_by()
    return list(
        Attempt.with_deleted.select_for_update().filter(pk__in=asked.values("attempt")).order_by("pk")
    )


def _judging(response: Response, judged_anew: Collection[int]) -> int:
    return JUDGING if response.version.question_id in judged_anew else response.judging


def regrade(
    keys: Mapping[int, QuestionVersion],
    held: Iterable[Attempt],
    *,
    by: User | None,
    now: datetime,
    judged_anew: Collection[int] = (),
    reason: str = "",
) -> None:
    """Grades submitted attempts again with new keys, and sets these keys for the open attempts.

    ``held`` has the attempts from :func:`hold`. The earlier mark of each response is kept as a :class:`Regrade`.
    ``judged_anew`` is as for :func:`effect`. Learners whose grade changes are told, with the ``reason``.
    """
    rows = Response.objects.filter(version__question__in=list(keys))
    wanted = [
        response
        for response in rows.select_related("attempt", *GRADED_BY)
        if can_regrade(response.version, keys[response.version.question_id])
    ]
    earlier = {response.pk: response.mark for response in wanted}
    for response in wanted:
        response.judging = _judging(response, judged_anew)
    regrades = [_grade_with(response, keys[response.version.question_id], by, now) for response in wanted]
    Regrade.objects.bulk_create([change for change in regrades if change], BATCH)
    Response.objects.bulk_update(wanted, ["graded_with", "mark", "manual_mark", "judging"], BATCH)
    slots = _slot_changes(wanted, earlier, Correction.Kind.REGRADED)
    submitted = [attempt for attempt in held if attempt.submitted_at is not None]
    changes = _sum_up_again([attempt for attempt in submitted if attempt.pk in slots], slots, now)
    tell_of_grades(changes, reason=reason, now=now)


def mark_again(question: Question, held: Iterable[Attempt], *, kind: str, reason: str, now: datetime) -> None:
    """Marks the answers to a question in submitted attempts again, each by its own key.

    ``held`` has the attempts from :func:`hold`. ``kind`` and ``reason`` are those of the correction.
    """
    rows = Response.objects.filter(version__question=question, attempt__submitted_at__isnull=False)
    responses = list(rows.select_related("attempt", *GRADED_BY))
    earlier = {response.pk: response.mark for response in responses}
    for response in responses:
        response.mark = mark(response, response.key, response.attempt.scoring)
    Response.objects.bulk_update(responses, ["mark"], BATCH)
    slots = _slot_changes(responses, earlier, kind)
    changes = _sum_up_again([attempt for attempt in held if attempt.submitted_at is not None], slots, now)
    tell_of_grades(changes, reason=reason, now=now)


def _slot_changes(
    responses: Iterable[Response], earlier: Mapping[int, Fraction | None], kind: str
) -> dict[int, list[SlotChange]]:
    """Returns the marks of responses before and after, by the primary keys of their attempts."""
    slots: dict[int, list[SlotChange]] = defaultdict(list)
    for response in responses:
        before, after = earlier[response.pk] or Fraction(0), response.mark or Fraction(0)
        slots[response.attempt_id].append(SlotChange(response.slot, kind, str(before), str(after)))
    return slots


def _sum_up_again(
    attempts: Sequence[Attempt], slots: Mapping[int, Sequence[SlotChange]], now: datetime
) -> list[GradeChange]:
    """Adds up the marks of submitted attempts again, in few queries, and returns their grades before and after."""
    changes = []
    for start in range(0, len(attempts), BATCH):
        batch = attempts[start : start + BATCH]
        rows = Response.objects.filter(attempt__in=batch).select_related("version", "graded_with").order_by()
        by_attempt: dict[int, list[Response]] = defaultdict(list)
        for response in rows.only("attempt", "mark", "version__points", "graded_with__points"):
            by_attempt[response.attempt_id].append(response)
        for attempt in batch:
            before = attempt.grade or Fraction(0)
            sum_up(attempt, by_attempt[attempt.pk], now)
            after = attempt.grade or Fraction(0)
            changes.append(GradeChange(attempt, before, after, slots.get(attempt.pk, ())))
        Attempt.with_deleted.bulk_update(batch, ["mark", "max_mark", "passed_at"])
    return changes


def _grade_with(response: Response, key: QuestionVersion, by: User | None, now: datetime) -> Regrade | None:
    """Gives a response another key and, if its attempt is submitted, the mark that it earns with this key.

    Returns the change of the mark as a row that is not saved yet, or ``None`` if the mark stays the same.
    """
    new_mark = mark(response, key, response.attempt.scoring)
    if response.manual_mark is not None:
        response.manual_mark = new_mark
    response.graded_with = key
    if response.attempt.submitted_at is None:  # it has no mark yet, or never gets one
        return None
    before, response.mark = response.mark, new_mark
    if new_mark == before:
        return None
    return Regrade(response=response, version=key, mark_before=before, made_at=now, made_by=by)


def sum_up(attempt: Attempt, responses: Iterable[Response], now: datetime) -> None:
    """Adds up the marks of the responses. A pass keeps its date as long as it is still a pass."""
    responses = list(responses)
    attempt.mark = sum((response.mark or Fraction(0) for response in responses), start=Fraction(0))
    attempt.max_mark = sum((response.key.points for response in responses), start=Fraction(0))
    attempt.passed_at = (attempt.passed_at or now) if attempt.earns_a_pass else None
