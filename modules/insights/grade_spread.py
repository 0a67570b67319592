"""Says how the final grades of learners are spread: by steps of ten, with mean and median."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Q

from modules.insights.cohorts import Cohort
from modules.insights.headcounts import FEW

STEP = 10  # percent; smaller steps show more bars, of fewer learners each


@dataclass(frozen=True, slots=True)
class Step:
    """Counts the learners whose grade lies from ``low`` on and below ``high``. The last step has its end, too."""

    low: int
    high: int
    learners: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class GradeSpread:
    """Holds the final grades of the learners who have one. ``passed`` have passed the quiz."""

    graded: int
    passed: int
    mean: float | None
    median: float | None
    pass_mark: int
    steps: Sequence[Step]

    @property
    def is_few(self) -> bool:
        return self.graded < FEW


def grade_spread(cohort: Cohort, pass_mark: int) -> GradeSpread:
    """Returns how the grades of a cohort are spread, in two queries."""
    graded = cohort.enrolments().filter(grade__isnull=False)
    lows = range(0, 100, STEP)
    steps = {f"step_{low}": Count("pk", filter=_between(low)) for low in lows}
    counted = graded.aggregate(
        graded=Count("pk"), passed=Count("pk", filter=Q(passed_at__isnull=False)), mean=Avg("grade"), **steps
    )
    n = counted["graded"]
    middle = graded.order_by("grade").values_list("grade", flat=True)[max(0, n - 1) // 2 : n // 2 + 1]
    grades = [grade or 0.0 for grade in middle]
    return GradeSpread(
        graded=n,
        passed=counted["passed"],
        mean=counted["mean"],
        median=sum(grades) / len(grades) if grades else None,
        pass_mark=pass_mark,
        steps=[Step(low, low + STEP, counted[f"step_{low}"], low + STEP == 100) for low in lows],
    )


def _between(low: int) -> Q:
    return Q(grade__gte=low) & (Q(grade__lt=low + STEP) if low + STEP < 100 else Q())
