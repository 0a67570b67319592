"""Finds the learners of a module for its page of results: by class, state and name, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search_names import matching
from modules.insights import help_needed
from modules.insights.class_progress import late_in
from modules.insights.cohorts import Cohort
from modules.insights.figures import LearnerProgress, progress_of
from modules.models import Enrolment, EnrolmentQuerySet, Module, StudyClass, StudyClassQuerySet

LEARNERS_ON_A_PAGE = 100
USUAL_ORDER = "-seen"

STATES = {
    "reading": _("still reading"),
    "failed": _("not passed yet"),
    "done": _("finished"),
    help_needed.ANY: _("needs help"),
    **help_needed.REASONS,
}
# A class knows its members who have not begun, and counts them as late, too. They have no row of results.
STATES_OF_CLASS = {"new": _("not begun"), **STATES}

# The columns by which a page can be sorted, each with the direction in which it begins.
ORDERS = {"name": "learner__search_name", "seen": "last_seen_at", "grade": "grade", "done": "finished_at"}


@dataclass(frozen=True, slots=True)
class ResultsQuery:
    """Says which learners a page shows. ``sort`` is a key of ``ORDERS``, after a ``-`` where the last comes first.

    ``state`` is one of ``STATES``, or of ``STATES_OF_CLASS`` where the members of a class may be shown.
    """

    cohort: Cohort
    search: str = ""
    state: str = ""
    sort: str = USUAL_ORDER
    shows_members: bool = False


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Holds a page of learners, and the numbers of all learners of the cohort.

    ``newcomers`` are the members of the class on the page who have not begun. They have no row of results.
    """

    rows: Sequence[LearnerProgress]
    page: Page[Any]
    learners: int
    took_quiz: int
    finished: int
    newcomers: Sequence[Any] = ()

    @property
    def found(self) -> int:
        return self.page.paginator.count


def results_page(query: ResultsQuery, *, now: datetime, number: str = "1") -> ResultsPage:
    """Returns a page of the learners of a module in a fixed number of queries, however many learners there are."""
    module, learners = query.cohort.module, query.cohort.enrolments()
    totals = learners.aggregate(
        learners=Count("pk"),
        took_quiz=Count("pk", filter=Q(grade__isnull=False)),
        finished=Count("pk", filter=Q(finished_at__isnull=False)),
    )
    if query.shows_members and query.cohort.study_class and query.state in ("new", "late"):
        late_at = now if query.state == "late" else None
        members = _members(module, query.cohort.study_class, query.search, late_at)
        return _page_of_members(query.cohort, members, totals, number)
    found = learners.filter(_in_state(module, query.state, now), matching(query.search, "learner__"))
    in_order = _in_order(found.select_related("learner"), query.sort)
    page: Page[Enrolment] = Paginator(in_order, LEARNERS_ON_A_PAGE).get_page(number)
    return ResultsPage(progress_of(module, list(page.object_list)), page, **totals)


def _members(
    module: Module, study_class: StudyClass, search: str, late_at: datetime | None
) -> QuerySet[User]:
    """Returns the members of a class who are late at a moment, or else those who have not begun, by their names."""
    members = study_class.group.user_set.filter(matching(search), is_staff=False)
    if late_at is not None:
        members = members.filter(late_in(study_class, module, late_at))
    else:
        begun = Enrolment.objects.filter(module=module, learner=OuterRef("pk"))
        members = members.exclude(Exists(begun))
    return members.order_by("search_name", "pk")


def _page_of_members(
    cohort: Cohort, members: QuerySet[User], totals: Mapping[str, int], number: str
) -> ResultsPage:
    """Returns a page of members. Those who have begun come first, with their results."""
    page: Page[Any] = Paginator(members, LEARNERS_ON_A_PAGE).get_page(number)
    keys = [member.pk for member in page.object_list]
    enrolments = list(cohort.enrolments().filter(learner__in=keys).select_related("learner"))
    begun = {enrolment.learner_id for enrolment in enrolments}
    newcomers = [member for member in page.object_list if member.pk not in begun]
    return ResultsPage(progress_of(cohort.module, enrolments), page, **totals, newcomers=newcomers)


def classes_with(module: Module) -> StudyClassQuerySet:
    """Returns the classes to which a module is assigned, archived ones too."""
    return StudyClass.objects.select_related("group").filter(assignments__module=module)


def _in_state(module: Module, state: str, now: datetime) -> Q:
    if state in (help_needed.ANY, *help_needed.REASONS):
        return help_needed.in_state(module, state, now=now)
    unfinished = Q(finished_at__isnull=True)
    failed = Q(passed_at__isnull=True, grade__isnull=False)
    match state:
        case "done":
            return ~unfinished
        case "failed":
            return unfinished & failed
        case "reading":
            return unfinished & ~failed
        case _:
            return Q()


def _in_order(learners: EnrolmentQuerySet, sort: str) -> QuerySet[Any]:
    """Sorts learners. Those without a value come last in both directions."""
    name, is_down = sort.removeprefix("-"), sort.startswith("-")
    # Each learner has a name and a last visit. An index sorts them only without a rule for empty values.
    if name in ("name", "seen"):
        return learners.order_by(("-" if is_down else "") + ORDERS[name], "-pk" if is_down else "pk")
    column = F(ORDERS[name])
    return learners.order_by(column.desc(nulls_last=True) if is_down else column.asc(nulls_last=True), "pk")
