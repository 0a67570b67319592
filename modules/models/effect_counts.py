"""Defines what the worker counts for a plan whose regrade touches more answers than a request can read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.drafts import Draft


class EffectCount(models.Model):
    """The effects of the new keys of a draft, counted by the worker.

    ``fingerprint`` binds them to the text, the revision, the decisions and the corrections that they were counted for.
    ``decisions`` are those of the plan page. ``done`` of ``total`` responses are tried. ``effects`` is ``None`` until
    all are; :class:`modules.authoring.key_effects.KeyEffects` reads it.
    """

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="effect_count", verbose_name=_("draft"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    decisions = models.JSONField(_("decisions"), default=dict)
    done = models.PositiveBigIntegerField(_("answers that are counted"), default=0)
    total = models.PositiveBigIntegerField(_("answers"), default=0)
    effects = models.JSONField(_("effects"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True)

    class Meta:
        verbose_name = _("count of effects")
        verbose_name_plural = _("counts of effects")

    def __str__(self) -> str:
        return f"{self.draft}: {self.done} / {self.total}"
