"""Progress: what a learner has read, what comes next, when a module is finished.

Everything here is computed from facts (readings, attempts) and the sections that stand now."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.utils import timezone

from modules.document.syntax.review import shown_always
from modules.models import Attempt, Module, Quiz
from modules.quizzes.final_grade import final_grade
from modules.quizzes.learner_rules import History, rules_of_quizzes


def visible_grades(modules: Iterable[Module], learner: Any) -> dict[int, Fraction]:
    """The grade that counts for a learner in each of these modules, by the module's key, where it may be shown."""
    return {pk: grade for pk, grade in visible_outcomes(modules, learner).items() if grade is not None}


def visible_outcomes(modules: Iterable[Module], learner: Any) -> dict[int, Fraction | None]:
    """The same where an attempt is submitted: ``None`` where the grade may not be shown yet."""
    if not learner.is_authenticated:
        return {}
    attempts: dict[Quiz, list[Attempt]] = {}
    wanted = Attempt.objects.submitted().filter(enrolment__learner=learner, enrolment__module__in=modules)
    for attempt in wanted.select_related("quiz"):
        attempts.setdefault(attempt.quiz, []).append(attempt)
    # Their own dates decide only where a table shows marks at one moment and not at another.
    learner_rules = rules_of_quizzes(
        [quiz for quiz in attempts if "marks" not in shown_always(quiz.review)], learner
    )
    now = timezone.now()
    return {
        quiz.module_id: final_grade(several, quiz.counts)
        if quiz.pk not in learner_rules or History(quiz, learner_rules[quiz.pk], several).shows_marks(now)
        else None
        for quiz, several in attempts.items()
    }
