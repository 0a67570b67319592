"""Defines reminders: which learner was reminded of which due date, and who wants no reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.classes import Assignment


class Reminder(models.Model):
    """The fact that a learner was sent a reminder of an assignment, before or after its due date.

    ``due_at`` is the due date of that moment. A date that moves far gives a new reminder, in the same row.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("before the due date")
        AFTER = "after", _("after the due date")

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="reminders", verbose_name=_("assignment")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("learner")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField(_("due"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "learner", "kind"], name="one_reminder_per_learner_assignment_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.assignment} ({self.get_kind_display()})"


class RemindersOff(models.Model):
    """The fact that a learner wants no reminders, of whatever class."""

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders_off", verbose_name=_("learner")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("choice of no reminders")
        verbose_name_plural = _("choices of no reminders")

    def __str__(self) -> str:
        return str(self.learner)
