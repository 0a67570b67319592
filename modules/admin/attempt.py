"""Shows one attempt to an instructor: what was asked and answered, and the forms of its corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.admin import outcomes, permissions
from modules.document.syntax.review import ASPECTS
from modules.forms.corrections import MarkForm, ReasonForm, ReopenForm
from modules.models import Attempt, Module, Response, with_outline_for
from modules.pages.late_answers import ShownLateAnswer, late_answers_of
from modules.pages.reviews import Review, reviews
from modules.quizzes import attempts, corrections, grading
from modules.quizzes.values_in_words import fraction
from modules.reading import outlines

ACTIONS = ("close", "reopen", "delete", "restore")


@dataclass(frozen=True, slots=True)
class Correction:
    """Holds a correction of an attempt.

    ``words`` say its consequence, and ``outcome`` what the learner loses or gets back.
    """

    action: str
    title: str
    words: str
    outcome: str
    form: Form
    button: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """Holds a late answer. ``form`` asks for the reason why it counts, or counts no more, if that is possible."""

    shown: ShownLateAnswer
    form: Form | None


@dataclass(frozen=True, slots=True)
class Slot:
    """Holds a question of an attempt, with the answers to it that arrived too late.

    ``form`` marks it by hand, if that is possible. ``warning`` says which mark takes the pass from its learner.
    ``question`` is the key of its row.
    """

    review: Review
    question: int
    is_by_hand: bool
    form: MarkForm | None
    warning: str
    late: list[Late]


def detail(request: HttpRequest, pk: int, tried: Mapping[str, Form] | None = None) -> HttpResponse:
    """Returns the page of an attempt. ``tried`` has a form that was sent with a mistake, by action or ``slot-1``."""
    pk = permissions.attempt_for(request, pk).pk
    attempts.close_late(Attempt.objects.filter(pk=pk), now=timezone.now())
    tried = {name: _looked_at(form) for name, form in (tried or {}).items()}
    attempt = permissions.attempt_for(request, pk)
    module, learner = attempt.quiz.module, attempt.enrolment.learner
    return render(
        request,
        "admin/attempt.html",
        {
            "attempt": attempt,
            "module": module,
            "learner": learner,
            "others": Attempt.with_deleted.of(learner, attempt.quiz).exclude(pk=pk),
            "notes": corrections.notes_on(attempt),
            "corrections": _corrections(attempt, tried),
            "slots": _slots(attempt, tried),
            "done": request.GET.get("done", ""),
            "crumbs": [
                (reverse("admin:modules_module_changelist"), _("Modules")),
                (reverse("admin:modules_module_change", args=[module.pk]), module.title),
                (reverse("admin:modules_module_overview", args=[module.pk]), _("Results")),
            ],
        },
    )


def _slots(attempt: Attempt, tried: Mapping[str, Form]) -> list[Slot]:
    learner = attempt.enrolment.learner
    outline = outlines.outline(
        with_outline_for(Module.objects.all(), learner).get(pk=attempt.quiz.module_id), learner
    )
    responses = attempt.responses.select_related(*grading.GRADED_BY).order_by("slot")
    pairs = zip(responses, reviews(attempt, outline, ASPECTS), strict=True)
    counting = list(Attempt.objects.submitted().filter(enrolment=attempt.enrolment_id).select_related("quiz"))
    late = late_answers_of(attempt)
    return [
        _slot(
            attempt, response, review, tried, counting, [one for one in late if one.number == response.slot]
        )
        for response, review in pairs
    ]


def _slot(
    attempt: Attempt,
    response: Response,
    review: Review,
    tried: Mapping[str, Form],
    counting: list[Attempt],
    late: list[ShownLateAnswer],
) -> Slot:
    form = tried.get(f"slot-{response.slot}") or mark_form(response)
    can_mark = attempt.submitted_at is not None and attempt.deleted_at is None
    return Slot(
        review=review,
        question=response.version.question_id,
        is_by_hand=response.manual_mark is not None,
        form=form if can_mark and isinstance(form, MarkForm) else None,
        warning=outcomes.of_marking(attempt, response, counting) if can_mark else "",
        late=[Late(one, _late_form(one, tried) if can_mark else None) for one in late],
    )


def _late_form(late: ShownLateAnswer, tried: Mapping[str, Form]) -> Form:
    """Returns the form that lets a late answer count, or count no more."""
    return tried.get(f"late-{late.key}") or ReasonForm(auto_id=f"late-{late.key}-%s")


def _looked_at(form: Form) -> Form:
    """Lets the page open at the mistake of a form that was sent."""
    first = next((name for name in form.errors if name in form.fields), "reason")
    form.fields[first].widget.attrs["autofocus"] = True
    return form


def mark_form(response: Response, sent: Mapping[str, str] | None = None) -> MarkForm:
    """Returns the form that marks a response by hand."""
    return MarkForm(
        sent,
        worth=response.key.points,
        worth_in_words=fraction(response.key.points),
        initial={"mark": fraction(response.mark)},
        auto_id=f"slot-{response.slot}-%s",
    )


def form_for(action: str, sent: Mapping[str, str] | None = None) -> Form:
    """Returns the form of a correction."""
    form_class = ReopenForm if action == "reopen" else ReasonForm
    return form_class(sent, auto_id=f"{action}-%s")


def _corrections(attempt: Attempt, tried: Mapping[str, Form]) -> list[Correction]:
    """Returns the corrections that the state of an attempt allows, and any that was tried, to show its error."""
    if attempt.deleted_at is not None:
        actions = ["restore"]
    else:
        actions = ["close" if attempt.is_open else "reopen", "delete"]
    actions += [action for action in tried if action in ACTIONS and action not in actions]
    return [_correction(attempt, action, tried.get(action) or form_for(action)) for action in actions]


def _correction(attempt: Attempt, action: str, form: Form) -> Correction:
    title, words, button = {
        "close": (_("Close this attempt"), _("It is submitted with what is saved."), _("Close")),
        "reopen": (_("Open this attempt again"), _reopening(attempt), _("Open again")),
        "delete": (
            _("Delete this attempt"),
            _("It no longer counts anywhere. It is kept with its answers, and can be brought back."),
            _("Delete"),
        ),
        "restore": (
            _("Bring this attempt back"),
            _("It counts again, with its answers and its grade."),
            _("Bring back"),
        ),
    }[action]
    outcome = _outcome(attempt, action)
    return Correction(action, title, words, outcome, form, button, is_grave=action == "delete")


def _outcome(attempt: Attempt, action: str) -> str:
    if action == "delete" and attempt.deleted_at is None:
        return outcomes.of_deleting(attempt)
    if action == "restore" and attempt.deleted_at is not None:
        return outcomes.of_restoring(attempt)
    return ""


def _reopening(attempt: Attempt) -> str:
    if attempt.submitted_at is None:
        return _("The learner goes on where they stopped; the answers stand.")
    return _(
        "The learner goes on where they stopped; the answers stand, and the grade is taken back until they submit. "
        "When the time is up, what is saved is submitted."
    )
