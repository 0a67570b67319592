"""Defines the jobs that grade the attempts of a module again, in batches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modules.models.content import Module, Revision


class RegradeJobQuerySet(models.QuerySet["RegradeJob"]):
    def unfinished(self) -> RegradeJobQuerySet:
        """Returns the jobs that have attempts left, in the order in which they are carried out."""
        return self.filter(finished_at__isnull=True).order_by("pk")

    def locked(self) -> RegradeJobQuerySet:
        return self.select_for_update(no_key=True, of=("self",))


class RegradeJob(models.Model):
    """Grades the attempts of a module again with the keys that a load or a correction decided on.

    ``keys`` maps the primary key of a question to that of the version whose key grades it; ``None`` stands for the key
    that each response has, so that full marks reach it. ``judged_anew`` has the questions whose typed answers are
    judged in today's way. The job grades the attempts up to ``until``, in the order of their primary keys, and has
    graded those up to ``cursor``: ``done`` of ``total``. ``up`` and ``down`` count the grades that rose and fell.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="regrade_jobs", verbose_name=_("module"))
    revision = models.ForeignKey(
        Revision, models.CASCADE, null=True, related_name="+", verbose_name=_("revision")
    )
    keys = models.JSONField(_("keys"), default=dict)
    judged_anew = models.JSONField(_("judged as today"), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    until = models.PositiveBigIntegerField(_("last attempt"), default=0)
    cursor = models.PositiveBigIntegerField(_("last attempt that is graded again"), default=0)
    total = models.PositiveIntegerField(_("attempts"), default=0)
    done = models.PositiveIntegerField(_("attempts that are graded again"), default=0)
    up = models.PositiveIntegerField(_("grades that rose"), default=0)
    down = models.PositiveIntegerField(_("grades that fell"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = RegradeJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("regrade of many attempts")
        verbose_name_plural = _("regrades of many attempts")
        indexes = [
            models.Index(
                fields=["module"], condition=Q(finished_at__isnull=True), name="unfinished_regrades_by_module"
            )
        ]

    def __str__(self) -> str:
        return f"{self.module}: {self.done} / {self.total}"

    @property
    def questions(self) -> list[int]:
        """Returns the primary keys of the questions that it regrades."""
        return [int(question) for question in self.keys]

    @property
    def versions(self) -> dict[int, int | None]:
        """Returns ``keys`` with numbers: JSON has only text as the key of a mapping."""
        return {int(question): version for question, version in self.keys.items()}
