"""Publishes a module and withdraws it, together with its open attempts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Visitor
from modules.models import BATCH, Attempt, AttemptQuerySet, Module, Quiz
from modules.quizzes import attempts
from modules.search import index


def withdraw(
    module: Module, *, by: Visitor | None, now: datetime, keeps_learners: bool, with_attempts: bool = False
) -> None:
    """Unpublishes a module. What learners did in it is kept.

    With ``keeps_learners``, those who have begun it may go on. With ``with_attempts``, open attempts rest until the
    module is published again, and their time with them; otherwise they may be finished.
    """
    attempts.close_late(Attempt.objects.filter(quiz__module=module), now=now)
    with transaction.atomic():
        _hold(module)
        module.unpublish(by=by, now=now, keeps_learners=keeps_learners)
        if with_attempts:
            _attempts(module).running().update(withdrawn_at=now)
        index.follow(module)


def publish(module: Module, *, by: Visitor | None, now: datetime) -> None:
    """Publishes a module. Attempts that were withdrawn with it go on, with the time that they had left."""
    words, read_in = index.words_of_module(module), (module.current_id, module.rendered_with)
    with transaction.atomic():
        held = _hold(module)
        module.publish(by=by, now=now)
        resting = _attempts(module).filter(withdrawn_at__isnull=False)
        rested = [
            _gone_on(attempt, now) for attempt in resting.select_for_update(of=("self",)).order_by("pk")
        ]
        Attempt.with_deleted.bulk_update(
            rested, ["deadline", "overdue_until", "withdrawn_at"], batch_size=BATCH
        )
        is_same = (held.current_id, held.rendered_with) == read_in
        index.follow(module, words if is_same else None)


def _attempts(module: Module) -> AttemptQuerySet:
    """Returns all attempts at the quiz of a module, also deleted ones: they may be restored."""
    return Attempt.with_deleted.filter(quiz__module=module)


def _hold(module: Module) -> Module:
    """Locks a module and its quiz until the transaction ends, so that nobody enrols or starts an attempt meanwhile.

    Returns the module as it is now.
    """
    held = Module.objects.select_for_update(no_key=True).only("current", "rendered_with").get(pk=module.pk)
    list(Quiz.objects.select_for_update(no_key=True).filter(module=module).values_list("pk"))
    return held


def _gone_on(attempt: Attempt, now: datetime) -> Attempt:
    if attempt.is_open and attempt.withdrawn_at:
        rest = now - attempt.withdrawn_at
        attempt.deadline = attempt.deadline and attempt.deadline + rest
        attempt.overdue_until = attempt.overdue_until and attempt.overdue_until + rest
    attempt.withdrawn_at = None
    return attempt
