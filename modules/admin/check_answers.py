"""Shows the recorded answers to the questions in the text of one section."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.admin.question_table import crumbs_of
from modules.insights.check_figures import answers_in

PER_PAGE = 100


@require_safe
def answers(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Lists the answers of a section, also of an archived one, to those who may change the module."""
    module = permissions.module_for(request, pk)
    shown = get_object_or_404(module.sections, pk=permissions.number(section))
    rows = Paginator(answers_in(shown), PER_PAGE).get_page(request.GET.get("page", "1"))
    questions = (reverse("admin:modules_module_questions", args=[pk]), _("Questions"))
    page = {"module": module, "section": shown, "rows": rows, "crumbs": [*crumbs_of(module), questions]}
    return render(request, "admin/check_answers.html", page)
