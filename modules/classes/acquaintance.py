"""Decides what an instructor may see of a learner, and whom an instructor may know for a module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import User, Visitor
from modules.models import Assignment, Enrolment, Module, ModuleQuerySet, StudyClass, StudyClassQuerySet

MOST_MATCHES = 20  # people whom a search lists; more make its page longer
LONGEST_QUERY = 100  # characters; the rest is not read
MOST_WORDS = 5  # of a query; each is one more condition on each person


@dataclass(frozen=True, slots=True)
class Match:
    """A person whom a search found. ``beside`` is the address, or the class where the address stays hidden."""

    person: User
    beside: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Holds the people whom a search found. ``has_more`` says that more people match than are listed."""

    people: Sequence[Match]
    has_more: bool


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


def find_people(person: Visitor, module: Module, query: str) -> Matches:
    """Returns the people whom :func:`known_people` allows and whose name or address has all words of a query.

    An address that the person does not see anyway is not compared, so that nobody can guess it piece by piece.
    """
    people: QuerySet[Any] = known_people(person, module).annotate(
        shows_address=_shows_address(person, module)
    )
    for word in query[:LONGEST_QUERY].split()[:MOST_WORDS]:
        people = people.filter(Q(name__icontains=word) | Q(shows_address=True, email__icontains=word))
    matching = list(people.order_by("name", "email")[: MOST_MATCHES + 1])
    listed = matching[:MOST_MATCHES]
    classes = _class_names(module, [each.pk for each in listed if not each.shows_address])
    shown = [Match(each, each.email if each.shows_address else classes.get(each.pk, "")) for each in listed]
    return Matches(shown, len(matching) > MOST_MATCHES)


def shown_addresses(person: Visitor, module: Module, people: Iterable[int]) -> dict[int, str]:
    """Maps the keys of those people to their addresses whose addresses the person sees anyway."""
    visible = known_with_address(person, module).filter(pk__in=[*people])
    return dict(visible.values_list("pk", "email"))


def _shows_address(person: Visitor, module: Module) -> ExpressionWrapper:
    seen = _has_begun(module) | _is_in(StudyClass.objects.managed_by(person))
    return ExpressionWrapper(seen, output_field=BooleanField())


def _class_names(module: Module, people: Sequence[int]) -> dict[int, str]:
    """Maps people to the name of one of their classes that have the module."""
    members = Group.user_set.through.objects.filter(user__in=people)
    assigned = members.filter(group__study_class__assignments__module=module)
    return dict(assigned.order_by("-group__name").values_list("user", "group__name"))


def _has_begun(module: Module) -> Q:
    return Q(Exists(Enrolment.objects.filter(learner=OuterRef("pk"), module=module)))


def _is_in(classes: StudyClassQuerySet) -> Q:
    return Q(Exists(classes.order_by().filter(group__user=OuterRef("pk"))))
