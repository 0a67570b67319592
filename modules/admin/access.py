"""Shows who may read a module as a form, and saves it in the front matter of the document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modules.admin import editing, permissions
from modules.authoring.problem_lists import sentences
from modules.classes.assignments import classes_with
from modules.document.problems import DocumentError
from modules.document.syntax.rule_lines import with_access
from modules.forms.access import AccessForm
from modules.forms.editor import problem_in_words
from modules.models import Module


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows who may read a module's sections, to be changed."""
    module = permissions.module_for(request, pk)
    form = AccessForm(request.POST or None, module=module)
    answer = _save(request, module, form) if request.method == "POST" and form.is_valid() else None
    crumbs = [
        (reverse("admin:modules_module_changelist"), _("Modules")),
        (reverse("admin:modules_module_change", args=[module.pk]), module.title),
    ]
    page = {"module": module, "form": form, "crumbs": crumbs, "classes": classes_with(module)}
    return answer or render(request, "admin/access.html", page)


def _save(request: HttpRequest, module: Module, form: AccessForm) -> HttpResponse | None:
    """Saves the document with the chosen access. Returns ``None`` if something is wrong."""
    try:
        text = with_access(module.text(), form.cleaned_data["access"])
    except DocumentError as error:
        form.add_error(None, sentences(error.problems, problem_in_words))
        return None
    return editing.save(request, module, form, _in_the_front_matter(text))


def _in_the_front_matter(text: str) -> editing.Edited:
    title = _("Who may read")
    return editing.Edited(title, text, "access", 0, None, problem_in_words, lambda _problem: False)
