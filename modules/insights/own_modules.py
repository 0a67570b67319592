"""Computes the table of a person's modules: learners, readings of a week, finishes. Ten of them, by attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from modules.models import Enrolment, Module, ModuleQuerySet, Reading

ROWS = 10  # modules on the page; the full list has the others
DAYS = 7  # of readings, today included
FEW = 15  # learners; under this number nothing is judged


@dataclass(frozen=True, slots=True)
class OwnModule:
    """A row of the table. ``readings`` counts by day, the oldest first."""

    module: Module
    learners: int
    finished: int
    readings: Sequence[int]
    late: int

    @property
    def is_few(self) -> bool:
        return self.learners < FEW

    @property
    def readings_in_all(self) -> int:
        return sum(self.readings)


def own_rows(modules: ModuleQuerySet, late: Mapping[int, int], *, now: datetime) -> Sequence[OwnModule]:
    """Returns the modules that need attention first: those with late people, then those begun last. Three queries."""
    shown = list(_by_attention(modules, late)[:ROWS])
    keys = [module.pk for module in shown]
    counts = _counts(keys)
    readings = _readings(keys, now)
    return [
        OwnModule(
            module,
            *counts.get(module.pk, (0, 0)),
            readings=readings.get(module.pk, [0] * DAYS),
            late=late.get(module.pk, 0),
        )
        for module in shown
    ]


def _by_attention(modules: ModuleQuerySet, late: Mapping[int, int]) -> Any:
    is_late = Case(When(pk__in=list(late), then=Value(True)), default=False, output_field=BooleanField())
    begun = Enrolment.objects.filter(module=OuterRef("pk")).order_by().values("module")
    latest = Subquery(begun.annotate(latest=Max("pk")).values("latest"))
    ordered = modules.annotate(is_late=is_late, latest_enrolment=latest)
    by_attention = ordered.order_by("-is_late", "-latest_enrolment", "-created_at", "pk")
    return by_attention.defer("introduction", "summary", "opening")


def _counts(modules: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Maps modules to the numbers of their learners and of those who have finished."""
    rows = (
        Enrolment.objects.counting()
        .filter(module__in=modules)
        .order_by()
        .values("module")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(finished_at__isnull=False)))
    )
    return {row["module"]: (row["n"], row["done"]) for row in rows}


def _readings(modules: Sequence[int], now: datetime) -> Mapping[int, Sequence[int]]:
    """Counts the readings of each of the last days by module, in the time zone of the reader.

    The bounds of the days are compared, since a function of a date runs for each row. Readings of the staff are left
    out by their few enrolments, so that no row needs its learner.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    bounds = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    days = {
        f"day_{number}": Count("pk", filter=Q(read_at__gte=begin, read_at__lt=begin + timedelta(days=1)))
        for number, begin in enumerate(bounds)
    }
    staff = User.objects.filter(is_staff=True).order_by().values("pk")
    of_staff = Enrolment.objects.filter(learner__in=staff).order_by().values("pk")
    recent = Reading.objects.filter(read_at__gte=bounds[0], section__module__in=modules)
    counted: QuerySet[Any] = recent.exclude(enrolment__in=of_staff).order_by()
    rows: Iterable[Any] = counted.values("section__module").annotate(**days)
    return {row["section__module"]: [row[day] for day in days] for row in rows}
