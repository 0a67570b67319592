"""Reads from the address of a page which learners it counts: those of a class, or who began between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from modules.admin import permissions
from modules.forms.cohorts import DatesForm
from modules.insights import results
from modules.insights.cohorts import Cohort
from modules.models import Attempt, Module, StudyClass
from modules.quizzes import attempts


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """Holds the learners that a page counts, the classes to choose from, and the form of the dates."""

    cohort: Cohort
    classes: Sequence[StudyClass]
    dates: DatesForm

    @property
    def query(self) -> str:
        """Returns the choice for the address of another page of results: ``?class=3&since=2026-11-01``, or nothing."""
        query = QueryDict(mutable=True)
        if self.cohort.study_class:
            query["class"] = str(self.cohort.study_class.pk)
        if self.dates.is_valid():
            query.update({name: day.isoformat() for name, day in self.dates.cleaned_data.items() if day})
        return f"?{query.urlencode()}" if query else ""

    @property
    def and_more(self) -> str:
        """Returns the same as the beginning of an address that asks for more."""
        return f"{self.query}&" if self.query else "?"


def choice_of(request: HttpRequest, module: Module) -> CohortChoice:
    """Reads the choice. It leaves out a class that does not study the module, and days that are wrong."""
    classes = list(results.classes_with(module))
    key = permissions.number(request.GET.get("class", ""))
    study_class = next((each for each in classes if each.pk == key), None)
    dates = DatesForm(request.GET)
    return CohortChoice(Cohort(module, study_class, *dates.moments()), classes, dates)


def module_for(request: HttpRequest, pk: int) -> Module:
    """Returns a module whose attempts are closed if their time is up."""
    module = permissions.module_for(request, pk)
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=timezone.now())
    return module
