"""Finds the one module with which a learner goes on after finishing another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from modules.models import Enrolment, Module, with_last_visit, with_outline_for
from modules.reading import access


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A module from ``with_outline_for``. ``is_begun`` says why it is suggested: the learner is in it already.

    Otherwise it is the newest one that the learner has not begun.
    """

    module: Module
    is_begun: bool


def next_module(learner: User) -> Suggestion | None:
    """Returns the unfinished module in which the learner was active last, or else the newest one that is not begun."""
    unfinished = Enrolment.objects.readable().filter(learner=learner, finished_at__isnull=True)
    begun = with_outline_for(Module.objects.filter(pk__in=unfinished.values("module")), learner)
    visited: Any = with_last_visit(begun, learner)  # any type, since the annotation is not known to the model
    last_visited = visited.order_by("-last_visit", "pk").first()
    if last_visited:
        return Suggestion(last_visited, is_begun=True)
    others = access.offered_modules(learner).exclude(enrolments__learner=learner)
    newest = with_outline_for(others, learner).order_by("-published_at", "pk").first()
    return Suggestion(newest, is_begun=False) if newest else None
