"""Defines how far the learning of this site was told to a store of xAPI statements, and what the store refused."""

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


class RefusedStatement(models.Model):
    """A statement that the store refused for good. It is set aside with what the store said, and others go on.

    ``is_sent_again`` if an administrator has asked for another attempt.
    """

    identity = models.CharField(_("id of the statement"), max_length=36, unique=True)
    statement = models.JSONField(_("statement"))
    said = models.TextField(_("answer of the store"), blank=True)
    refused_at = models.DateTimeField(_("refused"))
    is_sent_again = models.BooleanField(_("to be sent again"), default=False)

    class Meta:
        ordering = ["-refused_at", "-pk"]
        verbose_name = _("refused statement")
        verbose_name_plural = _("refused statements")

    def __str__(self) -> str:
        return self.identity
