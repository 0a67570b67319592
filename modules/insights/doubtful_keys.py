"""Finds questions whose key may be wrong in all modules of a person, for the page with which the admin begins.

The worker judges the questions of a module and stores which keys are doubtful. So the page reads a few stored rows,
whatever the size of the modules, and asks the worker to judge again what it has not judged for an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.insights import question_figures
from modules.insights.cohorts import Cohort
from modules.insights.item_rules import Finding
from modules.models import Module, ModuleQuerySet, Question, StoredFigures
from tasks.backend import enqueue_once

gettext_noop("Look for doubtful keys")

HOLDS_FOR = timedelta(hours=1)  # of a judgement; with less, the worker judges more often
MOST_AT_A_TIME = 20  # modules that one visit of the page has judged again; later visits ask for the others
MOST_LOOKED_AT = 50  # doubtful questions; more would stand in no list
KEYS = StoredFigures.Kind.KEYS


@dataclass(frozen=True, slots=True)
class DoubtfulKey:
    """Holds a question whose key may be wrong, and the number of attempts on which this rests."""

    question: Question
    attempts: int


def doubtful_keys(modules: ModuleQuerySet, *, now: datetime) -> Sequence[DoubtfulKey]:
    """Returns the questions with doubtful keys as they were judged last. At most four queries."""
    _ask_for_judgement(modules, now)
    stored = StoredFigures.objects.filter(module__in=modules.order_by().values("pk"), kind=KEYS, scope="")
    judged = {
        key["version"]: key["attempts"]
        for figures in stored.exclude(total=0).values_list("figures", flat=True)
        for key in figures or ()
    }
    # A question that has another version now was mended, or is judged anew.
    questions = Question.objects.filter(
        current__in=sorted(judged)[:MOST_LOOKED_AT], archived_at__isnull=True, full_marks_since__isnull=True
    )
    rows = questions.select_related("current", "quiz__module").order_by("quiz__module", "place")
    return [DoubtfulKey(row, judged[row.current_id or 0]) for row in rows]


def _ask_for_judgement(modules: ModuleQuerySet, now: datetime) -> None:
    """Asks the worker to judge the modules that it has not judged lately. Two queries at most."""
    fresh = StoredFigures.objects.filter(
        module=OuterRef("pk"), kind=KEYS, scope="", counted_at__gt=now - HOLDS_FOR
    )
    with_quiz = modules.filter(Q(quiz__isnull=False) & Q(quiz__archived_at__isnull=True))
    due = with_quiz.exclude(Exists(fresh)).order_by("pk").values_list("pk", flat=True)[:MOST_AT_A_TIME]
    if keys := list(due):
        enqueue_once(look_for_doubtful_keys, *keys, now=now)


@task()
def look_for_doubtful_keys(*modules: int) -> None:
    """Judges the questions of modules, and stores which keys are doubtful."""
    for module in Module.objects.select_related("quiz").filter(pk__in=modules):
        if module.active_quiz is not None:
            _judge(Cohort(module))


def _judge(cohort: Cohort) -> None:
    """Stores the doubtful keys of a module. It counts nothing where the facts are those of the last time."""
    now = timezone.now()
    facts, _rows = question_figures.facts(cohort)
    found = StoredFigures.objects.filter(module=cohort.module, kind=KEYS, scope="", rests_on=facts)
    if found.update(counted_at=now, asked_at=now):
        return
    keys = _doubtful(cohort)
    StoredFigures.objects.update_or_create(
        module=cohort.module,
        kind=KEYS,
        scope="",
        defaults={
            "figures": keys,
            "rests_on": facts,
            "total": len(keys),
            "done": len(keys),
            "counted_at": now,
            "asked_at": now,
        },
    )


def _doubtful(cohort: Cohort) -> list[dict[str, Any]]:
    quiz = cohort.module.active_quiz
    if quiz is None:
        return []
    items = question_figures.items_from(quiz, question_figures.count(cohort)).items
    return [
        {"version": item.question.current_id, "attempts": verdict.attempts}
        for item in items
        for verdict in item.verdicts
        if verdict.finding is Finding.KEY
    ]
