"""Computes how far the members of a class are in the modules that they are assigned, a page of members at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.models import Assignment, Attempt, Enrolment, Invitation, Section, StudyClass
from modules.quizzes.final_grade import final_grade

MEMBERS_ON_A_PAGE = 50

STATES = {
    "new": _("not begun"),
    "reading": _("reading"),
    "failed": _("not passed yet"),
    "done": _("finished"),
    "late": _("late"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a member is in a module. ``state`` is a key of ``STATES``, but never ``late``, which comes on top."""

    state: str
    is_late: bool
    read: int = 0
    total: int = 0
    grade: Fraction | None = None

    @property
    def heat(self) -> int:
        """Returns 1, 2 or 3: how much of the module is read."""
        return min(3, 1 + 3 * self.read // self.total) if self.total else 1


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with a cell for each assigned module. ``name`` and ``number`` stand in the instructor's list."""

    member: User
    name: str
    number: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    assignments: Sequence[Assignment]
    rows: Sequence[MemberRow]
    page: Page[User]

    @property
    def total(self) -> int:
        return self.page.paginator.count


def progress_page(
    study_class: StudyClass, *, now: datetime, number: str = "1", state: str = "", module: int | None = None
) -> ProgressPage:
    """Returns a page of the members of a class, those who have not begun too, in a fixed number of queries.

    With ``state``, it keeps the members in this state: in one module, or in any of them. ``new`` and ``done`` without a
    module ask for all of them.
    """
    assignments = list(assignments_of(study_class))
    members = study_class.group.user_set.order_by("name", "email")
    if state in STATES and assignments:
        chosen = [each for each in assignments if each.module_id == module] or assignments
        members = members.filter(_condition(state, chosen, now))
    page: Page[User] = Paginator(members, MEMBERS_ON_A_PAGE).get_page(number)
    return ProgressPage(assignments, _rows(study_class, list(page.object_list), assignments, now), page)


def assignments_of(study_class: StudyClass) -> QuerySet[Any]:
    """Returns the assignments of a class with their modules and quizzes, and how many sections each has."""
    active = Section.objects.active().filter(module=OuterRef("module")).order_by().values("module")
    counted = study_class.assignments.select_related("module__quiz")
    return counted.annotate(section_total=Subquery(active.annotate(n=Count("pk")).values("n")))


def _condition(state: str, assignments: Sequence[Assignment], now: datetime) -> Q:
    asks_all = state in ("new", "done")
    conditions = [_in_module(state, assignment, now) for assignment in assignments]
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition if asks_all else joined | condition
    return joined


def _in_module(state: str, assignment: Assignment, now: datetime) -> Q:
    """Returns the condition that a member is in a state in one module."""
    enrolled = Enrolment.objects.filter(learner=OuterRef("pk"), module=assignment.module_id)
    finished = enrolled.filter(finished_at__isnull=False)
    tried = Attempt.objects.submitted().filter(
        enrolment__learner=OuterRef("pk"), enrolment__module=assignment.module_id
    )
    unfinished = Q(Exists(enrolled.filter(finished_at__isnull=True)))
    failed = Q(Exists(tried.filter(enrolment__passed_at__isnull=True)))
    match state:
        case "new":
            return ~Q(Exists(enrolled))
        case "done":
            return Q(Exists(finished))
        case "failed":
            return unfinished & failed
        case "late":
            is_due = assignment.due_at is not None and assignment.due_at <= now
            return ~Q(Exists(finished)) if is_due else Q(pk__in=[])
        case _:
            return unfinished & ~failed


def _rows(
    study_class: StudyClass, members: Sequence[User], assignments: Sequence[Assignment], now: datetime
) -> list[MemberRow]:
    listed = {
        invitation.learner_id: invitation
        for invitation in Invitation.objects.filter(study_class=study_class, learner__in=members)
    }
    enrolments = _enrolments(members, assignments)
    rows = []
    for member in members:
        invitation = listed.get(member.pk)
        cells = [_cell(enrolments.get((member.pk, each.module_id)), each, now) for each in assignments]
        name = member.name or (invitation.name if invitation else "") or member.email
        rows.append(MemberRow(member, name, invitation.number if invitation else "", cells))
    return rows


@dataclass(frozen=True, slots=True)
class _Enrolled:
    enrolment: Enrolment
    read: int
    attempts: Sequence[Attempt]


def _enrolments(
    members: Sequence[User], assignments: Iterable[Assignment]
) -> Mapping[tuple[int, int], _Enrolled]:
    counting = Q(readings__section__archived_at__isnull=True, readings__lapsed_at__isnull=True)
    enrolments: QuerySet[Any] = Enrolment.objects.filter(
        learner__in=members, module__in=[each.module_id for each in assignments]
    )
    rows = list(enrolments.annotate(read=Count("readings", filter=counting)))
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.submitted().filter(enrolment__in=[row.pk for row in rows]):
        attempts[attempt.enrolment_id].append(attempt)
    return {(row.learner_id, row.module_id): _Enrolled(row, row.read, attempts[row.pk]) for row in rows}


def _cell(enrolled: _Enrolled | None, assignment: Any, now: datetime) -> Cell:
    is_due = assignment.due_at is not None and assignment.due_at <= now
    total = assignment.section_total or 0
    if enrolled is None:
        return Cell("new", is_due, 0, total)
    quiz = getattr(assignment.module, "quiz", None)
    grade = final_grade(enrolled.attempts, quiz.counts) if quiz else None
    if enrolled.enrolment.finished_at:
        return Cell("done", False, enrolled.read, total, grade)
    has_failed = bool(enrolled.attempts) and enrolled.enrolment.passed_at is None
    return Cell("failed" if has_failed else "reading", is_due, enrolled.read, total, grade)
