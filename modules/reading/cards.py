"""Progress: what a learner has read, what comes next, when a module is finished.

Everything here is computed from facts (readings, attempts) and the sections that stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from modules.models import (
    Enrolment,
    Module,
    with_outline_for,
)
from modules.reading.visible_grades import visible_outcomes


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that is under way: where it goes on, and until when, where its time is limited.

    ``is_overdue``: it takes no more answers, and is to be submitted by then.
    """

    url: str
    title: str
    until: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A module in a list of modules, with how far the learner is. ``grade`` is the one that counts, in percent.

    ``steps`` are its sections and, as the last one, its quiz; so many of them are ``done``. ``hides_marks`` as
    :class:`QuizStop` has it.
    """

    module: Module
    url: str
    total: int
    minutes: int
    questions: int
    read: int
    steps: int
    done: int
    state: str
    grade: Fraction | None
    hides_marks: bool
    open_attempt: OpenAttempt | None = None

    @property
    def waits_for_quiz(self) -> bool:
        """Whether all is read and only the quiz is left to pass, as far as the learner may know."""
        is_left = self.read == self.total and self.done < self.steps
        return is_left and self.state != "finished" and not self.hides_marks


def cards(modules: Iterable[Module], learner: Any, open_attempts: Mapping[int, OpenAttempt]) -> list[Card]:
    """Modules from ``with_outline_for(learner)`` as cards, with the grade that counts of each. Two queries at most.

    ``open_attempts`` are the attempts that the learner has open, by the key of the module.
    """
    modules = list(modules)
    outcome_of = visible_outcomes(modules, learner)
    return [
        _card(
            module,
            outcome_of.get(module.pk),
            open_attempts.get(module.pk),
            hides_marks=module.pk in outcome_of and outcome_of[module.pk] is None,
        )
        for module in modules
    ]


def _card(
    module: Module, grade: Fraction | None, open_attempt: OpenAttempt | None, *, hides_marks: bool
) -> Card:
    total, read = module.section_count or 0, module.read_count or 0
    has_quiz = module.active_quiz is not None
    may_know = module.finished_at is not None or grade is not None  # see `_may_know`
    return Card(
        module=module,
        url=module.get_absolute_url(),
        total=total,
        minutes=module.minutes or 0,
        questions=module.question_count or 0,
        read=read,
        steps=total + has_quiz,
        done=read + (has_quiz and module.passed_at is not None and may_know),
        state="finished" if module.finished_at else "begun" if module.begun_at else "new",
        grade=grade,
        hides_marks=has_quiz and hides_marks and module.finished_at is None,
        open_attempt=open_attempt,
    )


def continue_with(learner: Any, open_attempts: Iterable[int] = ()) -> Module | None:
    """The module in which the learner goes on: the first of those with an open attempt, by their keys, or the
    unfinished one in which they did something last.
    """
    if not learner.is_authenticated:
        return None
    mine = with_outline_for(Module.objects.all(), learner)
    first = next(iter(open_attempts), None)
    if first is not None:
        return mine.get(pk=first)
    enrolment = (
        Enrolment.objects.filter(
            learner=learner, finished_at__isnull=True, module__published_at__isnull=False
        )
        .annotate(last=Coalesce(Max("readings__read_at"), "begun_at"))
        .order_by("-last")
        .first()
    )
    return mine.get(pk=enrolment.module_id) if enrolment else None
