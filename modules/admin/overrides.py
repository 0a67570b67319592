"""Other rules of a quiz for one learner, or for a group: more time, more attempts, other dates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from modules import attempts, terms
from modules.admin import doors
from modules.allowances import allowed_by
from modules.forms import OverrideForm
from modules.models import Override, Quiz


@require_http_methods(["GET", "POST"])
def overrides(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody in a module who has other rules than the rest, and a form for one more."""
    quiz = _quiz_of(request, pk)
    form = OverrideForm(request.POST or None, quiz=quiz)
    if request.method == "POST" and form.is_valid():
        lengthened = attempts.lengthen(form.save())
        said = ngettext(
            "Saved. %(n)d attempt that is under way has more time now.",
            "Saved. %(n)d attempts that are under way have more time now.",
            lengthened,
        )
        messages.success(
            request,
            said % {"n": lengthened}
            if lengthened
            else _("Saved. It counts for attempts that begin from now on."),
        )
        return redirect("admin:modules_module_overrides", pk)
    everybody = quiz.overrides.select_related("learner", "group")
    return render(
        request,
        "admin/overrides.html",
        {
            "module": quiz.module,
            "rules": terms.sentences(quiz, allowed_by(quiz), has_multiple=False),
            "overrides": [(one, _said(quiz, one)) for one in everybody],
            "form": form,
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[pk]), quiz.module.title),
            ],
        },
    )


@require_http_methods(["POST"])
def removal(request: HttpRequest, pk: int, override: int) -> HttpResponse:
    """Let the rules of the rest count again for a learner or a group."""
    get_object_or_404(_quiz_of(request, pk).overrides, pk=override).delete()
    messages.success(request, _("Taken away. The rules of the quiz count again."))
    return redirect("admin:modules_module_overrides", pk)


def _quiz_of(request: HttpRequest, pk: int) -> Quiz:
    quiz = doors.module_for(request, pk).standing_quiz
    if quiz is None:
        raise Http404
    return quiz


def _said(quiz: Quiz, override: Override) -> list[str]:
    """The rules as they are for whom an override is made."""
    return list(terms.summary(quiz, allowed_by(quiz, [override])))
