"""Defines the figures that the worker computes for a module, because a request would take too long."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.content import Module


class StoredFigures(models.Model):
    """The figures of some learners of a module, as the worker has computed them last.

    ``kind`` names the figures, and ``scope`` the learners; :class:`modules.insights.cohorts.Cohort` writes it.
    ``rests_on`` names the facts behind ``figures``: as soon as the facts have another name, the figures are old.
    ``done`` of ``total`` rows are read by the count that goes on. ``figures`` is ``None`` until one has ended.
    """

    class Kind(models.TextChoices):
        QUESTIONS = "questions", _("how the questions work")
        READING = "reading", _("how far learners read")
        KEYS = "keys", _("questions whose key may be wrong")

    module = models.ForeignKey(Module, models.CASCADE, related_name="+", verbose_name=_("module"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    scope = models.CharField(_("learners"), max_length=200, blank=True)
    rests_on = models.CharField(_("facts behind the figures"), max_length=300, blank=True)
    figures = models.JSONField(_("figures"), null=True, blank=True)
    done = models.PositiveBigIntegerField(_("rows that are read"), default=0)
    total = models.PositiveBigIntegerField(_("rows"), default=0)
    asked_at = models.DateTimeField(_("asked"))
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored figures")
        verbose_name_plural = _("stored figures")
        constraints = [
            models.UniqueConstraint(
                fields=["module", "kind", "scope"], name="figures_are_stored_once_for_each_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.module}: {self.kind} {self.scope}"
