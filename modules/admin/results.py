"""Shows the progress of the learners of a module: a page, and the same as files for a spreadsheet."""

from __future__ import annotations

from io import BytesIO

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.document.syntax.source import BOM
from modules.insights import exports, figures
from modules.insights.csv_file import write_csv
from modules.insights.xlsx_file import write_xlsx
from modules.models import Attempt, Module, with_readers
from modules.quizzes import attempts, regrade_jobs

ROWS_ON_A_PAGE = 100
FORMS = ("csv", "xlsx")  # of files for spreadsheets
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    module = _module_for(request, pk)
    everybody = figures.learner_progress(module)
    page = Paginator(everybody, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "admin/results.html",
        {
            "module": module,
            "page": page,
            "learners": len(everybody),
            "finished": sum(1 for row in everybody if row.enrolment.finished_at),
            "took_quiz": sum(1 for row in everybody if row.grade is not None),
            "regrade_jobs": regrade_jobs.recent(module, now=timezone.now()),
            "sections": with_readers(module.sections.active(), of_staff=False),
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[pk]), module.title),
            ],
        },
    )


@require_safe
def learners(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Returns the progress of the learners as a file for a spreadsheet."""
    module = _module_for(request, pk)
    return _file(f"{module.slug}-learners", form, exports.progress(module))


@require_safe
def answers(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Returns every answer of every attempt as a file for a spreadsheet."""
    module = _module_for(request, pk)
    return _file(f"{module.slug}-answers", form, exports.attempts(module))


@require_safe
def answers_to_question(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Returns every answer to one question as a file for a spreadsheet."""
    question = permissions.question_for(request, pk)
    module = _module_for(request, question.quiz.module_id)
    return _file(f"{module.slug}-{question.identity}-answers", form, exports.attempts(module, question))


def _module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module whose attempts are closed if their time is up."""
    module = permissions.module_for(request, pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    return module


def _file(name: str, form: str, table: exports.Table) -> HttpResponse:
    """Returns a table as a file: ``form`` is one of :data:`FORMS`."""
    if form == "xlsx":
        workbook = BytesIO()
        write_xlsx(table, workbook)
        response = HttpResponse(workbook.getvalue(), content_type=XLSX)
    else:
        response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")  # spreadsheets know UTF-8 by it
        write_csv(table, response)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
