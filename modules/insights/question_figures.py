"""Counts the answers to all questions of a quiz, for :mod:`modules.insights.stored_figures`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Max, Q, Sum

from modules.insights.cohorts import Cohort
from modules.insights.quiz_items import QuizItems, tallies_of
from modules.models import Correction, Quiz, RegradeJob

MOST_AT_ONCE = 6_000  # answers that a request reads; with more, no request stays under half a second


def facts(cohort: Cohort) -> tuple[str, int]:
    """Names what the figures rest on: the attempts, all corrections, all regrades, and the revision.

    The sum of their keys tells apart as many other attempts, such as those of somebody who joins as another one leaves.
    """
    quiz = _quiz(cohort)
    attempts = cohort.submitted(quiz).aggregate(n=Count("pk"), keys=Sum("pk"), last=Max("submitted_at"))
    corrections = Correction.objects.filter(
        Q(attempt__in=cohort.submitted(quiz).values("pk")) | Q(question__quiz=quiz)
    )
    corrected = corrections.order_by().aggregate(last=Max("pk"))
    jobs = RegradeJob.objects.filter(module=cohort.module)
    regraded = jobs.order_by().aggregate(last=Max("pk"), done=Sum("done"))
    named = (
        attempts["n"],
        attempts["keys"],
        attempts["last"],
        corrected["last"],
        regraded["last"],
        regraded["done"],
    )
    return " ".join(str(fact) for fact in (*named, cohort.module.current_id)), attempts["n"] * quiz.asks


def count(cohort: Cohort, watch: Callable[[int], None] | None = None) -> dict[str, Any]:
    quiz = _quiz(cohort)
    tallies = tallies_of(quiz)
    tallies.count(cohort.first_attempts(quiz), watch)
    return tallies.as_json()


def items_from(quiz: Quiz, figures: dict[str, Any] | None) -> QuizItems:
    """Returns the questions with figures that :func:`count` has returned. Two queries."""
    tallies = tallies_of(quiz)
    if figures is not None:
        tallies.restore(figures)
    return tallies.in_order(quiz.module)


def _quiz(cohort: Cohort) -> Quiz:
    """Returns the quiz of a module that has one, with the module that is loaded already."""
    quiz = cohort.module.active_quiz
    if quiz is None:
        raise TypeError("Only a module with a quiz has figures of its questions.")
    quiz.module = cohort.module
    return quiz
