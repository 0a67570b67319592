"""Says which modules a class studies, from when on, until when, and with which note."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from modules.admin import permissions, unsaved_input
from modules.admin.class_access import class_for, frame, person_of
from modules.forms.classes import AssignmentForm
from modules.models import Assignment, StudyClass


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def modules(request: HttpRequest, pk: int) -> HttpResponse:
    """Lists the modules of a class with their dates, and takes one more."""
    study_class = class_for(request, pk)
    form = AssignmentForm(request.POST or None, by=person_of(request), study_class=study_class)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The module is assigned."))
        return redirect("admin:modules_studyclass_modules", pk)
    page = {
        "tab": "modules",
        "assignments": study_class.assignments.select_related("module"),
        "form": form,
    }
    return render(request, "admin/class_modules.html", frame(study_class) | page)


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def assignment(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Shows the dates and the note of one module of a class, to be changed."""
    study_class = class_for(request, pk)
    assigned = _assignment_of(study_class, assignment)
    form = AssignmentForm(
        request.POST or None, by=person_of(request), study_class=study_class, instance=assigned
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The dates are saved."))
        return redirect("admin:modules_studyclass_modules", pk)
    around = frame(study_class)
    crumbs = [
        *around["crumbs"],
        (reverse("admin:modules_studyclass_modules", args=[pk]), study_class.name),
    ]
    page = {"form": form, "assignment": assigned, "crumbs": crumbs}
    return render(request, "admin/class_assignment.html", around | page)


@permissions.by_a_form_of("admin:modules_studyclass_modules")
def removal(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Takes a module from a class, and keeps all that its members did in it."""
    assigned = _assignment_of(class_for(request, pk), assignment)
    assigned.delete()
    messages.success(request, _("The module is no longer assigned. What the members did in it is kept."))
    return redirect("admin:modules_studyclass_modules", pk)


def _assignment_of(study_class: StudyClass, pk: int) -> Assignment:
    return get_object_or_404(study_class.assignments.select_related("module"), pk=permissions.number(pk))
