"""Defines what happened to members of a class without their doing, or by it: who put them in, and that they left."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Visitor
from modules.models.classes import StudyClass


class PlacementQuerySet(models.QuerySet["Placement"]):
    def unseen_by(self, learner: Visitor) -> PlacementQuerySet:
        """Keeps what a learner has not been told. They are told nothing of a class that is over, or that they left."""
        current = self.filter(study_class__archived_at__isnull=True, study_class__group__user=learner.pk or 0)
        return current.filter(learner=learner.pk or 0, seen_at__isnull=True)


class Placement(models.Model):
    """The fact that an instructor put a learner into a class by a list, and when the learner has seen it."""

    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, related_name="placements", verbose_name=_("class")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="placements", verbose_name=_("learner")
    )
    placed_at = models.DateTimeField(_("added"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        verbose_name = _("addition to a class")
        verbose_name_plural = _("additions to classes")
        indexes = [
            models.Index(fields=["learner"], condition=Q(seen_at__isnull=True), name="unseen_placements")
        ]

    def __str__(self) -> str:
        return f"{self.study_class}: {self.learner}"


class Departure(models.Model):
    """The fact that a learner has left a class by themselves. It ends when they come back."""

    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, related_name="departures", verbose_name=_("class")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="departures", verbose_name=_("learner")
    )
    left_at = models.DateTimeField(_("left"))

    class Meta:
        ordering = ["-left_at", "-pk"]
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        constraints = [
            models.UniqueConstraint(
                fields=["study_class", "learner"], name="one_departure_per_class_and_learner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_class}: {self.learner}"
