"""Says which modules and classes are a person's own, for the page with which the admin begins."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from modules.models import Module, ModuleQuerySet, StudyClass, StudyClassQuerySet, ownership


def own_modules(person: User) -> ModuleQuerySet:
    """Returns the modules that a person owns or helps with; where instructors share modules, all of them.

    An administrator who has no module looks after all.
    """
    if not person.is_superuser or ownership.are_shared():
        return Module.objects.changeable_by(person)
    own = Module.objects.filter(Q(owner=person) | Q(pk__in=person.helped_modules.values("pk")))
    return own if own.exists() else Module.objects.all()


def own_classes(person: User) -> StudyClassQuerySet:
    """Returns the classes that a person teaches, without archived ones.

    An administrator who teaches none looks after all.
    """
    active = StudyClass.objects.active().select_related("group")
    own = active.filter(instructors=person)
    return own if own.exists() or not person.is_superuser else active
