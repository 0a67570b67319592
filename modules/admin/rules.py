"""Shows the rules of a quiz as a form, and saves them in the front matter of the document."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modules.admin import editing, permissions, unsaved_input
from modules.authoring.problem_lists import sentences
from modules.document.problems import DocumentError
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.rule_lines import with_rules
from modules.document.syntax.source import normalise
from modules.forms.editor import problem_in_words
from modules.forms.quiz_rules import QuizRulesForm
from modules.models import Module


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the rules of a module's quiz, to be changed."""
    module = permissions.module_for(request, pk)
    if module.active_quiz is None:
        raise Http404
    text = module.text()
    matter, _problems = parse_front_matter(normalise(text))
    form = QuizRulesForm(request.POST or None, module=module, now=matter.rules)
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = _save(request, module, form, text)
    return answer or render(request, "admin/rules.html", _page(module, form))


def _save(request: HttpRequest, module: Module, form: QuizRulesForm, text: str) -> HttpResponse | None:
    """Saves the document with the chosen rules. Returns ``None`` if something is wrong."""
    if form.cleaned_data["base_revision"] != module.current_id:
        form.compare()
    try:
        text = with_rules(text, form.wanted)
    except DocumentError as error:
        form.add_error(None, sentences(error.problems, problem_in_words))
        return None
    title = _("Rules of the quiz")
    edited = editing.Edited(
        title, text, which="rules", place=0, field=None, tell=problem_in_words, concerns=lambda problem: False
    )  # in the front matter
    return editing.save(request, module, form, edited)


def _page(module: Module, form: QuizRulesForm) -> dict[str, Any]:
    return {
        "module": module,
        "form": form,
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        ],
    }
