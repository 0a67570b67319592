"""Defines what is kept of the questions in a text: counts without names, and answers where the module records them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from modules.models.content import Section
from modules.models.learning import Enrolment


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


class CheckAnswer(models.Model):
    """The first answer of a learner to a question in a text, where the module records answers.

    Its texts are words, so that they can be read after the document has changed. It goes with the account of the
    learner. ``section`` is empty where the document left out a section that nobody had read.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="check_answers", verbose_name=_("enrolment")
    )
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, related_name="check_answers", verbose_name=_("section")
    )
    section_title = models.TextField(_("title of the section"))
    fingerprint = models.CharField(_("fingerprint of the question"), max_length=64)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"))
    is_right = models.BooleanField(_("right"))
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        ordering = ["-answered_at", "-pk"]
        verbose_name = _("recorded answer to a question in a text")
        verbose_name_plural = _("recorded answers to questions in texts")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "section", "fingerprint"], name="a_first_answer_is_recorded_once"
            )
        ]
        indexes = [models.Index(fields=["section", "-answered_at", "-id"], name="check_answers_by_time")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
