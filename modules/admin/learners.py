"""Shows one learner to an instructor: what they did, where they stand, and what instructors noted about them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import permissions, unsaved_input
from modules.admin.class_access import class_for, person_of
from modules.admin.overrides import differences
from modules.classes.acquaintance import modules_in_view
from modules.classes.slips import made_by_slips
from modules.forms.notes import NoteForm
from modules.insights import timeline
from modules.insights.check_figures import answers_of
from modules.insights.learner_modules import ModuleProgress, modules_of
from modules.insights.learner_scope import Scope, activity, scope_of
from modules.models import Attempt, LearnerNote, Module, StudyClass
from modules.quizzes import attempts

MOST_NOTES = 50  # on a page; older ones are kept, and make it longer


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def member_page(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Shows a member of a class to those who manage the class."""
    study_class = class_for(request, pk)
    learner = get_object_or_404(study_class.group.user_set, pk=permissions.number(member))
    page = {
        "study_class": study_class,
        "may_have_slip": _may_have_slip(study_class, learner),
        "crumbs": [
            (reverse("admin:modules_studyclass_changelist"), _("Classes")),
            (reverse("admin:modules_studyclass_change", args=[pk]), study_class.name),
        ],
    }
    return _answer(request, learner, {"study_class": study_class}, page)


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def learner_page(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Shows a learner of a module to those who may change the module."""
    module = permissions.module_for(request, pk)
    enrolments = module.enrolments.select_related("learner")
    learner = get_object_or_404(enrolments, pk=permissions.number(enrolment)).learner
    page = {
        "of_module": module,
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[pk]), module.title),
            (reverse("admin:modules_module_overview", args=[pk]), _("Results")),
        ],
    }
    return _answer(request, learner, {"module": module}, page)


def _answer(
    request: HttpRequest, learner: User, of: dict[str, StudyClass | Module], page: dict[str, Any]
) -> HttpResponse:
    """Shows the page, or keeps or deletes a note first. ``of`` names the class or the module of a new note."""
    form = NoteForm(request.POST if "text" in request.POST else None)
    if request.method == "POST":
        if "delete" in request.POST:
            _delete_note(request, learner)
            return redirect(request.path + "#notes")
        if form.is_valid():
            _keep_note(request, learner, form.cleaned_data["text"], of)
            return redirect(request.path + "#notes")
    return render(request, "admin/learner.html", _page(request, learner) | page | {"form": form})


def _keep_note(request: HttpRequest, learner: User, text: str, of: dict[str, StudyClass | Module]) -> None:
    LearnerNote.objects.create(
        learner=learner, text=text, author=person_of(request), written_at=timezone.now(), **of
    )
    messages.success(request, _("The note is kept."))


def _delete_note(request: HttpRequest, learner: User) -> None:
    notes = LearnerNote.objects.deletable_by(request.user).filter(learner=learner)
    get_object_or_404(notes, pk=permissions.number(request.POST["delete"])).delete()
    messages.success(request, _("The note is deleted."))


def _page(request: HttpRequest, learner: User) -> dict[str, Any]:
    """Returns what the page shows of a learner, in a fixed number of queries."""
    person, now = person_of(request), timezone.now()
    scope = _scope(person, learner)
    attempts.close_late(Attempt.objects.filter(enrolment__in=scope.keys), now=now)
    kind = request.GET.get("show", "")
    kind = kind if kind in timeline.KINDS else ""
    month = _month(request)
    modules = modules_of(scope, now=now)
    notes = LearnerNote.objects.visible_to(person).filter(learner=learner)
    deletable = LearnerNote.objects.deletable_by(person).filter(learner=learner)
    return {
        "learner": learner,
        "classes": scope.classes,
        "activity": activity(scope),
        "kind": kind,
        "month": month,
        "timeline": timeline.of_month(scope, month, kind) if month else timeline.latest(scope, kind),
        "modules": modules,
        "special": [(row, _rules_of(row)) for row in modules],
        "has_due_dates": any(module.assignments_open for module in modules),
        "back": urlencode({"back": request.path}),
        "check_answers": answers_of(scope),
        "module_total": len(scope.modules),
        "notes": notes.select_related("author", "study_class__group", "module")[:MOST_NOTES],
        "own_notes": set(deletable.values_list("pk", flat=True)),
    }


def _scope(person: User, learner: User) -> Scope:
    modules = permissions.with_is_changeable(modules_in_view(person, learner), person)
    return scope_of(person, learner, modules)


def _month(request: HttpRequest) -> date | None:
    """Returns the month that is asked for, or ``None``. A month that cannot be read is not found."""
    text = request.GET.get("month", "")
    month = timeline.month_of(text) if text else None
    if text and month is None:
        raise Http404
    return month


def _may_have_slip(study_class: StudyClass, learner: User) -> bool:
    """Tells whether the instructor may get another one-time password for the learner."""
    if settings.HAS_MAIL or study_class.is_archived:
        return False
    return made_by_slips(study_class).filter(pk=learner.pk).exists()


def _rules_of(row: ModuleProgress) -> list[str]:
    """Returns what the special rule of a learner in a module changes, or nothing."""
    return differences(row.override.quiz, row.override) if row.override else []
