"""Shows the progress of the learners of a module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.admin.class_access import classes_of
from modules.admin.sorting import LONGEST_SEARCH, Column, column
from modules.insights import results as results_of_learners
from modules.insights.results import ResultsPage, ResultsQuery
from modules.models import Attempt, Module, StudyClass
from modules.quizzes import attempts, regrade_jobs


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows how far the learners of a module are, or those of one class, and how far they read."""
    module = _module_for(request, pk)
    classes = list(results_of_learners.classes_with(module))
    query = _query(request, classes)
    number = request.GET.get("page", "1")
    page = results_of_learners.results_page(module, query, now=timezone.now(), number=number)
    shown = {
        "module": module,
        "query": query,
        "results": page,
        "classes": classes,
        "states": _states(request, query.study_class).items(),
        "columns": _columns(query.sort),
        "not_begun": _not_begun(query, page),
        "manages": _manages(request, query.study_class),
        "regrade_jobs": regrade_jobs.recent(module, now=timezone.now()),
        "sections": results_of_learners.sections_with_readers(module, query.study_class),
    }
    return render(request, "admin/results.html", shown | {"crumbs": _crumbs(module)})


def _crumbs(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
    ]


def _manages(request: HttpRequest, study_class: StudyClass | None) -> bool:
    return study_class is not None and classes_of(request.user).filter(pk=study_class.pk).exists()


def _query(request: HttpRequest, classes: Sequence[StudyClass]) -> ResultsQuery:
    """Reads what to show from an address. It leaves unknown values out."""
    chosen = permissions.number(request.GET.get("class", ""))
    sort = request.GET.get("sort", "")
    is_known = sort.removeprefix("-") in results_of_learners.ORDERS
    state = request.GET.get("state", "")
    study_class = next((each for each in classes if each.pk == chosen), None)
    return ResultsQuery(
        search=request.GET.get("q", "").strip()[:LONGEST_SEARCH],
        state=state if state in _states(request, study_class) else "",
        study_class=study_class,
        sort=sort if is_known else results_of_learners.USUAL_ORDER,
    )


def _states(request: HttpRequest, study_class: StudyClass | None) -> Mapping[str, Promise]:
    """Returns the states to choose from. Only those who manage a class see which of its members have not begun."""
    results = results_of_learners
    return results.STATES_OF_CLASS if _manages(request, study_class) else results.STATES


def _not_begun(query: ResultsQuery, page: ResultsPage) -> int:
    """Counts the members of the chosen class who have not begun the module."""
    if query.study_class is None:
        return 0
    members = query.study_class.group.user_set.filter(is_staff=False)
    return max(0, members.count() - page.learners)


def _columns(sort: str) -> list[Column]:
    names = [("name", _("Learner")), ("", _("Read")), ("", _("Attempts")), ("grade", _("Grade")),
             ("seen", _("Last seen")), ("done", _("Finished"))]  # fmt: skip
    return [column(title, name, sort, first_down=name in ("seen", "grade")) for name, title in names]


def _module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module whose attempts are closed if their time is up."""
    module = permissions.module_for(request, pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    return module
