"""Says how the questions in the text of a module do: counts of the words and keys that they have now.

Where the module records answers, learners and sections have them with names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.insights.learner_scope import Scope
from modules.models import CheckAnswer, CheckCount, Module, Section
from modules.quizzes.check_counts import fingerprint_of

MOST_ANSWERS = 50  # on the page of a learner; the pages of sections have all


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """Holds a question in a text, how many learners tried it, and how many of them were right at the first try."""

    section: Section
    check: Mapping[str, Any]
    tried: int
    right: int

    @property
    def is_judged(self) -> bool:
        """Tells whether a share says more than chance."""
        return self.tried >= FEWEST_ATTEMPTS

    @property
    def share(self) -> float:
        return self.right / self.tried if self.tried else 0.0


def checks_of(module: Module) -> list[CheckFigures]:
    """Returns the questions in the text of a module, in their order. It takes two queries."""
    sections = [section for section in module.sections.active().defer("source", "html") if section.checks]
    rows = CheckCount.objects.filter(section__in=sections) if sections else []
    counts = {(row.section_id, row.fingerprint): row for row in rows}
    figures = []
    for section in sections:
        for check in section.checks:
            row = counts.get((section.pk, fingerprint_of(check)))
            figures.append(CheckFigures(section, check, row.tried if row else 0, row.right if row else 0))
    return figures


def sections_with_answers(module: Module) -> QuerySet[Section]:
    """Returns the sections with recorded answers, each with its ``answers``. Archived ones come last. One query."""
    counted = module.sections.filter(check_answers__isnull=False).defer("source", "html", "checks")
    return counted.annotate(answers=Count("check_answers")).order_by(
        F("archived_at").asc(nulls_first=True), "place", "pk"
    )


def answers_in(section: Section) -> QuerySet[CheckAnswer]:
    """Returns the recorded answers of a section with their learners, the latest first."""
    answers = section.check_answers.filter(enrolment__in=section.module.enrolments.counting())
    return answers.select_related("enrolment__learner")


def answers_of(scope: Scope) -> QuerySet[CheckAnswer]:
    """Returns the latest recorded answers of a learner. It takes one query."""
    answers = CheckAnswer.objects.filter(enrolment__in=scope.keys).select_related("enrolment__module")
    return answers.defer("enrolment__module__introduction", "enrolment__module__preamble")[:MOST_ANSWERS]
