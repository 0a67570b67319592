"""Shows all questions of a module's quiz in one table, those to look at first on top."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.admin.class_access import classes_of
from modules.insights import quiz_items, results
from modules.insights.check_figures import checks_of
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.models import Attempt, Module, StudyClass, TableFile
from modules.quizzes import attempts


@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the questions of a module: those of its quiz, from first attempts, and those in its text, as counts."""
    module = permissions.module_for(request, pk)
    quiz, checks = module.active_quiz, checks_of(module)
    if quiz is None and not checks:
        raise Http404
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    classes = list(results.classes_with(module))
    study_class = chosen_class(request, classes)
    page = {
        "module": module,
        "table": quiz_items.items_of(quiz, study_class) if quiz else None,
        "checks": checks,
        "fewest": FEWEST_ATTEMPTS,
        "classes": classes,
        "study_class": study_class,
        "files": _files(request, module, study_class) if quiz else [],
        "crumbs": crumbs_of(module),
    }
    return render(request, "admin/questions.html", page)


def _files(
    request: HttpRequest, module: Module, study_class: StudyClass | None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Returns the names of both tables, each with its forms and their addresses. Only its instructors take a class."""
    if study_class and not classes_of(request.user).filter(pk=study_class.pk).exists():
        return []
    query = f"?class={study_class.pk}" if study_class else ""
    return [
        (
            str(table.label),
            [
                (form.upper(), reverse(f"admin:modules_module_{table}_{form}", args=[module.pk]) + query)
                for form in TableFile.Form.values
            ],
        )
        for table in (TableFile.Table.FIGURES, TableFile.Table.TYPED)
    ]


def chosen_class(request: HttpRequest, classes: Sequence[StudyClass]) -> StudyClass | None:
    """Returns the class that the address names, if it is one of those with the module."""
    chosen = permissions.number(request.GET.get("class", ""))
    return next((each for each in classes if each.pk == chosen), None)


def crumbs_of(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        (reverse("admin:modules_module_results", args=[module.pk]), _("Results")),
    ]
