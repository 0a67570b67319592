"""Gives instructors their own classes with what all pages of a class show, and sends everybody else away."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User, Visitor
from modules.admin import permissions
from modules.models import StudyClass, StudyClassQuerySet


def classes_of(person: Visitor) -> StudyClassQuerySet:
    """Returns the classes that a person may manage: an instructor their own, an administrator all."""
    return StudyClass.objects.select_related("group").managed_by(person)


def class_for(request: HttpRequest, pk: int | str) -> StudyClass:
    """Returns a class that the person who asks may manage, or raises 404."""
    permissions.writers_only(request)
    return get_object_or_404(classes_of(request.user), pk=permissions.number(pk))


def person_of(request: HttpRequest) -> User:
    """Returns the person who asks. Nobody gets to a page of the admin without an account."""
    return cast(User, request.user)


def class_page(study_class: StudyClass) -> str:
    return reverse("admin:modules_studyclass_change", args=[study_class.pk])


def frame(study_class: StudyClass) -> dict[str, Any]:
    """Returns what all pages of a class show around their own part."""
    return {
        "study_class": study_class,
        "member_total": study_class.group.user_set.count(),
        "module_total": study_class.assignments.count(),
        "instructors": [str(person) for person in study_class.instructors.order_by("name", "email")],
        "crumbs": [(reverse("admin:modules_studyclass_changelist"), _("Classes"))],
    }
