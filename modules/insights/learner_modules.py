"""Says how far one learner is in each module in view: sections, grade, due date and rules of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef

from modules.insights.learner_scope import Scope
from modules.models import (
    Assignment,
    Attempt,
    Enrolment,
    Module,
    Override,
    Reading,
    Section,
    due_for,
    own_due_date,
)
from modules.quizzes.final_grade import final_grade

MOST_MODULES = 50  # on a page; more make it longer, the others are named by their number


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """How far a learner is in a module. ``enrolment`` is empty for somebody who has not begun it.

    ``assignments`` are those of the classes in view, each with ``until``, the date of this learner, and ``own_date``,
    which is empty where it is the date of the class.
    """

    module: Any
    enrolment: Enrolment | None
    steps_read: Sequence[bool]
    grade: Fraction | None
    due_at: datetime | None
    is_late: bool
    override: Override | None
    assignments: Sequence[Any] = ()

    @property
    def is_finished(self) -> bool:
        return self.enrolment is not None and self.enrolment.finished_at is not None

    @property
    def assignments_open(self) -> Sequence[Any]:
        """Returns the assignments whose date still matters to the learner, or is their own."""
        return [each for each in self.assignments if each.own_date or not self.is_finished]

    @property
    def is_passed(self) -> bool:
        return self.enrolment is not None and self.enrolment.passed_at is not None

    @property
    def has_quiz(self) -> bool:
        return self.module.active_quiz is not None

    @property
    def may_have_override(self) -> bool:
        """Tells whether the person who looks may give rules of their own to this learner, who has none yet."""
        return self.has_quiz and self.module.is_changeable and self.override is None


def modules_of(scope: Scope, *, now: datetime) -> Sequence[ModuleProgress]:
    """Returns the modules of a scope, what is due first comes first. Four queries."""
    enrolments = {enrolment.module_id: enrolment for enrolment in scope.enrolments}
    assignments = _assignments(scope)
    due = {key: each[0].until for key, each in assignments.items()}
    keys = sorted(scope.modules, key=lambda key: _order(key, due, enrolments, scope))[:MOST_MODULES]
    steps = _steps(scope, keys)
    attempts = _attempts([enrolments[key].pk for key in keys if key in enrolments])
    overrides = _overrides(scope, keys)
    return [
        _progress(
            scope.modules[key],
            enrolments.get(key),
            steps[key],
            attempts,
            due.get(key),
            overrides.get(key),
            assignments.get(key, ()),
            now,
        )
        for key in keys
    ]


def _order(
    key: int, due: Mapping[int, datetime], enrolments: Mapping[int, Enrolment], scope: Scope
) -> tuple[bool, bool, float, str]:
    enrolment = enrolments.get(key)
    is_done = enrolment is not None and enrolment.finished_at is not None
    moment = due[key].timestamp() if key in due else 0
    return is_done, key not in due, moment, scope.modules[key].title


def _assignments(scope: Scope) -> Mapping[int, list[Any]]:
    """Maps the keys of modules to what classes that are not archived ask until a date, the first date first."""
    classes = {study_class.pk: study_class for study_class in scope.classes if not study_class.is_archived}
    # Any type, since the annotations are declared on the model.
    due: Any = Assignment.objects.filter(study_class__in=list(classes), due_at__isnull=False)
    dated = due.annotate(until=due_for(scope.learner.pk), own_date=own_due_date(scope.learner.pk))
    assignments: dict[int, list[Any]] = defaultdict(list)
    for assignment in dated.order_by(F("until"), "pk"):
        assignment.study_class = classes[assignment.study_class_id]
        assignments[assignment.module_id].append(assignment)
    return assignments


def _steps(scope: Scope, keys: Sequence[int]) -> Mapping[int, list[bool]]:
    """Tells of each active section of the modules whether the learner has read it."""
    readings = Reading.objects.counting().filter(
        section=OuterRef("pk"), enrolment__in=[each.pk for each in scope.enrolments if each.module_id in keys]
    )
    sections = Section.objects.active().filter(module__in=keys).annotate(was_read=Exists(readings))
    steps: dict[int, list[bool]] = defaultdict(list)
    for row in sections.order_by("module", "place").values("module", "was_read"):
        steps[row["module"]].append(row["was_read"])
    return steps


def _attempts(enrolments: Sequence[int]) -> Mapping[int, list[Attempt]]:
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.submitted().filter(enrolment__in=enrolments):
        attempts[attempt.enrolment_id].append(attempt)
    return attempts


def _overrides(scope: Scope, keys: Sequence[int]) -> Mapping[int, Override]:
    """Maps the keys of the modules that the person may change to the rules that this learner has there."""
    changeable = [key for key in keys if scope.modules[key].is_changeable]
    overrides = Override.objects.filter(learner=scope.learner, quiz__module__in=changeable)
    return {override.quiz.module_id: override for override in overrides.select_related("quiz")}


def _progress(
    module: Module,
    enrolment: Enrolment | None,
    steps: Sequence[bool],
    attempts: Mapping[int, list[Attempt]],
    due_at: datetime | None,
    override: Override | None,
    assignments: Sequence[Any],
    now: datetime,
) -> ModuleProgress:
    quiz = getattr(module, "quiz", None)
    tried = attempts.get(enrolment.pk, []) if enrolment else []
    grade = final_grade(tried, quiz.counts) if quiz else None
    is_finished = enrolment is not None and enrolment.finished_at is not None
    is_late = due_at is not None and due_at <= now and not is_finished
    return ModuleProgress(module, enrolment, steps, grade, due_at, is_late, override, assignments)
