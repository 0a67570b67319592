"""Gives one learner of a class longer for a module than the class has."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from modules.admin import permissions, unsaved_input
from modules.admin.class_access import class_for, frame, person_of
from modules.admin.ways_back import keeping, way_back
from modules.forms.due_dates import OwnDueDateForm
from modules.models import Assignment, StudyClass


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def due_date(request: HttpRequest, pk: int, member: int, assignment: int) -> HttpResponse:
    """Shows the date of the class and the learner's own one, to be changed."""
    study_class = class_for(request, pk)
    learner, assigned = _found(study_class, member, assignment)
    own = assigned.own_due_dates.filter(learner=learner).first()
    form = OwnDueDateForm(request.POST or None, assignment=assigned, learner=learner, instance=own)
    if request.method == "POST" and form.is_valid():
        form.give(by=person_of(request), now=timezone.now())
        messages.success(request, _("Saved. The learner sees the later due date."))
        return redirect(_place(request, study_class, learner))
    around = frame(study_class)
    page_of_learner = reverse("admin:modules_studyclass_member", args=[pk, learner.pk])
    removal_url = reverse("admin:modules_studyclass_due_date_removal", args=[pk, learner.pk, assigned.pk])
    page = {
        "learner": learner,
        "assignment": assigned,
        "own": own,
        "form": form,
        "back": _place(request, study_class, learner),
        "removal_url": keeping(removal_url, way_back(request)),
        "crumbs": [
            *around["crumbs"],
            (reverse("admin:modules_studyclass_change", args=[pk]), study_class.name),
            (page_of_learner, learner.name or learner.email),
        ],
    }
    return render(request, "admin/due_date.html", around | page)


@permissions.by_a_form_of("admin:modules_studyclass_change")
def removal(request: HttpRequest, pk: int, member: int, assignment: int) -> HttpResponse:
    """Takes the learner's own date away, so that the date of the class counts again."""
    study_class = class_for(request, pk)
    learner, assigned = _found(study_class, member, assignment)
    assigned.own_due_dates.filter(learner=learner).delete()
    messages.success(request, _("Taken away. The due date of the class counts again."))
    return redirect(_place(request, study_class, learner))


def _found(study_class: StudyClass, member: int, assignment: int) -> tuple[User, Assignment]:
    """Returns a member of the class and one of its assignments with a due date, or raises 404."""
    learner = get_object_or_404(study_class.group.user_set, pk=permissions.number(member))
    dated = study_class.assignments.filter(due_at__isnull=False).select_related("module")
    return learner, get_object_or_404(dated, pk=permissions.number(assignment))


def _place(request: HttpRequest, study_class: StudyClass, learner: User) -> str:
    """Returns where somebody came from: the learner's page in the class, unless a link named another one."""
    page = reverse("admin:modules_studyclass_member", args=[study_class.pk, learner.pk])
    return (way_back(request) or page) + "#due-dates"
