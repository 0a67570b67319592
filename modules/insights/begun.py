"""Counts whom a change of a whole module touches."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from modules.models import Attempt, Module


@dataclass(frozen=True, slots=True)
class Begun:
    """Counts the people who have begun a module, those of them who have finished, and the attempts that run.

    It counts everybody, also people who may enter the admin: a change touches them, too.
    """

    learners: int
    finished: int
    open_attempts: int


def begun(module: Module) -> Begun:
    counted = module.enrolments.aggregate(
        learners=Count("pk"), finished=Count("pk", filter=Q(finished_at__isnull=False))
    )
    return Begun(**counted, open_attempts=Attempt.objects.running().filter(quiz__module=module).count())
