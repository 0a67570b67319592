"""Helps tests of classes: makes a class with its instructor, members and assignments."""

from django.contrib.auth.models import Group

from modules.models import Assignment, Module, StudyClass


def a_class(name: str = "X-TKR 2", *, by=None, members=(), **fields) -> StudyClass:
    study_class = StudyClass.objects.create(group=Group.objects.create(name=name), **fields)
    study_class.group.user_set.add(*members)
    if by is not None:
        study_class.instructors.add(by)
    return study_class


def assign(study_class: StudyClass, module: Module, **fields) -> Assignment:
    return Assignment.objects.create(study_class=study_class, module=module, **fields)


def people_in(study_class: StudyClass) -> set[str]:
    return set(study_class.group.user_set.values_list("email", flat=True))
