"""Returns the grades that a learner may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from django.utils import timezone

from accounts.models import Visitor
from modules.document.syntax.review import shown_always
from modules.models import Attempt, Module, Quiz
from modules.quizzes.final_grade import final_grade
from modules.quizzes.learner_rules import History, rules_of_quizzes


def visible_grades(modules: Iterable[Module], learner: Visitor) -> dict[int, Fraction]:
    """Maps the key of each module to the learner's grade that counts, where the learner may see it."""
    return {pk: grade for pk, grade in visible_outcomes(modules, learner).items() if grade is not None}


def visible_outcomes(modules: Iterable[Module], learner: Visitor) -> dict[int, Fraction | None]:
    """Maps the key of each module with a submitted attempt to its grade, or to ``None`` while that is hidden."""
    if not learner.is_authenticated:
        return {}
    submitted = Attempt.objects.submitted().filter(enrolment__learner=learner, enrolment__module__in=modules)
    attempts: dict[Quiz, list[Attempt]] = defaultdict(list)
    for attempt in submitted.select_related("quiz"):
        attempts[attempt.quiz].append(attempt)
    # The learner's own dates matter only if the quiz shows marks at one moment and hides them at another.
    depending = [quiz for quiz in attempts if "marks" not in shown_always(quiz.review)]
    learner_rules = rules_of_quizzes(depending, learner)
    now = timezone.now()
    return {
        quiz.module_id: final_grade(attempts_of_quiz, quiz.counts)
        if quiz.pk not in learner_rules
        or History(quiz, learner_rules[quiz.pk], attempts_of_quiz).shows_marks(now)
        else None
        for quiz, attempts_of_quiz in attempts.items()
    }


def hides_grade(module: Module, learner: Visitor) -> bool:
    """Tells whether the rules of a quiz keep the grade in it from its learner now."""
    outcomes = visible_outcomes([module], learner)
    return module.pk in outcomes and outcomes[module.pk] is None
