"""Shows one question of a quiz: who chose what, what was typed, and how its versions did."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.admin.cohort_choice import choice_of
from modules.admin.question_table import crumbs_of
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.insights.opened_item import opened_item
from modules.models import Attempt
from modules.quizzes import attempts


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an active question, from the first attempts of all learners or of some."""
    row = permissions.question_for(request, pk)
    if row.archived_at:
        return redirect("admin:modules_module_grades", pk)
    module = row.quiz.module
    attempts.close_late(Attempt.objects.filter(quiz=row.quiz_id), now=timezone.now())
    choice = choice_of(request, module)
    table = reverse("admin:modules_module_questions", args=[module.pk]) + choice.query
    page = {
        "module": module,
        "opened": opened_item(row, choice.cohort),
        "fewest": FEWEST_ATTEMPTS,
        "choice": choice,
        "crumbs": [*crumbs_of(module), (table, _("Questions"))],
    }
    return render(request, "admin/question.html", page)
