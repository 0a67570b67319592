"""Computes how far the members of a class are in the modules that they are assigned, a page of members at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import median
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search_names import matching
from modules.models import (
    Assignment,
    Enrolment,
    Invitation,
    Module,
    OwnDueDate,
    Section,
    StudyClass,
    own_due_dates,
)
from modules.quizzes.final_grade import exact_grade

MEMBERS_ON_A_PAGE = 50
USUAL_ORDER = "name"

STATES = {
    "new": _("not begun"),
    "reading": _("still reading"),
    "failed": _("not passed yet"),
    "done": _("finished"),
    "late": _("late"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a member is in a module. ``state`` is a key of ``STATES``, but never ``late``, which comes on top.

    ``own_due_at`` is the date until which the member has longer than the class, and has not finished.
    """

    state: str
    is_late: bool
    read: int = 0
    total: int = 0
    grade: Fraction | None = None
    own_due_at: datetime | None = None

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
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Foot:
    """Says how all members of a class are in one module. ``median`` is of those who have a grade, in percent."""

    graded: int
    finished: int
    median: Fraction | None


@dataclass(frozen=True, slots=True)
class ProgressQuery:
    """Says which members a page shows. ``sort`` is ``name``, ``seen``, or ``m`` and the key of an assigned module.

    With a ``-`` before it, the last comes first. ``state`` is a key of ``STATES`` or empty; ``module`` has its key.
    """

    search: str = ""
    state: str = ""
    module: int | None = None
    sort: str = USUAL_ORDER


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Holds a page of members, and what stands under the column of each assignment."""

    assignments: Sequence[Assignment]
    rows: Sequence[MemberRow]
    page: Page[User]
    feet: Sequence[Foot]

    @property
    def total(self) -> int:
        return self.page.paginator.count


def progress_page(
    study_class: StudyClass, query: ProgressQuery | None = None, *, now: datetime, number: str = "1"
) -> ProgressPage:
    """Returns a page of the members of a class, those who have not begun too, in a fixed number of queries.

    A state is looked for in one module, or in any of them. ``new`` and ``done`` without a module ask for all of them.
    """
    query = query or ProgressQuery()
    assignments = list(assignments_of(study_class))
    members = study_class.group.user_set.filter(_named(query.search, study_class))
    if query.state in STATES and assignments:
        chosen = [each for each in assignments if each.module_id == query.module] or assignments
        members = members.filter(_condition(query.state, chosen, now))
    in_order = _in_order(members, query.sort, assignments)
    page: Page[User] = Paginator(in_order, MEMBERS_ON_A_PAGE).get_page(number)
    rows = _rows(study_class, list(page.object_list), assignments, now)
    return ProgressPage(assignments, rows, page, _feet(study_class, assignments))


def _named(search: str, study_class: StudyClass) -> Q:
    """Matches members by their own names and addresses, and by name and number in the instructor's list."""
    if not search:
        return Q()
    listed = Invitation.objects.filter(study_class=study_class, learner=OuterRef("pk"))
    return matching(search) | Q(
        Exists(listed.filter(Q(name__icontains=search) | Q(number__istartswith=search)))
    )


def _in_order(members: QuerySet[User], sort: str, assignments: Sequence[Assignment]) -> QuerySet[Any]:
    """Sorts members. Those who have not begun come last in both directions."""
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    modules = [each.module_id for each in assignments]
    if name == "seen":
        seen = Enrolment.objects.filter(learner=OuterRef("pk"), module__in=modules).order_by("-last_seen_at")
        members = members.annotate(sorted_by=Subquery(seen.values("last_seen_at")[:1]))
    elif name.removeprefix("m") in map(str, modules):
        of_module = Enrolment.objects.filter(learner=OuterRef("pk"), module=int(name.removeprefix("m")))
        members = members.annotate(sorted_by=Subquery(of_module.values("grade")[:1]))
    else:
        return members.order_by("-search_name" if is_down else "search_name", "pk")
    column = F("sorted_by")
    ordered = column.desc(nulls_last=True) if is_down else column.asc(nulls_last=True)
    return members.order_by(ordered, "search_name", "pk")


def _feet(study_class: StudyClass, assignments: Sequence[Assignment]) -> list[Foot]:
    """Counts over all members of a class. A class has some hundred members, so their grades fit in memory."""
    members = study_class.group.user_set.order_by().values("pk")
    enrolled = Enrolment.objects.filter(
        learner__in=members, module__in=[each.module_id for each in assignments]
    )
    counted = enrolled.order_by().values_list("module")
    finished = dict(counted.annotate(n=Count("finished_at")))
    grades: dict[int, list[Fraction]] = defaultdict(list)
    for module, grade in counted.filter(grade__isnull=False).values_list("module", "grade"):
        grades[module].append(exact_grade(grade or 0.0))
    return [_foot(grades[each.module_id], finished.get(each.module_id, 0)) for each in assignments]


def _foot(grades: Sequence[Fraction], finished: int) -> Foot:
    return Foot(len(grades), finished, median(grades) if grades else None)


def assignments_of(study_class: StudyClass) -> QuerySet[Any]:
    """Returns the assignments of a class with their modules and quizzes, and how many sections each has.

    ``has_own_dates`` says that a learner has longer. Where nobody has, pages need not ask for each member.
    """
    active = Section.objects.active().filter(module=OuterRef("module")).order_by().values("module")
    # Any type, since an annotation is declared on the model.
    counted: Any = study_class.assignments.select_related("module__quiz")
    own_dates = OwnDueDate.objects.filter(assignment=OuterRef("pk"))
    return counted.annotate(
        section_total=Subquery(active.annotate(n=Count("pk")).values("n")), has_own_dates=Exists(own_dates)
    )


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
    unfinished = Q(Exists(enrolled.filter(finished_at__isnull=True)))
    failed = Q(Exists(enrolled.filter(passed_at__isnull=True, grade__isnull=False)))
    match state:
        case "new":
            return ~Q(Exists(enrolled))
        case "done":
            return Q(Exists(finished))
        case "failed":
            return unfinished & failed
        case "late":
            is_late = ~Q(Exists(finished))
            if assignment.has_own_dates:
                longer = OwnDueDate.objects.filter(learner=OuterRef("pk"), assignment=assignment.pk)
                is_late &= ~Q(Exists(longer.filter(due_at__gt=now)))
            is_due = assignment.due_at is not None and assignment.due_at <= now
            return is_late if is_due else Q(pk__in=[])
        case _:
            return unfinished & ~failed


def late_in(study_class: StudyClass, module: Module, now: datetime) -> Q:
    """Returns the condition that a member of a class is late with a module."""
    assignment = assignments_of(study_class).filter(module=module).first()
    return _in_module("late", assignment, now) if assignment else Q(pk__in=[])


def _rows(
    study_class: StudyClass, members: Sequence[User], assignments: Sequence[Assignment], now: datetime
) -> list[MemberRow]:
    listed = {
        invitation.learner_id: invitation
        for invitation in Invitation.objects.filter(study_class=study_class, learner__in=members)
    }
    enrolments = enrolled_in(members, assignments)
    own_dates = own_due_dates([each for each in assignments if each.has_own_dates], members)
    last_seen = _last_seen(enrolments)
    rows = []
    for member in members:
        invitation = listed.get(member.pk)
        cells = [
            cell_of(
                enrolments.get((member.pk, each.module_id)), each, own_dates.get((member.pk, each.pk)), now
            )
            for each in assignments
        ]
        name = member.name or (invitation.name if invitation else "") or member.email
        number = invitation.number if invitation else ""
        rows.append(MemberRow(member, name, number, cells, last_seen.get(member.pk)))
    return rows


def _last_seen(enrolments: Mapping[tuple[int, int], Enrolled]) -> dict[int, datetime]:
    """Returns when each learner was last seen in any of the modules."""
    last_seen: dict[int, datetime] = {}
    for (learner, _module), enrolled in enrolments.items():
        last_seen[learner] = max(enrolled.last_seen, last_seen.get(learner, enrolled.last_seen))
    return last_seen


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Holds what a cell needs of the row of an enrolment."""

    last_seen: datetime
    finished_at: datetime | None
    passed_at: datetime | None
    grade: float | None
    read: int


def enrolled_in(
    members: Sequence[User] | Sequence[int], assignments: Iterable[Assignment]
) -> Mapping[tuple[int, int], Enrolled]:
    counting = Q(readings__section__archived_at__isnull=True, readings__lapsed_at__isnull=True)
    of_page = Enrolment.objects.filter(
        learner__in=members, module__in=[each.module_id for each in assignments]
    )
    rows = of_page.order_by().annotate(read=Count("readings", filter=counting))
    columns = ("learner", "module", "last_seen_at", "finished_at", "passed_at", "grade", "read")
    return {(learner, module): Enrolled(*values) for learner, module, *values in rows.values_list(*columns)}


def cell_of(enrolled: Enrolled | None, assignment: Any, own_due_at: datetime | None, now: datetime) -> Cell:
    """Returns how far a member is in an assignment. ``own_due_at`` is a date of the member's own that counts."""
    due_at = own_due_at or assignment.due_at
    is_due = due_at is not None and due_at <= now
    total = assignment.section_total or 0
    if enrolled is None:
        return Cell("new", is_due, 0, total, own_due_at=own_due_at)
    grade = None if enrolled.grade is None else exact_grade(enrolled.grade)
    if enrolled.finished_at:
        return Cell("done", False, enrolled.read, total, grade)
    has_failed = grade is not None and enrolled.passed_at is None
    state = "failed" if has_failed else "reading"
    return Cell(state, is_due, enrolled.read, total, grade, own_due_at)
