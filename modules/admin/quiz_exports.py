"""Lets instructors download a module's quiz for other programs, and says what each format leaves out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.authoring import quiz_exports
from modules.forms.editor import problem_in_words
from modules.models import Module


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the formats, each with what it cannot say of the quiz."""
    module = _with_quiz(request, pk)
    formats = [
        (form, [problem_in_words(problem) for problem in problems])
        for form, problems in quiz_exports.unsaid(module)
    ]
    crumbs = [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
    ]
    return render(
        request, "admin/quiz_exports.html", {"module": module, "formats": formats, "crumbs": crumbs}
    )


@require_safe
def download(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Returns the quiz as a file. It holds the key, so it is for instructors only."""
    module = _with_quiz(request, pk)
    form = quiz_exports.FORMATS.get(key)
    if form is None:
        raise Http404
    exported = quiz_exports.export_quiz(module, form)
    disposition = content_disposition_header(True, exported.filename) or "attachment"
    return HttpResponse(
        exported.content,
        content_type=form.content_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


def _with_quiz(request: HttpRequest, pk: int) -> Module:
    module = permissions.module_for(request, pk)
    if module.active_quiz is None:
        raise Http404
    return module
