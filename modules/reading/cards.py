"""Shows modules as cards in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from accounts.models import Visitor
from modules.classes.assignments import Duty
from modules.models import Module
from modules.reading.visible_grades import visible_outcomes


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An open attempt: its address, the title of its quiz, and the end of its time if that is limited.

    ``is_overdue``: the attempt accepts no more answers, and the learner has to submit it before ``until``.
    """

    url: str
    title: str
    until: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A module in a list of modules, with the learner's progress.

    ``minutes`` is the reading time. ``grade`` is the grade that counts, in percent. ``steps`` counts the sections and
    the quiz; ``done`` counts those that the learner has finished. :class:`QuizStop` explains ``hides_marks``.
    ``duties`` say for which of the learner's classes the module is.
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
    duties: Sequence[Duty] = ()

    @property
    def waits_for_quiz(self) -> bool:
        """Tells whether only the quiz is left to pass, as far as the learner may know."""
        is_left = self.read == self.total and self.done < self.steps
        return is_left and self.state != "finished" and not self.hides_marks


def cards(
    modules: Iterable[Module],
    learner: Visitor,
    open_attempts: Mapping[int, OpenAttempt],
    duties: Mapping[int, Sequence[Duty]] | None = None,
) -> list[Card]:
    """Returns modules from ``with_outline_for`` as cards, each with the grade that counts.

    ``open_attempts`` maps the key of a module to the learner's open attempt in it, and ``duties`` to what classes ask.
    It takes at most two queries.
    """
    modules = list(modules)
    outcomes = visible_outcomes(modules, learner)
    return [
        _card(
            module,
            outcomes.get(module.pk),
            open_attempts.get(module.pk),
            (duties or {}).get(module.pk, ()),
            hides_marks=module.pk in outcomes and outcomes[module.pk] is None,
        )
        for module in modules
    ]


def _card(
    module: Module,
    grade: Fraction | None,
    open_attempt: OpenAttempt | None,
    duties: Sequence[Duty],
    *,
    hides_marks: bool,
) -> Card:
    total, read = module.section_count or 0, module.read_count or 0
    has_quiz = module.active_quiz is not None
    may_know = module.finished_at is not None or grade is not None  # as `_may_know_outcome` in outlines.py
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
        duties=duties,
    )
