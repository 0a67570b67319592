"""Finds the names under which learners stand in a table, and in the list of their class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from modules.models import Invitation, Module, StudyClass


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A learner. ``number`` stands in the instructor's list of the class."""

    pk: int
    name: str
    email: str
    number: str = ""


def learners_of(module: Module, study_class: StudyClass | None) -> QuerySet[User]:
    """Returns the learners of a module by name, or the members of a class, those who have not begun it too."""
    learners = User.objects.filter(is_staff=False)
    if study_class is None:
        return in_order(learners.filter(enrolments__module=module))
    return in_order(learners.filter(groups=study_class.group_id))


def in_order(people: QuerySet[User]) -> QuerySet[User]:
    return people.order_by("search_name", "pk")


def named(keys: Sequence[int], study_class: StudyClass | None) -> Iterator[NamedPerson]:
    """Yields the people with these keys in their order, and leaves out accounts that are gone. One or two queries."""
    people = User.objects.only("name", "email").in_bulk(keys)
    listed = _listed(keys, study_class) if study_class else {}
    for key in keys:
        if person := people.get(key):
            name, number = listed.get(key, ("", ""))
            yield NamedPerson(key, person.name or name, person.email, number)


def _listed(keys: Sequence[int], study_class: StudyClass) -> dict[int | None, tuple[str, str]]:
    invitations = Invitation.objects.filter(study_class=study_class, learner__in=keys)
    return {row.learner_id: (row.name, row.number) for row in invitations.only("learner", "name", "number")}
