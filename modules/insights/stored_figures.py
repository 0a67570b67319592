"""Lets the worker count figures of large modules, and says how old the figures are that it has counted last.

A small number of rows is read at once, in the request. A large one is left to the worker: the page shows the figures of
the last count, with its time, and asks for another one as soon as the facts have changed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.insights import question_figures, reading_figures
from modules.insights.cohorts import Cohort, cohort_of
from modules.models import Module, StoredFigures
from tasks.backend import enqueue_once

gettext_noop("Count stored figures")

SECONDS_BETWEEN_SIGNS = 1.0  # of progress; with fewer, the worker writes more often
SECONDS_BETWEEN_LOOKS = 3  # of a page that waits; with fewer, it asks the server more often
KEPT_FOR = timedelta(days=30)  # that nobody asks for figures of a class or of some dates
Kind = StoredFigures.Kind


# Each has MOST_AT_ONCE, the rows that a request reads; facts(cohort), which names the facts behind the figures and
# returns the number of rows; and count(cohort, watch), which returns values that JSON has.
SOURCES: dict[str, Any] = {Kind.QUESTIONS: question_figures, Kind.READING: reading_figures}


@dataclass(frozen=True, slots=True)
class Look:
    """Holds figures as they are found. ``figures`` is ``None`` until the worker has counted for the first time.

    ``counted_at`` is the time of a count by the worker, and ``None`` for figures that this request has counted itself.
    ``is_old`` if facts have changed since, so that the worker counts again: ``done`` of ``total`` rows are read.
    """

    figures: Any
    counted_at: datetime | None = None
    is_old: bool = False
    done: int = 0
    total: int = 0

    @property
    def seconds(self) -> int:
        """Returns after how many seconds a page that waits looks again."""
        return SECONDS_BETWEEN_LOOKS

    @property
    def is_waiting(self) -> bool:
        """Tells whether there is nothing to show yet."""
        return self.figures is None


def look(cohort: Cohort, kind: str, *, now: datetime) -> Look:
    """Returns the figures of some learners. Where the worker has to count them again, it is asked to."""
    source = SOURCES[kind]
    facts, rows = source.facts(cohort)
    if rows <= source.MOST_AT_ONCE:
        return Look(source.count(cohort))
    stored = _stored(cohort, kind).first()
    if stored and stored.figures is not None and stored.rests_on == facts:
        return Look(stored.figures, stored.counted_at)
    if stored is None:
        row = StoredFigures(module=cohort.module, kind=kind, scope=cohort.scope, total=rows, asked_at=now)
        StoredFigures.objects.bulk_create(
            [row], ignore_conflicts=True
        )  # somebody else may ask in the same moment
        stored = row
    enqueue_once(count_stored_figures, cohort.module.pk, str(kind), cohort.scope, now=now)
    return Look(stored.figures, stored.counted_at, is_old=True, done=stored.done, total=stored.total)


def _stored(cohort: Cohort, kind: str) -> QuerySet[StoredFigures]:
    return StoredFigures.objects.filter(module=cohort.module, kind=kind, scope=cohort.scope)


@task()
def count_stored_figures(module: int, kind: str, scope: str) -> None:
    """Counts figures again. Changes meanwhile make them old, since the facts are named before the count."""
    found = Module.objects.select_related("quiz").filter(pk=module).first()
    cohort = cohort_of(found, scope) if found else None
    if cohort is None or (kind == Kind.QUESTIONS and cohort.module.active_quiz is None):
        return  # the module, its quiz or the class has gone since
    source, now = SOURCES[kind], timezone.now()
    facts, rows = source.facts(cohort)
    stored = _stored(cohort, kind)
    stored.update(done=0, total=rows)
    figures = source.count(cohort, _Progress(stored))
    stored.update(figures=figures, rests_on=facts, counted_at=now, asked_at=now, done=rows)
    StoredFigures.objects.exclude(scope="").filter(asked_at__lt=now - KEPT_FOR).delete()


class _Progress:
    """Stores how many rows are read, about once a second."""

    def __init__(self, stored: QuerySet[StoredFigures]) -> None:
        self.stored, self.next = stored, time.monotonic() + SECONDS_BETWEEN_SIGNS

    def __call__(self, done: int) -> None:
        if time.monotonic() >= self.next:
            self.next = time.monotonic() + SECONDS_BETWEEN_SIGNS
            self.stored.update(done=done)
