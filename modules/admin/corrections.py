"""Lets instructors correct results afterwards, always with a reason: an attempt, a mark, all answers to a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from modules.admin import permissions, regrades, unsaved_input
from modules.authoring.effects_in_words import effect_in_words
from modules.forms.corrections import ReasonForm
from modules.insights import figures
from modules.models import Attempt, LateAnswer, Question, RegradeJob, Response
from modules.quizzes import attempts, corrections, regrade_jobs, trials

MOST_TRIALS = 200  # changed grades that the page of a question lists


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
    """Closes, reopens, deletes or restores an attempt, as ``action`` says."""
    found = permissions.attempt_for(request, pk)
    action = request.POST.get("action", "")
    make: dict[str, Callable[[Attempt, corrections.Why], None]] = {
        "close": corrections.close,
        "reopen": lambda row, why: corrections.reopen(row, why, minutes=form.cleaned_data["minutes"]),
        "delete": corrections.delete,
        "restore": corrections.restore,
    }
    if action not in make:
        raise Http404
    rows = Attempt.with_deleted if action == "restore" else Attempt.objects
    row = get_object_or_404(rows, pk=found.pk)
    # All attempts of the learner, since another open one keeps this one from being reopened.
    attempts.close_late(Attempt.objects.filter(enrolment=row.enrolment_id), now=timezone.now())
    form = page.form_for(action, request.POST)
    if not _do(request, form, lambda why: make[action](row, why)):
        return page.detail(request, pk, {action: form})
    messages.success(request, _done(action))
    return redirect("admin:modules_attempt_change", pk)


@permissions.by_a_form_of("admin:modules_attempt_change")
@unsaved_input.taken_when_led_on
def mark(request: HttpRequest, pk: int, slot: int) -> HttpResponse:
    """Gives a mark by hand, or takes it back if ``undo`` is sent."""
    permissions.attempt_for(request, pk)
    attempts.close_late(Attempt.objects.filter(pk=pk), now=timezone.now())
    responses = Response.objects.select_related("attempt", "version", "graded_with")
    response = get_object_or_404(responses, attempt__pk=pk, attempt__deleted_at__isnull=True, slot=slot)
    form = page.mark_form(response, request.POST)
    if "undo" in request.POST:
        form.fields["mark"].required = False
    if not _do(request, form, lambda why: corrections.give_mark(response, form.cleaned_data["mark"], why)):
        return page.detail(request, pk, {f"slot-{slot}": form})
    return redirect(f"{reverse('admin:modules_attempt_change', args=[pk])}?done={slot}#slot-{slot}")


@permissions.by_a_form_of("admin:modules_attempt_change")
@unsaved_input.taken_when_led_on
def late(request: HttpRequest, pk: int, late: int) -> HttpResponse:
    """Lets a late answer count in place of the one that was saved in time, or no more if ``undo`` is sent."""
    permissions.attempt_for(request, pk)
    rows = LateAnswer.objects.of_attempt(pk).filter(response__attempt__deleted_at__isnull=True)
    row = get_object_or_404(rows.select_related("response__attempt"), pk=late)
    count = corrections.count_late_no_more if "undo" in request.POST else corrections.count_late
    form = ReasonForm(request.POST, auto_id=f"late-{late}-%s")
    if not _do(request, form, lambda why: count(row, why)):
        return page.detail(request, pk, {f"late-{late}": form})
    slot = row.response.slot
    return redirect(f"{reverse('admin:modules_attempt_change', args=[pk])}?done={slot}#slot-{slot}")


def _do(request: HttpRequest, form: Form, correct: Callable[[corrections.Why], Any]) -> bool:
    """Makes a correction if its form is valid and nothing prevents it; otherwise the form has the error."""
    if form.is_valid():
        try:
            correct(corrections.Why(cast(User, request.user), form.cleaned_data["reason"], timezone.now()))
        except corrections.Impossible as error:
            form.add_error(None, impossible(error))
    return not form.errors


# ----------------------------------------------------------------------------------------------- questions


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the grades of a question: a dry run of grading it again, and full marks where it is faulty."""
    row = permissions.question_for(request, pk)
    attempts.close_late(Attempt.objects.filter(quiz=row.quiz_id), now=timezone.now())
    action = request.POST.get("action", "")
    form = ReasonForm(request.POST or None, auto_id=f"{action}-%s")
    if request.method == "POST" and _correct(request, form, row):
        if not regrades.tell(request, row.quiz.module):
            messages.success(request, _done(action))
        return redirect("admin:modules_module_grades", pk)
    page = _page(row, judged_anew=_is_judged_anew(request))
    return render(request, "admin/grades.html", page | {"forms": _forms(form, action)})


def _is_judged_anew(request: HttpRequest) -> bool:
    """Tells whether typed answers are judged as today. The address says so, and the form is sent to it."""
    return request.GET.get("judged") == "anew"


def _page(row: Question, *, judged_anew: bool) -> dict[str, Any]:
    module, changed = row.quiz.module, corrections.regrade_trials(row, judged_anew=judged_anew)
    return {
        "judged_anew": judged_anew,
        "judged_before": corrections.judged_before(row),
        "question": row,
        "module": module,
        "regrade_jobs": regrade_jobs.recent(module, now=timezone.now()),
        "changed": len(changed),
        "trials": _with_attempts(changed[:MOST_TRIALS]),
        "sign": corrections.sign_of(row, changed),
        "asked_otherwise": corrections.asked_otherwise(row),
        "full_marks": _effect_of_full_marks(row),
        "answers": figures.answers_to(row),
        "notes": corrections.notes_on_question(row),
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[module.pk]), module.title),
        ],
    }


def _with_attempts(changed: Sequence[trials.Trial]) -> list[tuple[Attempt, trials.Trial]]:
    attempts = Attempt.objects.select_related("enrolment__learner")
    rows = attempts.in_bulk([trial.attempt for trial in changed])
    return [(rows[trial.attempt], trial) for trial in changed if trial.attempt in rows]


def _forms(sent: ReasonForm, action: str) -> dict[str, ReasonForm]:
    """Returns the two forms of the page. The one that was sent keeps what is in it."""
    return {
        "regrade": sent if action == "regrade" else ReasonForm(auto_id="regrade-%s"),
        "marks": sent if action.endswith("full-marks") else ReasonForm(auto_id="marks-%s"),
    }


def _effect_of_full_marks(row: Question) -> dict[str, Any]:
    """Returns the effect of giving full marks, or of taking them back: as a drawing and in a sentence."""
    since = None if row.full_marks_since else timezone.now()
    effect = trials.effect_of(trials.trials_of_full_marks(row, since))
    return {"effect": effect, "sentence": effect_in_words(effect)}


def _correct(request: HttpRequest, form: ReasonForm, row: Question) -> bool:
    match request.POST.get("action"):
        case "regrade":
            return _do(request, form, lambda why: _regrade(request, row, why))
        case "full-marks":
            return _do(request, form, lambda why: corrections.give_full_marks(row, why))
        case "no-full-marks":
            return _do(request, form, lambda why: corrections.take_full_marks_back(row, why))
    return False


def _regrade(request: HttpRequest, row: Question, why: corrections.Why) -> None:
    anew = _is_judged_anew(request)
    changed = corrections.regrade(row, why, shown=request.POST.get("shown", ""), judged_anew=anew)
    sentence = ngettext("%(n)d grade has changed.", "%(n)d grades have changed.", changed)
    if not RegradeJob.objects.unfinished().filter(module=row.quiz.module).exists():
        messages.info(request, sentence % {"n": changed})
