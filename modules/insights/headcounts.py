"""Counts the learners of a module: who began, who is active, who finished, and what a week has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from modules.insights.cohorts import Cohort
from modules.insights.reading_figures import STILL_FOR
from modules.models import Attempt, Enrolment, Reading

FEW = 15  # learners; under this number nothing is judged
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Headcounts:
    """Counts learners. The fields that end in ``_new`` count the last seven days.

    ``active`` were seen in the last seven days, and ``active_before`` did something in the seven days before these.
    ``not_begun`` are members of classes that study the module; it is ``None`` where dates say who counts. ``stuck``
    have taken the quiz, have not passed it, and were not seen for a week.
    """

    begun: int
    begun_new: int
    active: int
    active_before: int
    tried: int
    passed: int
    passed_new: int
    stuck: int
    finished: int
    finished_new: int
    not_begun: int | None

    @property
    def is_few(self) -> bool:
        return self.begun < FEW


def headcounts(cohort: Cohort, *, now: datetime) -> Headcounts:
    """Counts the learners of a cohort in three queries."""
    week = now - WEEK
    unfinished, has_passed = Q(finished_at__isnull=True), Q(passed_at__isnull=False)
    stuck = unfinished & ~has_passed & Q(grade__isnull=False, last_seen_at__lt=now - STILL_FOR)
    counted = cohort.enrolments().aggregate(
        begun=Count("pk"),
        begun_new=Count("pk", filter=Q(begun_at__gte=week)),
        active=Count("pk", filter=Q(last_seen_at__gte=week)),
        tried=Count("pk", filter=Q(grade__isnull=False)),
        passed=Count("pk", filter=has_passed),
        passed_new=Count("pk", filter=Q(passed_at__gte=week)),
        stuck=Count("pk", filter=stuck),
        finished=Count("pk", filter=~unfinished),
        finished_new=Count("pk", filter=Q(finished_at__gte=week)),
    )
    not_begun = None if cohort.has_dates else _not_begun(cohort)
    return Headcounts(**counted, active_before=_active_before(cohort, week), not_begun=not_begun)


def _active_before(cohort: Cohort, week: datetime) -> int:
    """Counts who read, or began or submitted an attempt, in the seven days before the last seven."""
    bounds = (week - WEEK, week)
    read = Reading.objects.filter(section__module=cohort.module, read_at__range=bounds)
    took = Attempt.objects.filter(
        Q(started_at__range=bounds) | Q(submitted_at__range=bounds), quiz__module=cohort.module
    )
    did = Q(pk__in=read.order_by().values("enrolment")) | Q(pk__in=took.order_by().values("enrolment"))
    return cohort.enrolments().filter(did, begun_at__lt=week, last_seen_at__gte=bounds[0]).count()


def _not_begun(cohort: Cohort) -> int:
    """Counts the members of the class, or of all classes that study the module, who have not begun it."""
    members = User.objects.filter(is_staff=False)
    if cohort.study_class is not None:
        members = members.filter(groups=cohort.study_class.group_id)
    else:
        studying = {"group__study_class__assignments__module": cohort.module}
        studying["group__study_class__archived_at__isnull"] = True  # type: ignore[assignment]
        through = User.groups.through.objects.filter(**studying)
        members = members.filter(pk__in=through.values("user"))
    begun = Enrolment.objects.filter(module=cohort.module, learner=OuterRef("pk"))
    return members.filter(~Exists(begun)).count()
