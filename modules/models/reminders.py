"""Defines reminders: which learner was reminded of which due date, and who wants no reminders."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modules.models.classes import Assignment


class Reminder(models.Model):
    """The fact that a learner is reminded of an assignment, before or after its due date.

    ``due_at`` is the due date of that moment. A date that moves far gives a new reminder, in the same row. It waits
    until it is sent, or dropped for a ``reason``.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("before the due date")
        AFTER = "after", _("after the due date")

    class Reason(models.TextChoices):
        FINISHED = "finished", _("the learner has finished meanwhile")
        MOVED = "moved", _("the due date has moved meanwhile")
        OVER = "over", _("the mail would have come too late")
        SWITCHED_OFF = "off", _("reminders were switched off meanwhile")
        NOT_ASKED = "not_asked", _("the class asks nothing of the learner any more")

    assignment = models.ForeignKey(
        Assignment, models.CASCADE, related_name="reminders", verbose_name=_("assignment")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("learner")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField(_("due"))
    made_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "learner", "kind"], name="one_reminder_per_learner_assignment_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, reason="")
                | (Q(dropped_at__isnull=False, sent_at__isnull=True) & ~Q(reason="")),
                name="a_dropped_reminder_has_a_reason_and_was_not_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["learner"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="waiting_reminders",
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.assignment} ({self.get_kind_display()})"

    @staticmethod
    def waiting(*, made_after: datetime | None = None) -> Q:
        """Returns the condition that a reminder is neither sent nor dropped, perhaps of those made after a moment."""
        condition = Q(sent_at__isnull=True, dropped_at__isnull=True)
        return condition & Q(made_at__gt=made_after) if made_after else condition


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
