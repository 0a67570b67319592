"""Says what a learner may do at a quiz.

Its rules as they are for them, whether they may start, and what they may see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q

from accounts.models import Visitor
from modules.document.syntax.review import RIGHT_AFTER, shown_by
from modules.models import Attempt, AttemptQuerySet, Override, Quiz
from modules.quizzes.final_grade import deciding_attempt, final_grade, is_passing

TELLING = frozenset({"feedback", "explanation", "right_answer"})  # aspects that would help in another attempt


@dataclass(frozen=True, slots=True)
class LearnerRules:
    """The rules of a quiz as they are for one learner, who may have other ones than the rest."""

    attempts: int | None
    time_limit: timedelta | None
    wait: timedelta
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def minutes(self) -> Fraction | None:
        """The time of an attempt in minutes, exact to the second."""
        return Fraction(self.time_limit // timedelta(seconds=1), 60) if self.time_limit else None

    def left(self, used: int) -> int | None:
        """How many more attempts may be started; ``None`` means any number."""
        return None if self.attempts is None else max(0, self.attempts - used)

    def deadline(self, started: datetime) -> datetime | None:
        """When the time of an attempt is up that starts at a moment; at the latest it is when the quiz closes."""
        # In UTC, since a day on which the clocks change has 23 hours, or 25.
        ends = [started.astimezone(UTC) + self.time_limit] if self.time_limit else []
        return min([*ends, *([self.closes_at] if self.closes_at else [])], default=None)


def rules_for(quiz: Quiz, learner: Visitor) -> LearnerRules:
    """The rules for a learner. One query."""
    return rules_of_quizzes([quiz], learner)[quiz.pk]


def rules_of_quizzes(quizzes: Collection[Quiz], learner: Visitor) -> dict[int, LearnerRules]:
    """The rules of several quizzes for a learner, by the quiz's key. One query, none where there are no quizzes."""
    mine: dict[int, list[Override]] = {quiz.pk: [] for quiz in quizzes}
    if learner.is_authenticated:
        whose = Q(learner_id=learner.pk) | Q(group__user=learner.pk)
        for one in Override.objects.filter(whose, quiz__in=mine).distinct():
            mine[one.quiz_id].append(one)
    return {quiz.pk: rules_with(quiz, mine[quiz.pk]) for quiz in quizzes}


def rules_with(quiz: Quiz, overrides: Iterable[Override] = ()) -> LearnerRules:
    """The rules with these overrides; each is the learner's own, else the kindest of their groups', else the quiz's."""
    overrides = list(overrides)
    limit = timedelta(minutes=quiz.time_limit) if quiz.time_limit else None
    numbers = _said(overrides, lambda one: one.attempts_allowed)
    return LearnerRules(
        attempts=None if quiz.attempts_allowed is None else max(numbers, default=quiz.attempts_allowed),
        time_limit=max(_said(overrides, lambda one: _longer(limit, one)), default=limit) if limit else None,
        wait=timedelta(minutes=quiz.wait),
        opens_at=min(_said(overrides, lambda one: one.opens_at), default=quiz.opens_at),
        closes_at=max(_said(overrides, lambda one: one.closes_at), default=quiz.closes_at),
    )


def _said(overrides: Sequence[Override], of: Callable[[Override], Any]) -> list[Any]:
    """Returns the values of a rule in the learner's own override, or else in those of their groups."""
    said = [(one.learner_id is not None, value) for one in overrides if (value := of(one)) is not None]
    return [value for is_own, value in said if is_own] or [value for _is_own, value in said]


def _longer(limit: timedelta, override: Override) -> timedelta | None:
    if override.time_factor is None and override.extra_minutes is None:
        return None
    factor = override.time_factor or Fraction(1)
    whole = timedelta(microseconds=int(limit / timedelta(microseconds=1) * factor))
    return whole + timedelta(minutes=override.extra_minutes or 0)


def extend_deadlines(quiz: Quiz, among: AttemptQuerySet, *, now: datetime) -> int:
    """Gives open attempts the time that the rules give their learners now, and returns how many got more.

    Nobody's time is made shorter, and an attempt whose time is up gets none. Takes three queries, and one more if some
    attempts got more. Call it in a transaction that has locked the quiz.
    """
    timed = among.open().filter(quiz=quiz, deadline__isnull=False).select_related("enrolment")
    attempts = list(timed.select_for_update(of=("self",)).order_by("pk"))
    rules_of = _rules_of_learners(quiz, {attempt.enrolment.learner_id for attempt in attempts})
    deadlines = {one.pk: rules_of[one.enrolment.learner_id].deadline(one.started_at) for one in attempts}
    lengthened = [attempt for attempt in attempts if _give(attempt, deadlines[attempt.pk], now)]
    Attempt.objects.bulk_update(lengthened, ["deadline", "overdue_until"])
    return len(lengthened)


def _rules_of_learners(quiz: Quiz, learners: Collection[int]) -> dict[int, LearnerRules]:
    """The rules of one quiz for several learners, by their keys."""
    overrides = list(Override.objects.filter(quiz=quiz))
    groups = {one.group_id for one in overrides}
    members = set(
        Group.user_set.through.objects.filter(group__in=groups, user__in=learners).values_list(
            "group", "user"
        )
    )
    return {
        learner: rules_with(
            quiz,
            (one for one in overrides if one.learner_id == learner or (one.group_id, learner) in members),
        )
        for learner in learners
    }


def _give(attempt: Attempt, deadline: datetime | None, now: datetime) -> bool:
    """Let an attempt have a later deadline, or none; say whether it is later than the one that it has."""
    ends = attempt.overdue_until or attempt.deadline
    if attempt.deadline is None or ends is None or ends <= now:
        return False
    if deadline is not None and deadline <= attempt.deadline:
        return False
    grace = attempt.overdue_until - attempt.deadline if attempt.overdue_until else None
    attempt.deadline = deadline
    attempt.overdue_until = deadline + grace if deadline and grace else None
    return True


class Refused(Exception):
    """An attempt may not start.

    ``reason`` is ``"unread"``, ``"no-attempts-left"``, ``"closed"``, ``"closes-first"`` (before the pause is over); or
    ``"not-open-yet"`` or ``"wait"``, and ``until`` is when that ends.
    """

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


@dataclass(frozen=True, slots=True)
class History:
    """The attempts that a learner has made at a quiz, in their order, and the rules as they are for them."""

    quiz: Quiz
    learner_rules: LearnerRules
    made: Sequence[Attempt]

    @property
    def open_attempt(self) -> Attempt | None:
        return next((one for one in self.made if one.is_open), None)

    @property
    def submitted(self) -> list[Attempt]:
        return [one for one in self.made if one.submitted_at is not None]

    @property
    def left(self) -> int | None:
        """How many more attempts may be started; ``None`` means any number."""
        return self.learner_rules.left(len(self.made))

    @property
    def is_passed(self) -> bool:
        """Whether the grade that counts passes the quiz, whatever a single attempt came to."""
        return is_passing(self.made, self.quiz.counts)

    @property
    def pass_mark(self) -> int:
        """Returns the pass mark of the final grade: what held when the attempt began that decides."""
        one = deciding_attempt(self.made, self.quiz.counts)
        return one.pass_mark if one else self.quiz.pass_mark

    def grade(self, now: datetime) -> Fraction | None:
        """The grade that counts, in percent; ``None`` where there is none, or where one behind it is not shown."""
        return final_grade(self.submitted, self.quiz.counts) if self.shows_marks(now) else None

    def can_improve(self, now: datetime) -> bool:
        """Whether another attempt may be started, and may change the grade that counts."""
        is_settled = self.quiz.counts == Quiz.Counts.FIRST and bool(self.submitted)
        return self.refusal(now) is None and not is_settled

    def refusal(self, now: datetime) -> Refused | None:
        """Why no further attempt may be started, where none is under way; ``None`` if one may."""
        learner_rules = self.learner_rules
        if learner_rules.opens_at and now < learner_rules.opens_at:
            return Refused("not-open-yet", learner_rules.opens_at)
        if learner_rules.closes_at and now >= learner_rules.closes_at:
            return Refused("closed")
        if self.left == 0:
            return Refused("no-attempts-left")
        if (rested := self._rested()) and now < rested:
            closes_first = learner_rules.closes_at and learner_rules.closes_at <= rested
            return Refused("closes-first") if closes_first else Refused("wait", rested)
        return None

    def _rested(self) -> datetime | None:
        """When the pause after the latest attempt is over."""
        ended = max((end for one in self.made if (end := one.submitted_at or one.abandoned_at)), default=None)
        return ended.astimezone(UTC) + self.learner_rules.wait if ended and self.learner_rules.wait else None

    def shown(self, attempt: Attempt, now: datetime) -> frozenset[str]:
        """The aspects of one of the attempts that its learner may see now.

        While another one is under way, nothing is told that would help in it.
        """
        review = self.quiz.review
        if attempt.submitted_at is None:
            return frozenset({"answer"}) & shown_by(review, "while_open", is_over=False)
        is_over = self.is_passed or (self.left == 0 and not self.open_attempt)
        may_see = shown_by(review, self._moment(attempt, now), is_over=is_over)
        return may_see - TELLING if self.open_attempt else may_see

    def shows_marks(self, now: datetime) -> bool:
        """Whether the learner may see what came of all their attempts, and so the grade that counts."""
        return all("marks" in self.shown(one, now) for one in self.submitted)

    def _moment(self, attempt: Attempt, now: datetime) -> str:
        if self.learner_rules.closes_at and now >= self.learner_rules.closes_at:
            return "after_closing"
        ended = attempt.submitted_at
        return "right_after" if ended and now < ended + RIGHT_AFTER else "while_open"

    def may_practise(self, attempt: Attempt, now: datetime) -> bool:
        """Whether the learner may answer again, ungraded, what they missed in an attempt.

        To be told right or wrong as often as one likes gives the answers away: so it waits until they may be seen,
        unless there are as many attempts as one likes anyway.
        """
        shown = self.shown(attempt, now)
        if self.open_attempt or not {"answer", "correctness"} <= shown:
            return False
        return "right_answer" in shown or (
            self.learner_rules.attempts is None and not self.learner_rules.wait
        )
