"""Puts the classes that study a module beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db.models import Count, F, Q

from accounts.models import User
from modules.insights.cohorts import Cohort
from modules.insights.headcounts import FEW
from modules.models import StudyClass

MOST_CLASSES = 30  # beside each other; more make a table that nobody compares


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Says how far the members of one class are. ``mean`` and ``median`` are of the final grades."""

    study_class: StudyClass
    members: int
    begun: int = 0
    finished: int = 0
    graded: int = 0
    passed: int = 0
    mean: float | None = None
    median: float | None = None

    @property
    def is_few(self) -> bool:
        return self.graded < FEW

    @property
    def passed_share(self) -> float:
        return self.passed / self.graded if self.graded else 0.0

    @property
    def finished_share(self) -> float:
        return self.finished / self.members if self.members else 0.0


def class_comparison(cohort: Cohort, classes: Sequence[StudyClass]) -> Sequence[ClassFigures]:
    """Returns the figures of the first classes, in two queries. Of the cohort, only the dates hold."""
    shown = classes[:MOST_CLASSES]
    groups = [study_class.group_id for study_class in shown]
    members, rows = _members(groups), _rows(cohort, groups)
    return [
        _figures(study_class, members.get(study_class.group_id, 0), rows[study_class.group_id])
        for study_class in shown
    ]


def _members(groups: Sequence[int]) -> Mapping[int, int]:
    through = User.groups.through.objects.filter(group__in=groups, user__is_staff=False)
    return dict(through.order_by().values_list("group").annotate(n=Count("pk")))


def _rows(cohort: Cohort, groups: Sequence[int]) -> Mapping[int, list[Mapping[str, Any]]]:
    """Counts the learners of each group by grade. The rows grow with the different grades, not with the learners."""
    members = User.groups.through.objects.filter(
        cohort.dates("user__enrolments__"),
        group__in=groups,
        user__is_staff=False,
        user__enrolments__module=cohort.module,
    )
    counted = members.values("group", grade=F("user__enrolments__grade")).annotate(
        begun=Count("pk"),
        finished=Count("pk", filter=Q(user__enrolments__finished_at__isnull=False)),
        passed=Count("pk", filter=Q(user__enrolments__passed_at__isnull=False)),
    )
    rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in counted.order_by("grade"):
        rows[row["group"]].append(row)
    return rows


def _figures(study_class: StudyClass, members: int, rows: Sequence[Mapping[str, Any]]) -> ClassFigures:
    graded = [row for row in rows if row["grade"] is not None]
    n = sum(row["begun"] for row in graded)
    return ClassFigures(
        study_class,
        members,
        begun=sum(row["begun"] for row in rows),
        finished=sum(row["finished"] for row in rows),
        graded=n,
        passed=sum(row["passed"] for row in graded),
        mean=sum(row["grade"] * row["begun"] for row in graded) / n if n else None,
        median=(_grade_at(graded, (n - 1) // 2) + _grade_at(graded, n // 2)) / 2 if n else None,
    )


def _grade_at(graded: Sequence[Mapping[str, Any]], place: int) -> float:
    """Returns the grade at a place, counted from 0, of all learners by grade."""
    beyond = accumulate(row["begun"] for row in graded)
    return next(row["grade"] for row, end in zip(graded, beyond, strict=True) if place < end)
