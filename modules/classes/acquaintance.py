"""Decides what an instructor may see of a learner, and whom an instructor may know for a module."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User, Visitor
from modules.models import Assignment, Enrolment, Module, ModuleQuerySet, StudyClass, StudyClassQuerySet


def shared_classes(person: Visitor, learner: User) -> StudyClassQuerySet:
    """Returns the classes of a learner that a person manages."""
    return StudyClass.objects.managed_by(person).of_learner(learner).select_related("group")


def modules_in_view(person: Visitor, learner: User) -> ModuleQuerySet:
    """Returns the modules in which a person may see what a learner did.

    They are the modules assigned to the classes that they share. The modules that the person may change and the learner
    has begun come on top.
    """
    shared = shared_classes(person, learner).order_by().values("pk")
    assigned = Assignment.objects.filter(study_class__in=shared).order_by().values("module")
    begun = Enrolment.objects.filter(learner=learner).order_by().values("module")
    changeable = Module.objects.changeable_by(person).filter(pk__in=begun).order_by().values("pk")
    return Module.objects.filter(Q(pk__in=assigned) | Q(pk__in=changeable))


def known_with_address(person: Visitor, module: Module) -> QuerySet[User]:
    """Returns the people whose addresses a person who may change a module sees anyway.

    They have begun the module, or are in a class that the person manages.
    """
    return User.objects.filter(_has_begun(module) | _is_in(StudyClass.objects.managed_by(person)))


def known_people(person: Visitor, module: Module) -> QuerySet[User]:
    """Returns the people to whom a person who may change a module may give rules of their own.

    Members of other classes with this module come on top, if they have a name. Their addresses stay hidden.
    """
    assigned = StudyClass.objects.filter(assignments__module=module)
    with_name = _is_in(assigned) & ~Q(name="")
    of_person = _is_in(StudyClass.objects.managed_by(person))
    return User.objects.filter(_has_begun(module) | of_person | with_name, is_active=True)


def _has_begun(module: Module) -> Q:
    return Q(Exists(Enrolment.objects.filter(learner=OuterRef("pk"), module=module)))


def _is_in(classes: StudyClassQuerySet) -> Q:
    return Q(Exists(classes.order_by().filter(group__user=OuterRef("pk"))))
