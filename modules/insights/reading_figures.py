"""Counts how far learners read: who reached and read each section, where they stopped, and when they went on.

A learner has reached each section up to the last one that they have read. Somebody stops after that section if they
have neither taken the quiz nor finished, and were not seen for a week.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from statistics import median
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from modules.insights.cohorts import Cohort
from modules.models import Reading

MOST_AT_ONCE = 500  # learners whose readings a request counts; with more, it takes longer than half a second
LEARNERS_TIMED = 500  # the latest, for the time until the next reading; with more, a request takes longer
STILL_FOR = timedelta(days=7)  # without being seen: then a learner has stopped; a longer time finds fewer
WEEKS = 6  # of readings that are counted


def facts(cohort: Cohort) -> tuple[str, int]:
    """Names what the figures rest on: the learners, when one of them was seen last, the revision, and the day.

    An instructor can let learners finish, or take their attempts away, while they are not there.
    """
    seen = cohort.enrolments().aggregate(
        n=Count("pk"),
        keys=Sum("pk"),
        last=Max("last_seen_at"),
        finished=Count("finished_at"),
        graded=Count("grade"),
    )
    named = (*seen.values(), cohort.module.current_id, timezone.now().date())
    return " ".join(str(fact) for fact in named), seen["n"]


def count(cohort: Cohort, watch: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Returns the figures as values that JSON has. ``before`` are the learners who have read nothing yet."""
    now = timezone.now()
    places = list(cohort.module.sections.active().values_list("pk", "place"))
    last_read, stopped = _last_read(cohort, now)
    read, waits = _read(cohort), _waits(cohort)
    begun = sum(last_read.values())
    # From the last section backwards: who has read a later one has reached this one, too.
    beyond = list(accumulate(last_read.get(place, 0) for _key, place in reversed(places)))
    sections = [
        {"section": key, "reached": reached, "read": read.get(key, 0), "stopped": stopped.get(place, 0),
         "wait": waits.get(key)}
        for (key, place), reached in zip(places, reversed(beyond), strict=True)
    ]  # fmt: skip
    before = {"reached": begun, "stopped": stopped.get(None, 0)}
    return {"before": before, "sections": sections, "weeks": _weeks(cohort, now)}


def _last_read(cohort: Cohort, now: datetime) -> tuple[dict[int | None, int], dict[int | None, int]]:
    """Counts learners, and those who stopped, by the place of the last section that they have read."""
    readings = Reading.objects.counting().filter(enrolment=OuterRef("pk"), section__archived_at__isnull=True)
    latest = readings.order_by("-section__place").values("section__place")[:1]
    learners: QuerySet[Any] = cohort.enrolments().annotate(last_read=Subquery(latest))
    has_stopped = Q(finished_at__isnull=True, grade__isnull=True, last_seen_at__lt=now - STILL_FOR)
    rows = learners.values("last_read").annotate(n=Count("pk"), stopped=Count("pk", filter=has_stopped))
    found = list(rows)
    return (
        {row["last_read"]: row["n"] for row in found},
        {row["last_read"]: row["stopped"] for row in found},
    )


def _read(cohort: Cohort) -> dict[int, int]:
    readings = _readings(cohort, Reading.objects.counting())
    return dict(readings.values_list("section").annotate(n=Count("pk")))


def _waits(cohort: Cohort) -> dict[int, float]:
    """Returns the median seconds from the reading of each section to the next reading, of the latest learners."""
    latest = cohort.enrolments().order_by("-pk").values_list("pk", flat=True)[:LEARNERS_TIMED]
    readings = Reading.objects.filter(enrolment__in=list(latest), section__archived_at__isnull=True)
    rows = readings.order_by("enrolment", "read_at", "pk").values_list("enrolment", "section", "read_at")
    waits: dict[int, list[float]] = {}
    for section, seconds in _pairs(rows.iterator()):
        waits.setdefault(section, []).append(seconds)
    return {section: median(seconds) for section, seconds in waits.items()}


def _pairs(rows: Iterator[tuple[int, int, datetime]]) -> Iterator[tuple[int, float]]:
    for _learner, readings in groupby(rows, key=itemgetter(0)):
        before: tuple[int, datetime] | None = None
        for _enrolment, section, read_at in readings:
            if before:
                yield before[0], (read_at - before[1]).total_seconds()
            before = section, read_at


def _weeks(cohort: Cohort, now: datetime) -> Sequence[int]:
    """Counts the readings of each of the last weeks, the oldest first. The last one ends with today.

    Whole days count, as in the table of modules: two pages never name different numbers for the last 7 days.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    bounds = [today + timedelta(days=1) - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    weeks = {
        f"week_{number}": Count("pk", filter=Q(read_at__gte=begin, read_at__lt=end))
        for number, (begin, end) in enumerate(pairwise(bounds))
    }
    recent = _readings(cohort, Reading.objects.filter(read_at__gte=bounds[0]))
    return list(recent.aggregate(**weeks).values())


def _readings(cohort: Cohort, readings: QuerySet[Reading]) -> QuerySet[Any]:
    """Keeps the readings of the learners who count, in active sections."""
    of_module = readings.filter(section__module=cohort.module, section__archived_at__isnull=True)
    return of_module.filter(enrolment__in=cohort.enrolments().values("pk")).order_by()
