"""Gathers what the overview of a module shows: the path of its sections, the grades, who needs help, the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from modules.insights import question_figures, stored_figures
from modules.insights.class_comparison import ClassFigures, class_comparison
from modules.insights.cohorts import Cohort
from modules.insights.grade_spread import GradeSpread, grade_spread
from modules.insights.headcounts import FEW, Headcounts, headcounts
from modules.insights.help_needed import HelpNeeded, help_needed
from modules.insights.quiz_items import QuizItem, QuizItems
from modules.insights.stored_figures import Look
from modules.models import Quiz, Section, StoredFigures, StudyClass

MOST_NOTICED = 3  # questions on the overview; the table has all of them
SMALLEST_LOSS = 5  # learners who stopped at one place; a smaller number is no finding
SMALLEST_SHARE = 0.1  # of those who reached the place


@dataclass(frozen=True, slots=True)
class Step:
    """A place of the path: a section, or what comes before the first one.

    ``reached`` learners came so far, ``read`` have read it, and ``stopped`` came no further and are still for a week.
    ``wait`` is the median of the seconds until their next reading. ``questions`` are those that link to the section;
    ``right`` is their mean share of full marks, where enough learners have answered them.
    """

    section: Section | None
    reached: int
    read: int
    stopped: int
    wait: float | None = None
    questions: int = 0
    right: float | None = None


@dataclass(frozen=True, slots=True)
class ReadingPath:
    """Holds the path with the readings of the last weeks. ``worst`` is the place where most stop, if it stands out."""

    look: Look
    steps: Sequence[Step]
    weeks: Sequence[int]
    worst: Step | None


@dataclass(frozen=True, slots=True)
class QuestionsAtAGlance:
    """Holds the questions to look at first. ``table`` has all of them."""

    look: Look
    table: QuizItems
    noticed: Sequence[QuizItem]


@dataclass(frozen=True, slots=True)
class Overview:
    """Holds what the page of a module shows first. A module without a quiz has no ``grades`` and no ``questions``."""

    heads: Headcounts
    path: ReadingPath
    help: HelpNeeded
    grades: GradeSpread | None
    questions: QuestionsAtAGlance | None
    classes: Sequence[ClassFigures]


def overview_of(cohort: Cohort, classes: Sequence[StudyClass], *, now: datetime) -> Overview:
    """Returns the overview of some learners, in a fixed number of queries."""
    quiz = cohort.module.active_quiz
    questions = _questions(cohort, quiz, now) if quiz else None
    return Overview(
        heads=headcounts(cohort, now=now),
        path=_path(cohort, questions.table.items if questions else [], now),
        help=help_needed(cohort, now=now),
        grades=grade_spread(cohort, quiz.pass_mark) if quiz else None,
        questions=questions,
        classes=class_comparison(cohort, classes) if classes else [],
    )


def _questions(cohort: Cohort, quiz: Quiz, now: datetime) -> QuestionsAtAGlance:
    look = stored_figures.look(cohort, StoredFigures.Kind.QUESTIONS, now=now)
    table = question_figures.items_from(quiz, look.figures)
    noticed = [item for item in table.items if item.verdicts][:MOST_NOTICED]
    return QuestionsAtAGlance(look, table, noticed)


def _path(cohort: Cohort, items: Sequence[QuizItem], now: datetime) -> ReadingPath:
    look = stored_figures.look(cohort, StoredFigures.Kind.READING, now=now)
    if look.figures is None:
        return ReadingPath(look, [], [], None)
    counted = {row["section"]: row for row in look.figures["sections"]}
    before = look.figures["before"]
    steps = [
        Step(None, before["reached"], before["reached"], before["stopped"]),
        *(_step(section, counted.get(section.pk), items) for section in _sections(cohort)),
    ]
    return ReadingPath(look, steps, look.figures["weeks"], _worst(steps))


def _sections(cohort: Cohort) -> Sequence[Section]:
    return list(cohort.module.sections.active().defer("source", "html"))


def _step(section: Section, counted: Mapping[str, Any] | None, items: Sequence[QuizItem]) -> Step:
    """Returns the place of a section. One that was added since the last count has no readers yet."""
    linked = [item for item in items if section in item.sections]
    figures = counted or {"reached": 0, "read": 0, "stopped": 0, "wait": None}
    return Step(
        section,
        figures["reached"],
        figures["read"],
        figures["stopped"],
        figures["wait"],
        questions=len(linked),
        right=_right([item for item in linked if item.is_judged]),
    )


def _right(items: Sequence[QuizItem]) -> float | None:
    """Returns the share of full marks over all answers to some questions."""
    answers = sum(item.analysis.attempts for item in items)
    return sum(item.analysis.full for item in items) / answers if answers else None


def _worst(steps: Sequence[Step]) -> Step | None:
    """Returns where most learners stop, if these are enough to be no chance."""
    worst = max(steps, key=lambda step: step.stopped, default=None)
    if worst is None or steps[0].reached < FEW:
        return None
    is_found = worst.stopped >= max(SMALLEST_LOSS, SMALLEST_SHARE * worst.reached)
    return worst if is_found else None
