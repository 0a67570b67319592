"""Collects what a person may see of one learner: the classes that they share, and the modules with the enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from modules.classes.acquaintance import shared_classes
from modules.models import Attempt, Enrolment, Module, Reading, StudyClass


@dataclass(frozen=True, slots=True)
class Scope:
    """Holds the modules and classes in which one person may see one learner.

    ``modules`` maps keys to modules with ``is_changeable``. ``enrolments`` are those of the learner in these modules.
    """

    learner: User
    classes: Sequence[StudyClass]
    modules: Mapping[int, Any]
    enrolments: Sequence[Enrolment]

    def module_of(self, enrolment: int) -> Any:
        return next(self.modules[each.module_id] for each in self.enrolments if each.pk == enrolment)

    @property
    def keys(self) -> list[int]:
        """Returns the keys of the enrolments."""
        return [enrolment.pk for enrolment in self.enrolments]


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts what a learner did in the modules of a scope. ``since`` and ``last_seen`` are empty for nobody's step."""

    readings: int
    attempts: int
    since: datetime | None
    last_seen: datetime | None


def scope_of(person: User, learner: User, modules: QuerySet[Any]) -> Scope:
    """Returns what a person may see. ``modules`` are the modules in view, with ``is_changeable``. Three queries."""
    shown = modules.defer("introduction", "summary", "opening").select_related("quiz")
    by_key: dict[int, Module] = {module.pk: module for module in shown}
    enrolments = Enrolment.objects.filter(learner=learner, module__in=list(by_key))
    return Scope(learner, list(shared_classes(person, learner)), by_key, list(enrolments))


def activity(scope: Scope) -> Activity:
    """Returns how much a learner did, and when last. Two queries."""
    read = Reading.objects.filter(enrolment__in=scope.keys).aggregate(n=Count("pk"), last=Max("read_at"))
    ended = Coalesce("submitted_at", "abandoned_at", "started_at")
    tried = Attempt.objects.filter(enrolment__in=scope.keys).aggregate(n=Count("pk"), last=Max(ended))
    begun = [enrolment.begun_at for enrolment in scope.enrolments]
    moments = [moment for moment in (*begun, read["last"], tried["last"]) if moment]
    return Activity(read["n"], tried["n"], min(begun, default=None), max(moments, default=None))
