"""Shows all questions of a module's quiz in one table, those to look at first on top."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin.cohort_choice import choice_of, module_for
from modules.insights import question_figures, stored_figures
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.models import Module, StoredFigures


@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the questions of the quiz of a module, from the first attempts of all learners or of some."""
    module = module_for(request, pk)
    quiz = module.active_quiz
    if quiz is None:
        raise Http404
    choice = choice_of(request, module)
    look = stored_figures.look(choice.cohort, StoredFigures.Kind.QUESTIONS, now=timezone.now())
    table = question_figures.items_from(quiz, look.figures)
    section = module.sections.active().filter(identity=request.GET.get("section", "")).first()
    page = {
        "module": module,
        "choice": choice,
        "look": look,
        "table": table,
        "section": section,
        "items": [item for item in table.items if section is None or section in item.sections],
        "fewest": FEWEST_ATTEMPTS,
        "tab": "questions",
        "crumbs": _crumbs(module),
    }
    return render(request, "admin/questions.html", page)


def _crumbs(module: Module) -> list[tuple[str, str]]:
    return [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        (reverse("admin:modules_module_overview", args=[module.pk]), _("Results")),
    ]
