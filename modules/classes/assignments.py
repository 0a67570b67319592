"""Says what a learner is assigned: the module, the class, the dates, and whether it is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import Visitor
from modules.models import Assignment, Enrolment, Module, StudyClass, due_for, own_due_date

SOON = timedelta(days=3)  # before the due date; a longer time makes more of them stand out


@dataclass(frozen=True, slots=True)
class Duty:
    """A module that a class studies. ``state`` is ``late``, ``soon``, ``later``, ``open`` or ``done``.

    ``has_own_date`` says that ``due_at`` is later for this learner than for the class.
    """

    module: Module
    class_name: str
    starts_at: datetime | None
    due_at: datetime | None
    note: str
    state: str
    starts_later: bool = False
    has_own_date: bool = False

    @property
    def is_late(self) -> bool:
        return self.state == "late"

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def duties_of(learner: Visitor, *, now: datetime, modules: Iterable[Module] | None = None) -> Sequence[Duty]:
    """Returns what a learner is assigned, what is due first comes first. One query, or none for a visitor.

    Archived classes and modules that the learner cannot read are left out.
    """
    if not learner.is_authenticated:
        return ()
    enrolled = Enrolment.objects.filter(module=OuterRef("module"), learner_id=learner.pk)
    assigned: Any = Assignment.objects.filter(  # any type, since the annotations are declared on the model
        Q(module__published_at__isnull=False) | Q(Exists(enrolled), module__keeps_learners=True),
        study_class__group__user=learner.pk,
        study_class__archived_at__isnull=True,
    )
    if modules is not None:
        assigned = assigned.filter(module__in=[module.pk for module in modules])
    finished = enrolled.filter(finished_at__isnull=False)
    rows = assigned.annotate(
        is_done=Exists(finished), own_date=own_due_date(learner.pk), until=due_for(learner.pk)
    )
    in_order = rows.order_by(F("until").asc(nulls_last=True), "starts_at", "pk")
    return [_duty(row, now) for row in in_order.select_related("module", "study_class__group")]


def by_module(duties: Iterable[Duty]) -> Mapping[int, Sequence[Duty]]:
    """Maps the keys of modules to what is assigned in them."""
    grouped: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        grouped[duty.module.pk].append(duty)
    return grouped


def first_assigned(study_class: StudyClass, learner: Visitor) -> Module | None:
    """Returns the module with which somebody begins who has joined a class: the first that is not finished."""
    finished = Enrolment.objects.filter(learner_id=learner.pk, finished_at__isnull=False).values("module")
    assigned = study_class.assignments.filter(module__published_at__isnull=False).exclude(module__in=finished)
    first = assigned.order_by(
        F("starts_at").asc(nulls_first=True), due_for(learner.pk).asc(nulls_last=True), "pk"
    ).select_related("module")
    return next((assignment.module for assignment in first[:1]), None)


def classes_with(module: Module) -> QuerySet[StudyClass]:
    """Returns the classes to which a module is assigned, with their ``member_total``. Archived classes count, too."""
    classes = StudyClass.objects.filter(assignments__module=module).select_related("group")
    return classes.annotate(member_total=Count("group__user", distinct=True)).order_by("group__name")


def has_modules(study_class: StudyClass) -> bool:
    """Tells whether a class is assigned anything that learners can see."""
    return bool(study_class.assignments.filter(module__published_at__isnull=False).exists())


def _duty(assignment: Assignment, now: datetime) -> Duty:
    return Duty(
        assignment.module,
        assignment.study_class.name,
        assignment.starts_at,
        assignment.until,
        assignment.note,
        _state(assignment.until, assignment.is_done, now),
        starts_later=assignment.starts_at is not None and assignment.starts_at > now,
        has_own_date=assignment.own_date is not None,
    )


def _state(due_at: datetime | None, is_done: bool, now: datetime) -> str:
    if is_done:
        return "done"
    if due_at is None:
        return "open"
    if due_at <= now:
        return "late"
    return "soon" if due_at - now <= SOON else "later"
