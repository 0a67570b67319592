"""Defines how often the questions in a text were tried: as counts, without the names of learners."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from modules.models.content import Section


class CheckCount(models.Model):
    """Counts the learners who answered a question in the text of a section, and those who were right at once.

    ``fingerprint`` is that of the question's words and key. So a changed question is counted anew, and its former
    counts are there again if it changes back.
    """

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="check_counts", verbose_name=_("section")
    )
    fingerprint = models.CharField(_("fingerprint of the question"), max_length=64)
    tried = models.PositiveIntegerField(_("learners who tried"), default=0)
    right = models.PositiveIntegerField(_("right at the first try"), default=0)

    class Meta:
        verbose_name = _("count of a question in a text")
        verbose_name_plural = _("counts of questions in texts")
        constraints = [
            models.UniqueConstraint(fields=["section", "fingerprint"], name="one_count_per_check"),
            models.CheckConstraint(condition=Q(right__lte=F("tried")), name="right_ones_have_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.right} / {self.tried}"


class CountedTry(models.Model):
    """The fact that somebody was counted. ``sign`` is a keyed hash of the enrolment, and has no answer beside it."""

    count = models.ForeignKey(
        CheckCount, models.CASCADE, related_name="tries", verbose_name=_("count of a question in a text")
    )
    sign = models.CharField(_("keyed hash of the enrolment"), max_length=64)

    class Meta:
        verbose_name = _("counted try")
        verbose_name_plural = _("counted tries")
        constraints = [models.UniqueConstraint(fields=["count", "sign"], name="a_learner_counts_once")]

    def __str__(self) -> str:
        return self.sign
