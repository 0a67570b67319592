"""Shows the progress of the learners of a module."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin.class_access import classes_of
from modules.admin.cohort_choice import choice_of, module_for
from modules.admin.sorting import LONGEST_SEARCH, Column, column
from modules.insights import results as results_of_learners
from modules.insights.cohorts import Cohort
from modules.insights.results import ResultsPage, ResultsQuery
from modules.models import Module, StudyClass
from modules.quizzes import regrade_jobs


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Lists how far the learners of a module are: all, those of a class, or those who began between two days."""
    module, now = module_for(request, pk), timezone.now()
    choice = choice_of(request, module)
    query = _query(request, choice.cohort)
    page = results_of_learners.results_page(query, now=now, number=request.GET.get("page", "1"))
    shown = {
        "module": module,
        "query": query,
        "choice": choice,
        "results": page,
        "states": _states(shows_members=query.shows_members).items(),
        "columns": _columns(query.sort),
        "not_begun": _not_begun(query, page),
        "manages": _manages(request, choice.cohort.study_class),
        "regrade_jobs": regrade_jobs.recent(module, now=now),
        "tab": "results",
    }
    return render(request, "admin/results.html", shown | {"crumbs": _crumbs(module)})


def _crumbs(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        (reverse("admin:modules_module_overview", args=[module.pk]), _("Results")),
    ]


def _manages(request: HttpRequest, study_class: StudyClass | None) -> bool:
    return study_class is not None and classes_of(request.user).filter(pk=study_class.pk).exists()


def _query(request: HttpRequest, cohort: Cohort) -> ResultsQuery:
    """Reads what to show from an address. It leaves unknown values out."""
    sort = request.GET.get("sort", "")
    is_known = sort.removeprefix("-") in results_of_learners.ORDERS
    shows_members = _manages(request, cohort.study_class) and not cohort.has_dates
    state = request.GET.get("state", "")
    return ResultsQuery(
        cohort,
        search=request.GET.get("q", "").strip()[:LONGEST_SEARCH],
        state=state if state in _states(shows_members=shows_members) else "",
        sort=sort if is_known else results_of_learners.USUAL_ORDER,
        shows_members=shows_members,
    )


def _states(*, shows_members: bool) -> Mapping[str, Promise]:
    """Returns the states to choose from. Only those who manage a class see which of its members have not begun."""
    return results_of_learners.STATES_OF_CLASS if shows_members else results_of_learners.STATES


def _not_begun(query: ResultsQuery, page: ResultsPage) -> int:
    """Counts the members of the chosen class who have not begun the module."""
    if query.cohort.study_class is None or query.cohort.has_dates:
        return 0
    members = query.cohort.study_class.group.user_set.filter(is_staff=False)
    return max(0, members.count() - page.learners)


def _columns(sort: str) -> list[Column]:
    names = [("name", _("Learner")), ("", _("Read")), ("", _("Attempts")), ("grade", _("Grade")),
             ("seen", _("Last seen")), ("done", _("Finished"))]  # fmt: skip
    return [column(title, name, sort, first_down=name in ("seen", "grade")) for name, title in names]
