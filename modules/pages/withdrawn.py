"""Makes the value that tells a learner that a module was withdrawn, and what is left of their work in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Visitor
from modules.models import Attempt, Module, with_outline_for


@dataclass(frozen=True, slots=True)
class WithdrawnPage:
    """A withdrawn module as a learner sees it who has begun it.

    ``read`` counts the sections that they have read. ``open_attempt`` may be finished, unless it rests until the module
    comes back. ``closed`` are the attempts whose results they may still look at.
    """

    module: Module
    read: int
    is_finished: bool
    open_attempt: Attempt | None
    closed: Sequence[Attempt]


def withdrawn_page(learner: Visitor, module: Module) -> WithdrawnPage:
    """Returns what a withdrawn module still shows to a learner who has begun it, in two queries."""
    module = with_outline_for(Module.objects.all(), learner).get(pk=module.pk)
    attempts = Attempt.objects.filter(enrolment__learner_id=learner.pk, quiz__module=module).order_by(
        "number"
    )
    made = list(attempts)
    return WithdrawnPage(
        module=module,
        read=module.read_count or 0,
        is_finished=module.finished_at is not None,
        open_attempt=next((attempt for attempt in made if attempt.is_open), None),
        closed=[attempt for attempt in made if not attempt.is_open],
    )
