"""Shows all questions of a module's quiz in one table, those to look at first on top."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin.class_access import classes_of
from modules.admin.cohort_choice import CohortChoice, choice_of, module_for
from modules.insights import question_figures, stored_figures
from modules.insights.check_figures import checks_of, sections_with_answers
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.models import Module, Quiz, StoredFigures, StudyClass, TableFile


@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the questions of a module: those of its quiz, from first attempts, and those in its text, as counts."""
    module = module_for(request, pk)
    quiz, checks = module.active_quiz, checks_of(module)
    recorded = sections_with_answers(module)
    if quiz is None and not checks and not recorded:
        raise Http404
    choice = choice_of(request, module)
    page = {
        "module": module,
        "choice": choice,
        "checks": checks,
        "recorded": recorded,
        "fewest": FEWEST_ATTEMPTS,
        "tab": "questions",
        "files": _files(request, module, choice.cohort.study_class) if quiz else [],
        "crumbs": crumbs_of(module),
        **(_table(request, quiz, choice) if quiz else {}),
    }
    return render(request, "admin/questions.html", page)


def _table(request: HttpRequest, quiz: Quiz, choice: CohortChoice) -> dict[str, Any]:
    """Returns the questions of a quiz with their figures, or only those that link to one section."""
    module = choice.cohort.module
    look = stored_figures.look(choice.cohort, StoredFigures.Kind.QUESTIONS, now=timezone.now())
    table = question_figures.items_from(quiz, look.figures)
    section = module.sections.active().filter(identity=request.GET.get("section", "")).first()
    items = [item for item in table.items if section is None or section in item.sections]
    return {"look": look, "table": table, "section": section, "items": items}


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


def crumbs_of(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        (reverse("admin:modules_module_overview", args=[module.pk]), _("Results")),
    ]
