"""Says which learners of a module a page counts: all, those of a class, or those who began between two moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from modules.models import Attempt, AttemptQuerySet, Enrolment, EnrolmentQuerySet, Module, Quiz, StudyClass

BETWEEN = " "  # the parts of a scope


@dataclass(frozen=True, slots=True)
class Cohort:
    """Names the learners of ``module`` who count. ``begun_before`` is the first moment after them."""

    module: Module
    study_class: StudyClass | None = None
    begun_from: datetime | None = None
    begun_before: datetime | None = None

    @property
    def has_dates(self) -> bool:
        return self.begun_from is not None or self.begun_before is not None

    @property
    def scope(self) -> str:
        """Returns the learners in one line, from which :func:`cohort_of` makes the cohort again."""
        parts = [
            str(self.study_class.pk) if self.study_class else "",
            _stored(self.begun_from),
            _stored(self.begun_before),
        ]
        return BETWEEN.join(parts) if any(parts) else ""

    def enrolments(self) -> EnrolmentQuerySet:
        """Returns the enrolments that count. The staff are few, so they are left out without a look at each learner."""
        staff = User.objects.filter(is_staff=True).order_by().values("pk")
        enrolments = Enrolment.objects.filter(self.dates(), module=self.module).exclude(learner__in=staff)
        if self.study_class is not None:
            enrolments = enrolments.filter(learner__in=members_of(self.study_class))
        return enrolments.order_by()

    def submitted(self, quiz: Quiz) -> AttemptQuerySet:
        """Returns the submitted attempts of these learners at a quiz."""
        return (
            Attempt.objects.submitted()
            .filter(quiz=quiz, enrolment__in=self.enrolments().values("pk"))
            .order_by()
        )

    def first_attempts(self, quiz: Quiz) -> AttemptQuerySet:
        """Returns the first submitted attempt of each of these learners at a quiz."""
        earlier = Attempt.objects.submitted().filter(
            enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"), number__lt=OuterRef("number")
        )
        return self.submitted(quiz).filter(~Exists(earlier))

    def dates(self, enrolment: str = "") -> Q:
        """Returns the condition of the dates. ``enrolment`` leads from the rows of a query to their enrolments."""
        since = Q(**{f"{enrolment}begun_at__gte": self.begun_from}) if self.begun_from else Q()
        return since & (Q(**{f"{enrolment}begun_at__lt": self.begun_before}) if self.begun_before else Q())


def cohort_of(module: Module, scope: str) -> Cohort | None:
    """Returns the learners that a scope names, or ``None`` if their class is gone."""
    if not scope:
        return Cohort(module)
    key, begun_from, begun_before = scope.split(BETWEEN)
    study_class = StudyClass.objects.select_related("group").filter(pk=key).first() if key else None
    if key and study_class is None:
        return None
    return Cohort(module, study_class, _moment(begun_from), _moment(begun_before))


def members_of(study_class: StudyClass) -> QuerySet[Any]:
    """Returns the keys of the members of a class."""
    return User.groups.through.objects.filter(group=study_class.group_id).values("user")


def _stored(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _moment(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
