"""Defines late answers: what a learner gave, and what arrived after the attempt was closed."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from modules.models.quizzes import Response


class LateAnswerQuerySet(models.QuerySet["LateAnswer"]):
    def of_attempt(self, attempt: int) -> LateAnswerQuerySet:
        return self.filter(response__attempt_id=attempt).order_by("response__slot", "arrived_at", "pk")


class LateAnswer(models.Model):
    """An answer that arrived when its attempt took no more answers. It is kept, and counts only by a correction.

    From ``counted_at`` on it is the answer of its response, and ``replaced`` holds the answer that was there before.
    """

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="late_answers", verbose_name=_("response")
    )
    answer = models.JSONField(_("answer"), default=list, blank=True)
    arrived_at = models.DateTimeField(_("arrived"))
    counted_at = models.DateTimeField(_("counts since"), null=True, blank=True)
    replaced = models.JSONField(_("answer before"), default=list, blank=True)

    objects = LateAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["arrived_at", "pk"]
        verbose_name = _("late answer")
        verbose_name_plural = _("late answers")

    def __str__(self) -> str:
        return str(self.response)


def with_latest_late(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Returns responses with the key of their latest late answer as ``latest_late``, or ``None``."""
    late = LateAnswer.objects.filter(response=OuterRef("pk")).order_by("-arrived_at", "-pk")
    return responses.annotate(latest_late=Subquery(late.values("pk")[:1]))
