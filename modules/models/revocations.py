"""Defines revocations: what corrections of attempts took back from learners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.quizzes import Correction


class Revocation(models.Model):
    """The fact that a correction took a pass, or a finish, back from a learner, with the times that they had.

    ``given_back_at`` is set once a later correction has given them back.
    """

    correction = models.OneToOneField(
        Correction, models.CASCADE, related_name="revocation", verbose_name=_("correction")
    )
    passed_at = models.DateTimeField(_("quiz passed"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    given_back_at = models.DateTimeField(_("given back"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")

    def __str__(self) -> str:
        return str(self.correction)
