"""Finds the learners of a module who need help now: without attempts left, failed twice, late, or still for a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.insights.cohorts import Cohort
from modules.insights.figures import sections_read
from modules.insights.reading_figures import STILL_FOR
from modules.models import Assignment, Attempt, Enrolment, Module, Override, OwnDueDate, own_due_dates

MOST_PEOPLE = 5  # on the overview; the list has all of them
ANY = "help"
REASONS = {
    "out": _("no attempts left"),
    "twice": _("failed twice or more"),
    "late": _("late"),
    "still": _("not seen for a week"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A learner who needs help. ``reasons`` are keys of ``REASONS``, and ``grades`` are those of all attempts."""

    enrolment: Enrolment
    reasons: Sequence[str]
    grades: Sequence[Fraction]
    read: int
    due_at: datetime | None

    @property
    def has_failed(self) -> bool:
        return "out" in self.reasons or "twice" in self.reasons


@dataclass(frozen=True, slots=True)
class HelpNeeded:
    """Counts the learners who need help, also by reason, and names the first of them."""

    total: int
    by_reason: Mapping[str, int]
    people: Sequence[Person]


def help_needed(cohort: Cohort, *, now: datetime) -> HelpNeeded:
    """Returns who needs help, in a fixed number of queries."""
    reasons = conditions(cohort.module, now=now)
    flags = {key: _flag(condition) for key, condition in reasons.items()}
    flagged: QuerySet[Any] = cohort.enrolments().filter(finished_at__isnull=True).annotate(**flags)
    counted = list(flagged.values(*flags).annotate(n=Count("pk")))
    # The keys come first, since rows are sorted much faster without the columns of their learners.
    first = flagged.order_by(*(f"-{key}" for key in flags), "-last_seen_at", "pk")[:MOST_PEOPLE]
    found = {
        row["pk"]: [key for key in flags if row[key]]
        for row in first.values("pk", *flags)
        if any(row[key] for key in flags)
    }
    return HelpNeeded(
        total=sum(row["n"] for row in counted if any(row[key] for key in flags)),
        by_reason={key: sum(row["n"] for row in counted if row[key]) for key in flags},
        people=_people(cohort.module, found),
    )


def in_state(module: Module, state: str, *, now: datetime) -> Q:
    """Returns the condition that a learner needs help for one reason, or with ``ANY`` for any of them."""
    reasons = conditions(module, now=now)
    chosen = [reasons[state]] if state in reasons else list(reasons.values())
    return Q(finished_at__isnull=True) & Q(*chosen, _connector=Q.OR)


def conditions(module: Module, *, now: datetime) -> Mapping[str, Q]:
    """Returns the condition of each reason for the enrolments of a module. It takes a query for overrides."""
    failed = Q(passed_at__isnull=True)
    return {
        "out": failed & _has_none_left(module),
        "twice": failed & Q(pk__in=_with_attempts(module, 2, Q(submitted_at__isnull=False))),
        "late": Q(learner__in=_with_due_date_before(module, now)),
        "still": Q(last_seen_at__lt=now - STILL_FOR),
    }


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _with_attempts(module: Module, least: int, which: Q) -> QuerySet[Any]:
    """Returns the enrolments with so many attempts at the quiz."""
    attempts = Attempt.objects.filter(which, quiz__module=module, quiz__archived_at__isnull=True)
    counted = attempts.order_by().values("enrolment").annotate(n=Count("pk"))
    return counted.filter(n__gte=least).values("enrolment")


def _has_none_left(module: Module) -> Q:
    """Matches learners who have used up their attempts, as :func:`modules.quizzes.learner_rules.rules_with` says."""
    quiz = module.active_quiz
    if quiz is None or quiz.attempts_allowed is None:
        return Q(pk__in=[])
    overrides = Override.objects.filter(quiz=quiz, attempts_allowed__isnull=False)
    least = overrides.aggregate(least=Min("attempts_allowed"))["least"]
    is_open = Attempt.objects.filter(quiz=quiz).open().order_by().values("enrolment")
    if least is None:
        return Q(pk__in=_with_attempts(module, quiz.attempts_allowed, Q())) & ~Q(pk__in=is_open)
    candidates = Enrolment.objects.filter(
        pk__in=_with_attempts(module, min(least, quiz.attempts_allowed), Q())
    )
    none_left = candidates.annotate(used=_used(quiz.pk), allowed=_allowed(overrides, quiz.attempts_allowed))
    return Q(pk__in=none_left.filter(used__gte=F("allowed")).order_by().values("pk")) & ~Q(pk__in=is_open)


def _used(quiz: int) -> Subquery:
    made = Attempt.objects.filter(quiz=quiz, enrolment=OuterRef("pk")).order_by().values("enrolment")
    return Subquery(made.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


def _allowed(overrides: QuerySet[Override], by_quiz: int) -> Coalesce:
    """Takes the learner's own override first, then the most generous one of their groups, then the quiz."""
    own = overrides.filter(learner=OuterRef("learner")).order_by().values("attempts_allowed")[:1]
    of_groups = overrides.filter(group__user=OuterRef("learner")).order_by().values("quiz")
    most = of_groups.annotate(most=Max("attempts_allowed")).values("most")
    return Coalesce(Subquery(own), Subquery(most), Value(by_quiz), output_field=IntegerField())


def _with_due_date_before(module: Module, now: datetime) -> QuerySet[Any]:
    """Returns the members of classes whose due date is over, without those who have longer by a date of their own."""
    due = _assignments(module).filter(due_at__lte=now)
    members = User.groups.through.objects.filter(group__in=due.order_by().values("study_class__group"))
    longer = OwnDueDate.objects.filter(
        assignment__in=due.values("pk"), assignment__study_class__group=OuterRef("group"), due_at__gt=now
    )
    return members.exclude(Exists(longer.filter(learner=OuterRef("user")))).values("user")


def _assignments(module: Module) -> QuerySet[Assignment]:
    return Assignment.objects.filter(module=module, study_class__archived_at__isnull=True)


def _people(module: Module, found: Mapping[int, Sequence[str]]) -> Sequence[Person]:
    """Returns people by the keys of their enrolments, in the same order."""
    enrolments = Enrolment.objects.select_related("learner").in_bulk(list(found))
    read, grades = sections_read(list(found)), _grades(module, list(found))
    due = _due_dates(module, [enrolment.learner_id for enrolment in enrolments.values()])
    return [
        Person(
            enrolments[key],
            reasons=reasons,
            grades=grades[key],
            read=read.get(key, 0),
            due_at=due.get(enrolments[key].learner_id),
        )
        for key, reasons in found.items()
    ]


def _grades(module: Module, enrolments: Sequence[int]) -> Mapping[int, list[Fraction]]:
    grades: dict[int, list[Fraction]] = defaultdict(list)
    attempts = Attempt.objects.submitted().filter(enrolment__in=enrolments, quiz__module=module)
    for attempt in attempts.order_by("number"):
        grades[attempt.enrolment_id].append(attempt.grade or Fraction(0))
    return grades


def _due_dates(module: Module, learners: Sequence[int]) -> Mapping[int, datetime]:
    """Maps learners to the first date by which they have to finish the module for one of their classes."""
    due = _assignments(module).filter(due_at__isnull=False, study_class__group__user__in=learners)
    rows = list(due.order_by().values_list("study_class__group__user", "pk", "due_at"))
    own = own_due_dates(due, learners)
    dates: dict[int, datetime] = {}
    for learner, assignment, due_at in rows:
        date = own.get((learner, assignment), due_at)
        if date is not None:
            dates[learner] = min(date, dates.get(learner, date))
    return dates
