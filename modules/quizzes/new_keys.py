"""Marks stored answers with new keys: the same code for a trial, which a plan shows, and for the regrade.

It reads columns and not models, because a class has hundreds of thousands of responses. Equal answers are marked once.
:func:`modules.quizzes.grading.mark` says what a mark is, here as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from modules.models import JUDGING, WORDS_GONE, QuestionVersion, Response
from modules.quizzes import grading

NO_WORDS = json.dumps(WORDS_GONE)

# The new key of a question, by its primary key. With ``None``, each response is marked again by the key that it has.
Keys = Mapping[int, QuestionVersion | None]

OF_VERSION = ("question", "kind", "points", "choices", "answers", "question__full_marks_since")


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Says with which keys answers are graded again, and to which questions they are judged in today's way."""

    keys: Keys = field(default_factory=dict)
    judged_anew: Collection[int] = ()


class Row(NamedTuple):
    """The columns of a response, and of its attempt, that marking reads. ``answer`` is JSON."""

    pk: int
    attempt: int
    slot: int
    version: int
    graded_with: int | None
    answer: str
    mark: Fraction | None
    manual_mark: Fraction | None
    judging: int
    scoring: str
    total: Fraction | None
    most: Fraction | None
    pass_mark: int
    passed_at: datetime | None
    submitted_at: datetime | None


COLUMNS = (
    "pk", "attempt_id", "slot", "version_id", "graded_with_id", "as_json", "mark", "manual_mark", "judging",
    "attempt__scoring", "attempt__mark", "attempt__max_mark", "attempt__pass_mark", "attempt__passed_at",
    "attempt__submitted_at",
)  # fmt: skip


def rows_of(responses: QuerySet[Response]) -> list[Row]:
    """Returns responses with the columns that marking reads, by their attempts."""
    ordered = responses.annotate(as_json=Cast("answer", TextField())).order_by("attempt_id", "slot")
    return [Row(*row) for row in ordered.values_list(*COLUMNS)]


def versions_of(questions: Iterable[int]) -> dict[int, QuestionVersion]:
    """Returns all versions of questions by their primary keys, with what marking reads of them."""
    versions = QuestionVersion.objects.filter(question__in=list(questions)).select_related("question")
    return {version.pk: version for version in versions.only(*OF_VERSION).order_by()}


@dataclass(frozen=True, slots=True)
class _Answered:
    """Is marked like a :class:`Response`."""

    version: QuestionVersion
    key: QuestionVersion
    answer: list[str]
    manual_mark: Fraction | None
    judging: int


class Marked(NamedTuple):
    """The mark that a response earns, and by how many points its key is worth more. Full marks bring no new key."""

    mark: Fraction
    more: Fraction
    key: QuestionVersion
    has_new_key: bool
    judging: int


class Marks:
    """Marks responses with new keys. ``versions`` has all versions of their questions."""

    def __init__(self, versions: Mapping[int, QuestionVersion], new: NewKeys) -> None:
        self.versions, self.new = versions, new
        self._known: dict[tuple[Any, ...], Marked | None] = {}

    def of(self, row: Row) -> Marked | None:
        """Returns the new mark of a response, or ``None`` if no new key can grade it: it keeps its mark.

        It does so, too, if the words of its learner were erased.
        """
        if row.answer == NO_WORDS:
            return None
        same = (row.version, row.graded_with, row.answer, row.manual_mark, row.judging, row.scoring)
        if same not in self._known:
            self._known[same] = self._mark(row)
        return self._known[same]

    def _mark(self, row: Row) -> Marked | None:
        version, own_key = self.versions[row.version], self.versions[row.graded_with or row.version]
        if version.question_id not in self.new.keys:
            return None
        key = self.new.keys[version.question_id] or own_key
        if not grading.can_regrade(version, key):
            return None
        judging = JUDGING if version.question_id in self.new.judged_anew else row.judging
        answered = _Answered(version, own_key, json.loads(row.answer), row.manual_mark, judging)
        mark = grading.mark(answered, key, row.scoring)
        has_new_key = self.new.keys[version.question_id] is not None
        return Marked(mark, key.points - own_key.points, key, has_new_key, judging)
