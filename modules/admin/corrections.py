"""What instructors put right afterwards, always with a reason: an attempt, a mark, all answers to a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from modules import attempts, corrections
from modules.admin import doors
from modules.forms import MarkForm, ReasonForm, ReopenForm
from modules.models import Attempt, Question, Response


def impossible(error: corrections.Impossible) -> str:
    return {
        "open": _("This attempt is still under way. Close it first."),
        "closed": _("This attempt is closed already."),
        "other-open": _("This learner has another attempt under way. Close that one first."),
    }[error.reason]


# ------------------------------------------------------------------------------------------------ attempts


@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, reopen or delete an attempt, as ``action`` says."""
    doors.writers_only(request)
    # All of the learner, since another one that is under way keeps this one from being reopened.
    attempts.close_late(Attempt.objects.filter(enrolment__attempts=pk), now=timezone.now())
    found = get_object_or_404(Attempt, pk=pk)
    action = request.POST.get("action", "")
    form = ReopenForm(request.POST) if action == "reopen" else ReasonForm(request.POST)
    deeds: dict[str, Callable[[corrections.Why], None]] = {
        "close": lambda why: corrections.close(found, why),
        "reopen": lambda why: corrections.reopen(found, why, minutes=form.cleaned_data["minutes"]),
        "delete": lambda why: corrections.delete(found, why),
    }
    is_done = action in deeds and _do(request, form, deeds[action])
    if is_done and action == "delete":
        return redirect("admin:modules_attempt_changelist")
    return redirect("admin:modules_attempt_change", pk)


@require_POST
def mark(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Give a mark by hand, or take one back where ``undo`` is sent."""
    doors.writers_only(request)
    attempts.close_late(Attempt.objects.filter(pk=pk), now=timezone.now())
    responses = Response.objects.select_related("attempt", "version", "graded_with")
    response = get_object_or_404(responses, attempt__pk=pk, attempt__deleted_at__isnull=True, place=place)
    if "undo" in request.POST:
        _do(request, ReasonForm(request.POST), lambda why: corrections.give_mark(response, None, why))
    else:
        form = MarkForm(request.POST, worth=response.key.points)
        _do(request, form, lambda why: corrections.give_mark(response, form.cleaned_data["mark"], why))
    return redirect(f"{reverse('admin:modules_attempt_change', args=[pk])}#slot-{place}")


def _do(request: HttpRequest, form: Form, deed: Callable[[corrections.Why], Any]) -> bool:
    """Correct something if the form is right, and say what came of it."""
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label}: {' '.join(map(str, errors))}")
        return False
    try:
        deed(corrections.Why(request.user, form.cleaned_data["reason"], timezone.now()))
    except corrections.Impossible as error:
        messages.error(request, impossible(error))
        return False
    messages.success(request, _("Corrected. The reason is kept with it."))
    return True


# ----------------------------------------------------------------------------------------------- questions


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a question: a dry run of grading it again, and full marks where it is faulty."""
    doors.writers_only(request)
    rows = Question.objects.select_related("quiz__module", "current")
    found = get_object_or_404(rows, pk=pk)
    attempts.close_late(Attempt.objects.filter(quiz=found.quiz_id), now=timezone.now())
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and _correct(request, form, found):
        return redirect("admin:modules_module_grades", pk)
    module = found.quiz.module
    return render(
        request,
        "admin/grades.html",
        {
            "question": found,
            "module": module,
            "trials": corrections.regrade_trials(found),
            "corrections": found.corrections.select_related("made_by"),
            "form": form,
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[module.pk]), module.title),
            ],
        },
    )


def _correct(request: HttpRequest, form: ReasonForm, found: Question) -> bool:
    match request.POST.get("action"):
        case "regrade":
            return _do(request, form, lambda why: _tell_regraded(request, corrections.regrade(found, why)))
        case "full-marks":
            return _do(request, form, lambda why: corrections.give_full_marks(found, why))
        case "no-full-marks":
            return _do(request, form, lambda why: corrections.take_full_marks_back(found, why))
    return False


def _tell_regraded(request: HttpRequest, changed: int) -> None:
    said = ngettext("%(n)d grade has changed.", "%(n)d grades have changed.", changed)
    messages.info(request, said % {"n": changed})
