"""Lets instructors correct results afterwards, always with a reason: an attempt, a mark, all answers to a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import attempt as page
from modules.admin import effects, permissions, unsaved_input
from modules.forms.corrections import ReasonForm
from modules.insights import figures
from modules.models import Attempt, Question, Response
from modules.quizzes import attempts, corrections, grading


def impossible(error: corrections.Impossible) -> str:
    return {
        "open": _("This attempt is still under way. Close it first."),
        "closed": _("This attempt is closed already."),
        "other-open": _("This learner has another attempt under way. Close that one first."),
        "not-submitted": _("This attempt was never submitted, so it has no marks. Open it again first."),
        "otherwise": _(
            "Answers or key have changed since this page was shown. Look at what would change now."
        ),
    }[error.reason]


def _done(action: str) -> str:
    """Returns a sentence about the correction."""
    return {
        "close": _("The attempt is closed and graded. The reason is kept with it."),
        "reopen": _("The attempt is open again. The reason is kept with it."),
        "delete": _("The attempt is deleted: it counts no more. The reason is kept with it."),
        "restore": _("The attempt is there again. The reason is kept with it."),
        "regrade": _("The answers are graded again. The reason is kept with it."),
        "full-marks": _("Everybody has full marks for this question. The reason is kept with it."),
        "no-full-marks": _("The key counts again. The reason is kept with it."),
    }[action]


# ------------------------------------------------------------------------------------------------ attempts


@permissions.by_a_form_of("admin:modules_attempt_change")
@unsaved_input.taken_when_led_on
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, reopen, delete or restore an attempt, as ``action`` says."""
    permissions.writers_only(request)
    action = request.POST.get("action", "")
    deeds: dict[str, Callable[[Attempt, corrections.Why], None]] = {
        "close": corrections.close,
        "reopen": lambda found, why: corrections.reopen(found, why, minutes=form.cleaned_data["minutes"]),
        "delete": corrections.delete,
        "restore": corrections.restore,
    }
    if action not in deeds:
        raise Http404
    rows = Attempt.with_deleted if action == "restore" else Attempt.objects
    found = get_object_or_404(rows, pk=pk)
    # All of the learner, since another one that is under way keeps this one from being reopened.
    attempts.close_late(Attempt.objects.filter(enrolment=found.enrolment_id), now=timezone.now())
    form = page.form_for(action, request.POST)
    if not _do(request, form, lambda why: deeds[action](found, why)):
        return page.detail(request, pk, {action: form})
    messages.success(request, _done(action))
    return redirect("admin:modules_attempt_change", pk)


@permissions.by_a_form_of("admin:modules_attempt_change")
@unsaved_input.taken_when_led_on
def mark(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """Give a mark by hand, or take one back where ``undo`` is sent."""
    permissions.writers_only(request)
    attempts.close_late(Attempt.objects.filter(pk=pk), now=timezone.now())
    responses = Response.objects.select_related("attempt", "version", "graded_with")
    response = get_object_or_404(responses, attempt__pk=pk, attempt__deleted_at__isnull=True, slot=slot)
    form = page.mark_form(response, request.POST)
    if "undo" in request.POST:
        form.fields["mark"].required = False
    if not _do(request, form, lambda why: corrections.give_mark(response, form.cleaned_data["mark"], why)):
        return page.detail(request, pk, {f"slot-{slot}": form})
    return redirect(f"{reverse('admin:modules_attempt_change', args=[pk])}?done={slot}#slot-{slot}")


def _do(request: HttpRequest, form: Form, deed: Callable[[corrections.Why], Any]) -> bool:
    """Correct something if the form is right and nothing is in the way; else the form says what is."""
    if form.is_valid():
        try:
            deed(corrections.Why(cast(User, request.user), form.cleaned_data["reason"], timezone.now()))
        except corrections.Impossible as error:
            form.add_error(None, impossible(error))
    return not form.errors


# ----------------------------------------------------------------------------------------------- questions


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the grades of a question: a dry run of grading it again, and full marks where it is faulty."""
    permissions.writers_only(request)
    rows = Question.objects.select_related("quiz__module", "current")
    found = get_object_or_404(rows, pk=pk)
    attempts.close_late(Attempt.objects.filter(quiz=found.quiz_id), now=timezone.now())
    action = request.POST.get("action", "")
    form = ReasonForm(request.POST or None, auto_id=f"{action}-%s")
    if request.method == "POST" and _correct(request, form, found):
        messages.success(request, _done(action))
        return redirect("admin:modules_module_grades", pk)
    module, trials = found.quiz.module, corrections.regrade_trials(found)
    return render(
        request,
        "admin/grades.html",
        {
            "question": found,
            "module": module,
            "trials": trials,
            "sign": corrections.sign_of(found, trials),
            "asked_otherwise": corrections.asked_otherwise(found),
            "full_marks": _effect_of_full_marks(found),
            "answers": figures.answers_to(found),
            "notes": corrections.notes_on_question(found),
            "regrade_form": form if action == "regrade" else ReasonForm(auto_id="regrade-%s"),
            "marks_form": form if action.endswith("full-marks") else ReasonForm(auto_id="marks-%s"),
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[module.pk]), module.title),
            ],
        },
    )


def _effect_of_full_marks(question: Question) -> dict[str, Any]:
    """Returns the effect of giving full marks, or of taking them back: as a picture and in a sentence."""
    since = None if question.full_marks_since else timezone.now()
    effect = grading.effect_of(grading.trials_of_full_marks(question, since))
    return {"effect": effect, "said": effects.effect(effect)}


def _correct(request: HttpRequest, form: ReasonForm, found: Question) -> bool:
    match request.POST.get("action"):
        case "regrade":
            return _do(request, form, lambda why: _regrade(request, found, why))
        case "full-marks":
            return _do(request, form, lambda why: corrections.give_full_marks(found, why))
        case "no-full-marks":
            return _do(request, form, lambda why: corrections.take_full_marks_back(found, why))
    return False


def _regrade(request: HttpRequest, found: Question, why: corrections.Why) -> None:
    changed = corrections.regrade(found, why, shown=request.POST.get("shown", ""))
    said = ngettext("%(n)d grade has changed.", "%(n)d grades have changed.", changed)
    messages.info(request, said % {"n": changed})
