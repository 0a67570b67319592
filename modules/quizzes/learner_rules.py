"""Says what a learner may do and see in a quiz: the rules that hold for this learner, starting, and reviewing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q

from accounts.models import Visitor
from modules.document.syntax.review import EXPLANATION_IF_RIGHT, RIGHT_AFTER, shown_by
from modules.models import Attempt, AttemptQuerySet, Override, Quiz
from modules.quizzes.final_grade import deciding_attempt, final_grade, is_passing

# Aspects that would help in another attempt.
TELLING = frozenset({"feedback", "explanation", EXPLANATION_IF_RIGHT, "right_answer"})


@dataclass(frozen=True, slots=True)
class LearnerRules:
    """The rules of a quiz that hold for one learner, after overrides."""

    attempts: int | None
    time_limit: timedelta | None
    wait: timedelta
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def minutes(self) -> Fraction | None:
        """Returns the time of an attempt in minutes, exact to the second."""
        return Fraction(self.time_limit // timedelta(seconds=1), 60) if self.time_limit else None

    def left(self, used: int) -> int | None:
        """Returns how many more attempts may be started. ``None`` means any number."""
        return None if self.attempts is None else max(0, self.attempts - used)

    def deadline(self, started: datetime) -> datetime | None:
        """Returns the end of the time of an attempt that starts at ``started``: at the latest when the quiz closes."""
        # The sum is in UTC, because a day on which the clocks change has 23 or 25 hours.
        ends = [started.astimezone(UTC) + self.time_limit] if self.time_limit else []
        return min([*ends, *([self.closes_at] if self.closes_at else [])], default=None)


def rules_for(quiz: Quiz, learner: Visitor) -> LearnerRules:
    """Returns the rules of a quiz for a learner. It takes one query."""
    return rules_of_quizzes([quiz], learner)[quiz.pk]


def rules_of_quizzes(quizzes: Collection[Quiz], learner: Visitor) -> dict[int, LearnerRules]:
    """Returns the rules of several quizzes for a learner, by the quiz's primary key.

    It takes one query, or none if there are no quizzes.
    """
    overrides: dict[int, list[Override]] = {quiz.pk: [] for quiz in quizzes}
    if learner.is_authenticated:
        covers_learner = Q(learner_id=learner.pk) | Q(group__user=learner.pk)
        for override in Override.objects.filter(covers_learner, quiz__in=overrides).distinct():
            overrides[override.quiz_id].append(override)
    return {quiz.pk: rules_with(quiz, overrides[quiz.pk]) for quiz in quizzes}


def rules_with(quiz: Quiz, overrides: Iterable[Override] = ()) -> LearnerRules:
    """Returns the rules. The learner's own override wins, then the most generous of their groups, then the quiz."""
    overrides = list(overrides)
    limit = timedelta(minutes=quiz.time_limit) if quiz.time_limit else None
    limits = _values(overrides, lambda override: _longer(limit, override)) if limit else []
    numbers = _values(overrides, lambda override: override.attempts_allowed)
    return LearnerRules(
        attempts=None if quiz.attempts_allowed is None else max(numbers, default=quiz.attempts_allowed),
        time_limit=max(limits, default=limit),
        wait=timedelta(minutes=quiz.wait),
        opens_at=min(_values(overrides, lambda override: override.opens_at), default=quiz.opens_at),
        closes_at=max(_values(overrides, lambda override: override.closes_at), default=quiz.closes_at),
    )


def _values(overrides: Sequence[Override], rule: Callable[[Override], Any]) -> list[Any]:
    """Returns the values of a rule in the learner's own override, or else in the overrides of their groups."""
    values = [
        (override.learner_id is not None, value)
        for override in overrides
        if (value := rule(override)) is not None
    ]
    return [value for is_own, value in values if is_own] or [value for _is_own, value in values]


def _longer(limit: timedelta, override: Override) -> timedelta | None:
    if override.time_factor is None and override.extra_minutes is None:
        return None
    factor = override.time_factor or Fraction(1)
    whole = timedelta(microseconds=int(limit / timedelta(microseconds=1) * factor))
    return whole + timedelta(minutes=override.extra_minutes or 0)


def extend_deadlines(quiz: Quiz, among: AttemptQuerySet, *, now: datetime) -> int:
    """Gives open attempts the time that the rules allow their learners now. Returns how many attempts got more time.

    Nobody's time is made shorter, and an attempt whose time is up gets no more. It takes three queries, and one more if
    some attempts got more time. Call it in a transaction that has locked the quiz.
    """
    timed = among.open().filter(quiz=quiz, deadline__isnull=False).select_related("enrolment")
    attempts = list(timed.select_for_update(of=("self",)).order_by("pk"))
    rules_of = _rules_of_learners(quiz, {attempt.enrolment.learner_id for attempt in attempts})
    extended = [
        attempt for attempt in attempts if _extend(attempt, rules_of[attempt.enrolment.learner_id], now)
    ]
    Attempt.objects.bulk_update(extended, ["deadline", "overdue_until"])
    return len(extended)


def _rules_of_learners(quiz: Quiz, learners: Collection[int]) -> dict[int, LearnerRules]:
    """Returns the rules of one quiz for several learners, by the learner's primary key."""
    overrides = list(Override.objects.filter(quiz=quiz))
    groups = {override.group_id for override in overrides}
    members = set(
        Group.user_set.through.objects.filter(group__in=groups, user__in=learners).values_list(
            "group", "user"
        )
    )

    def covers(override: Override, learner: int) -> bool:
        return override.learner_id == learner or (override.group_id, learner) in members

    return {
        learner: rules_with(quiz, (override for override in overrides if covers(override, learner)))
        for learner in learners
    }


def _extend(attempt: Attempt, learner_rules: LearnerRules, now: datetime) -> bool:
    """Sets the deadline by the rules, or none, if the attempt gets more time by it. Tells whether it does."""
    deadline = learner_rules.deadline(attempt.started_at)
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
    """The reason why an attempt may not start.

    ``reason`` is ``"withdrawn"`` (the module was), ``"unread"``, ``"no-attempts-left"``, ``"closed"``,
    ``"closes-first"`` (the quiz closes before the pause is over), ``"not-open-yet"`` or ``"wait"``. For the last two,
    ``until`` is the time from which it may start.
    """

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


@dataclass(frozen=True, slots=True)
class History:
    """The attempts of a learner at a quiz in their order, and the rules that hold for this learner."""

    quiz: Quiz
    learner_rules: LearnerRules
    made: Sequence[Attempt]

    @property
    def open_attempt(self) -> Attempt | None:
        return next((attempt for attempt in self.made if attempt.is_open), None)

    @property
    def submitted(self) -> list[Attempt]:
        return [attempt for attempt in self.made if attempt.submitted_at is not None]

    @property
    def left(self) -> int | None:
        """Returns how many more attempts may be started. ``None`` means any number."""
        return self.learner_rules.left(len(self.made))

    @property
    def is_passed(self) -> bool:
        """Tells whether the grade that counts passes the quiz, whatever the grade of a single attempt is."""
        return is_passing(self.made, self.quiz.counts)

    @property
    def pass_mark(self) -> int:
        """Returns the pass mark of the final grade: the one that held when the deciding attempt began."""
        deciding = deciding_attempt(self.made, self.quiz.counts)
        return deciding.pass_mark if deciding else self.quiz.pass_mark

    def grade(self, now: datetime) -> Fraction | None:
        """Returns the grade that counts, in percent, or ``None`` if there is none or some marks are hidden."""
        return final_grade(self.submitted, self.quiz.counts) if self.shows_marks(now) else None

    def can_improve(self, now: datetime) -> bool:
        """Tells whether another attempt may be started, and may change the grade that counts."""
        is_final = self.quiz.counts == Quiz.Counts.FIRST and bool(self.submitted)
        return self.refusal(now) is None and not is_final

    def refusal(self, now: datetime) -> Refused | None:
        """Returns why no further attempt may be started, or ``None`` if one may. No attempt is open."""
        learner_rules = self.learner_rules
        if learner_rules.opens_at and now < learner_rules.opens_at:
            return Refused("not-open-yet", learner_rules.opens_at)
        if learner_rules.closes_at and now >= learner_rules.closes_at:
            return Refused("closed")
        if self.left == 0:
            return Refused("no-attempts-left")
        if (pause_end := self._pause_end()) and now < pause_end:
            closes_first = learner_rules.closes_at and learner_rules.closes_at <= pause_end
            return Refused("closes-first") if closes_first else Refused("wait", pause_end)
        return None

    def _pause_end(self) -> datetime | None:
        """Returns the end of the pause after the latest attempt."""
        ends = (attempt.submitted_at or attempt.abandoned_at for attempt in self.made)
        latest = max((end for end in ends if end), default=None)
        wait = self.learner_rules.wait
        return latest.astimezone(UTC) + wait if latest and wait else None

    def shown(self, attempt: Attempt, now: datetime) -> frozenset[str]:
        """Returns the aspects of one of the attempts that its learner may see now.

        While another attempt is open, the learner sees nothing that would help in it.
        """
        review = self.quiz.review
        if attempt.submitted_at is None:
            return frozenset({"answer"}) & shown_by(review, "while_open", is_over=False)
        is_over = self.is_passed or (self.left == 0 and not self.open_attempt)
        may_see = shown_by(review, self._moment(attempt, now), is_over=is_over)
        return may_see - TELLING if self.open_attempt else may_see

    def shows_marks(self, now: datetime) -> bool:
        """Tells whether the learner may see the marks of all their attempts, and so the grade that counts."""
        return all("marks" in self.shown(attempt, now) for attempt in self.submitted)

    def _moment(self, attempt: Attempt, now: datetime) -> str:
        if self.learner_rules.closes_at and now >= self.learner_rules.closes_at:
            return "after_closing"
        ended = attempt.submitted_at
        return "right_after" if ended and now < ended + RIGHT_AFTER else "while_open"

    def may_practise(self, attempt: Attempt, now: datetime) -> bool:
        """Tells whether the learner may practise the questions that they missed in an attempt.

        Practice says right or wrong any number of times, which reveals the answers. So it is possible only once the
        learner may see the right answers, or if attempts are unlimited and have no pause between them.
        """
        shown = self.shown(attempt, now)
        if self.open_attempt or not {"answer", "correctness"} <= shown:
            return False
        return "right_answer" in shown or (
            self.learner_rules.attempts is None and not self.learner_rules.wait
        )
