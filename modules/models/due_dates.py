"""Defines due dates of learners: one learner of a class has longer for a module than the class has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.models.classes import Assignment


class OwnDueDate(models.Model):
    """The date until which one learner has an assignment. It counts while it is later than the date of the class.

    So whichever of both is more generous wins, also when the class gets another date. A class without a date is the
    most generous.
    """

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="own_due_dates", verbose_name=_("assignment")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_due_dates", verbose_name=_("learner")
    )
    due_at = models.DateTimeField(_("due"))
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("own due date")
        verbose_name_plural = _("own due dates")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "learner"], name="one_own_due_date_per_learner_and_assignment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.assignment}"


def own_due_date(learner: int | None) -> Subquery:
    """Returns the own date of a learner in an assignment, where it counts. Else it is empty."""
    later = OwnDueDate.objects.filter(
        assignment=OuterRef("pk"), learner=learner, due_at__gt=OuterRef("due_at")
    )
    return Subquery(later.values("due_at"))


def due_for(learner: int | None) -> Coalesce:
    """Returns the date by which a learner has to finish an assignment: the own one where it is later."""
    return Coalesce(own_due_date(learner), F("due_at"))


def own_due_dates(
    assignments: Iterable[Assignment], learners: Iterable[User] | Iterable[int]
) -> Mapping[tuple[int, int], datetime]:
    """Maps the keys of learners and assignments to the own dates that count. One query."""
    rows = OwnDueDate.objects.filter(
        assignment__in=[each.pk for each in assignments],
        learner__in=learners,
        due_at__gt=F("assignment__due_at"),
    )
    columns = rows.order_by().values_list("learner", "assignment", "due_at")
    return {(learner, assignment): due_at for learner, assignment, due_at in columns}
