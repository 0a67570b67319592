"""Shows one question of a quiz: who chose what, what was typed, and how its versions did."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.admin.question_table import chosen_class, crumbs_of
from modules.insights import results
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.insights.opened_item import opened_item
from modules.models import Attempt, StudyClass
from modules.quizzes import attempts


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows an active question, from the first attempts of all learners or of one class."""
    row = permissions.question_for(request, pk)
    if row.archived_at:
        return redirect("admin:modules_module_grades", pk)
    module = row.quiz.module
    attempts.close_late(Attempt.objects.filter(quiz=row.quiz_id), now=timezone.now())
    classes = list(results.classes_with(module))
    study_class = chosen_class(request, classes)
    page = {
        "module": module,
        "opened": opened_item(row, study_class),
        "fewest": FEWEST_ATTEMPTS,
        "classes": classes,
        "study_class": study_class,
        "crumbs": [*crumbs_of(module), (_table(row.quiz.module_id, study_class), _("Questions"))],
    }
    return render(request, "admin/question.html", page)


def _table(module: int, study_class: StudyClass | None) -> str:
    """Returns the address of the table of all questions, for the same class."""
    query = f"?{urlencode({'class': study_class.pk})}" if study_class else ""
    return reverse("admin:modules_module_questions", args=[module]) + query
