"""Says how the questions in the text of a module do: counts without names, of the words and keys that they have now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.models import CheckCount, Module, Section
from modules.quizzes.check_counts import fingerprint_of


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
