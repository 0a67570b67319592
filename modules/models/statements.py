"""Defines how far the learning of this site was told to a store of xAPI statements."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StatementCursor(models.Model):
    """The last fact of a kind that the store has: its time, and its primary key among those of one moment."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("modules that were begun")
        STARTED = "started", _("attempts that were started")
        SUBMITTED = "submitted", _("attempts that were submitted")
        FINISHED = "finished", _("modules that were finished")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, unique=True)
    at = models.DateTimeField(_("time of the last fact"))
    key = models.BigIntegerField(_("key of the last fact"), default=0)

    class Meta:
        verbose_name = _("cursor of statements")
        verbose_name_plural = _("cursors of statements")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.at}"

    def advance(self, at: datetime, key: int) -> None:
        """Moves the cursor ahead, never back: another worker may have told later facts already."""
        ahead = Q(at__lt=at) | Q(at=at, key__lt=key)
        StatementCursor.objects.filter(ahead, pk=self.pk).update(at=at, key=key)
        self.at, self.key = at, key
