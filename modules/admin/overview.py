"""Shows the overview of a module: where people stop, who needs help, what the grades are, which question is bad."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin.class_access import classes_of
from modules.admin.cohort_choice import choice_of, module_for
from modules.insights.help_needed import REASONS
from modules.insights.overview import overview_of
from modules.quizzes import regrade_jobs


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the overview for all learners, those of a class, or those who began between two days."""
    module, now = module_for(request, pk), timezone.now()
    choice = choice_of(request, module)
    study_class = choice.cohort.study_class
    page = {
        "module": module,
        "choice": choice,
        "overview": overview_of(choice.cohort, choice.classes, now=now),
        "reasons": REASONS,
        "manages": study_class is not None and classes_of(request.user).filter(pk=study_class.pk).exists(),
        "regrade_jobs": regrade_jobs.recent(module, now=now),
        "tab": "overview",
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        ],
    }
    return render(request, "admin/overview.html", page)
