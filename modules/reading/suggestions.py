"""Finds the one module with which a learner goes on after finishing another one."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from modules.models import Module, with_outline_for
from modules.reading.cards import continue_with


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A module from ``with_outline_for``. ``is_begun`` says why it is suggested: the learner is in it already.

    Otherwise it is the newest one that the learner has not begun.
    """

    module: Module
    is_begun: bool


def next_module(learner: User) -> Suggestion | None:
    """Returns the unfinished module in which the learner was active last, or else the newest one that is not begun."""
    if begun := continue_with(learner):
        return Suggestion(begun, is_begun=True)
    others = Module.objects.published().exclude(enrolments__learner=learner)
    newest = with_outline_for(others, learner).order_by("-published_at", "pk").first()
    return Suggestion(newest, is_begun=False) if newest else None
