"""Analyses one question of a quiz: its figures, each of its versions, and what was typed.

Only the first submitted attempt of each learner counts, as in the table of all questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from modules.insights.cohorts import Cohort
from modules.insights.item_analysis import wilson
from modules.insights.item_rules import FEWEST_ATTEMPTS
from modules.insights.quiz_items import ItemRow, QuizItem, Tallies, rows_of, sections_of
from modules.models import WORDS_GONE, Question, QuestionVersion
from modules.quizzes.answer_groups import AnswerGroup, groups_of
from modules.quizzes.grading import kinds_like

MOST_SPELLINGS = 5000  # different texts that are kept in memory; answers beyond them are counted together
MOST_GROUPS = 30  # that the page lists; more make it longer


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """Holds what became of one version of a question. ``interval`` is missing where the answers are too few."""

    number: int
    since: datetime
    is_current: bool
    attempts: int
    full: int
    unanswered: int

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.full, self.attempts) if self.attempts >= FEWEST_ATTEMPTS else None

    @property
    def full_share(self) -> float:
        return self.full / self.attempts if self.attempts else 0.0


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """Holds a question with its figures. ``groups`` are of typed answers, and ``others`` counts those left out."""

    item: QuizItem
    versions: list[VersionFigures]
    groups: list[AnswerGroup]
    others: int

    @property
    def wrong(self) -> tuple[str, int] | None:
        """Returns the most frequent wrong answer with its number: a choice, or typed answers that compare equal."""
        typed = next(((group.text, group.times) for group in self.groups if not group.is_right), None)
        return typed or self.item.analysis.wrong

    @property
    def typed(self) -> int:
        return sum(group.times for group in self.groups) + self.others


def opened_item(question: Question, cohort: Cohort) -> OpenedItem:
    """Returns the figures of an active question, from the learners of a cohort, in six queries."""
    quiz = question.quiz
    place = quiz.questions.active().filter(place__lte=question.place).count()
    tallies, counts = Tallies([(place, question)]), _Counts(question)
    for row in rows_of(cohort.first_attempts(quiz), question):
        tallies.add(row)
        counts.add(row)
    (item,) = tallies.items(sections_of(quiz.module))
    groups = counts.groups()
    return OpenedItem(
        item=item,
        versions=list(counts.versions()),
        groups=groups[:MOST_GROUPS],
        others=counts.beyond + sum(group.times for group in groups[MOST_GROUPS:]),
    )


def groups_typed(question: Question, cohort: Cohort) -> list[AnswerGroup]:
    """Returns all groups of typed answers to a question, in two queries."""
    counts = _Counts(question)
    for row in rows_of(cohort.first_attempts(question.quiz), question):
        counts.add(row)
    return counts.groups()


class _Counts:
    """Counts the answers to a question by the version that asked it, and by the text that was typed."""

    def __init__(self, question: Question) -> None:
        versions = question.versions.select_related("revision").order_by("number")
        self._versions = {version.pk: version for version in versions}
        self._key = question.current
        self._typed_kinds = kinds_like(self._key) if self._key and not self._key.has_choices else []
        self._asked: Counter[int] = Counter()
        self._full: Counter[int] = Counter()
        self._unanswered: Counter[int] = Counter()
        self._texts: Counter[str] = Counter()
        self.beyond = 0

    def add(self, row: ItemRow) -> None:
        version, key = self._versions.get(row.version), self._versions.get(row.graded_with or row.version)
        if version is None or key is None:  # loaded in this moment
            return
        self._asked[version.pk] += 1
        self._full[version.pk] += row.mark is not None and row.mark >= key.points
        self._unanswered[version.pk] += not row.answer
        if row.answer and row.answer != WORDS_GONE and version.kind in self._typed_kinds:
            self._count_text(row.answer[0])

    def _count_text(self, text: str) -> None:
        if text in self._texts or len(self._texts) < MOST_SPELLINGS:
            self._texts[text] += 1
        else:
            self.beyond += 1

    def versions(self) -> Iterator[VersionFigures]:
        """Yields the versions that somebody was asked, and the current one, the newest first."""
        for version in reversed(self._versions.values()):
            is_current = version == self._key
            if is_current or self._asked[version.pk]:
                yield self._figures_of(version, is_current=is_current)

    def _figures_of(self, version: QuestionVersion, *, is_current: bool) -> VersionFigures:
        return VersionFigures(
            number=version.number,
            since=version.revision.loaded_at,
            is_current=is_current,
            attempts=self._asked[version.pk],
            full=self._full[version.pk],
            unanswered=self._unanswered[version.pk],
        )

    def groups(self) -> list[AnswerGroup]:
        return groups_of(self._texts, self._key) if self._key and self._texts else []
