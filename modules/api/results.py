"""Turns results into the answers of the API. The figures are those of the pages of the admin."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils import timezone

from modules.api.shapes import (
    AttemptShape,
    LearnerShape,
    ModuleShape,
    QuestionShape,
    SectionShape,
    WrongAnswer,
    number,
)
from modules.insights import question_figures, stored_figures
from modules.insights.cohorts import Cohort
from modules.insights.figures import progress_of
from modules.insights.quiz_items import QuizItem
from modules.models import Attempt, Enrolment, Module, StoredFigures


class StillCounting(Exception):
    """Reports that the worker counts the answers of a large module for the first time."""


def modules_in_shape(modules: Sequence[Module]) -> list[ModuleShape]:
    """Returns modules with the numbers of their learners, in one query."""
    rows = Enrolment.objects.counting().filter(module__in=modules).order_by().values("module")
    counted = rows.annotate(learners=Count("pk"), finished=Count("pk", filter=Q(finished_at__isnull=False)))
    counts = {row["module"]: row for row in counted}
    return [
        ModuleShape(
            id=module.pk,
            slug=module.slug,
            title=module.title,
            language=module.language,
            published_at=module.published_at,
            learners=counts[module.pk]["learners"] if module.pk in counts else 0,
            finished=counts[module.pk]["finished"] if module.pk in counts else 0,
        )
        for module in modules
    ]


def learners_in_shape(module: Module, enrolments: Sequence[Enrolment]) -> list[LearnerShape]:
    return [
        LearnerShape(
            id=row.enrolment.learner_id,
            name=row.name,
            email=row.email,
            begun_at=row.enrolment.begun_at,
            last_seen_at=row.last_seen,
            sections_read=row.read,
            sections=row.total,
            attempts=row.attempts,
            grade=number(row.grade),
            passed_at=row.enrolment.passed_at,
            finished_at=row.enrolment.finished_at,
        )
        for row in progress_of(module, enrolments)
    ]


def attempt_in_shape(attempt: Attempt) -> AttemptShape:
    is_submitted = attempt.submitted_at is not None
    return AttemptShape(
        id=attempt.pk,
        learner=attempt.enrolment.learner_id,
        number=attempt.number,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        mark=number(attempt.mark) if is_submitted else None,
        max_mark=number(attempt.max_mark) if is_submitted else None,
        grade=number(attempt.grade) if is_submitted else None,
        passed=attempt.passed_at is not None,
    )


def questions_in_shape(module: Module) -> list[QuestionShape]:
    """Returns the active questions in the order of the quiz, without their choices and keys.

    Like the page of questions, it takes the figures of a large module from the last count. Raises StillCounting.
    """
    quiz = module.active_quiz
    if quiz is None:
        return []
    look = stored_figures.look(Cohort(module), StoredFigures.Kind.QUESTIONS, now=timezone.now())
    if look.is_waiting:
        raise StillCounting
    items = question_figures.items_from(quiz, look.figures).items
    return [_question(item) for item in sorted(items, key=lambda item: item.number)]


def _question(item: QuizItem) -> QuestionShape:
    analysis, version = item.analysis, item.question.current
    wrong = WrongAnswer(answer=analysis.wrong[0], times=analysis.wrong[1]) if analysis.wrong else None
    return QuestionShape(
        id=item.question.pk,
        number=item.number,
        title=str(item.question),
        kind=version.kind if version else "",
        points=float(version.points) if version else 0.0,
        attempts=analysis.attempts,
        full_marks=analysis.full,
        unanswered=analysis.unanswered,
        earlier=item.earlier,
        is_judged=item.is_judged,
        facility=analysis.facility if item.is_judged else None,
        interval=analysis.interval if item.is_judged else None,
        discrimination=analysis.discrimination if item.is_judged else None,
        most_frequent_wrong=wrong,
        findings=[verdict.finding.value for verdict in item.verdicts],
        sections=[
            SectionShape(id=section.pk, identity=section.identity, title=section.title)
            for section in item.sections
        ],
    )
