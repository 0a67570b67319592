"""Analyses all questions of a quiz from the first submitted attempt of each learner."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from modules.insights.cohorts import Cohort
from modules.insights.item_analysis import MOST_TEXTS, Answer, Choice, ItemAnalysis, Tally
from modules.insights.item_rules import FEWEST_ATTEMPTS, Finding, Verdict, verdicts
from modules.models import (
    AttemptQuerySet,
    Module,
    Question,
    QuestionVersion,
    Quiz,
    Response,
    Section,
    StudyClass,
)
from modules.quizzes.answer_groups import form_of

ROWS_AT_ONCE = 2000  # responses that are held in memory; more make fewer round trips


@dataclass(frozen=True, slots=True)
class QuizItem:
    """Holds one question with its figures. ``sections`` are those to which its explanation links.

    ``earlier`` counts the answers that are left out, because they were judged with another key.
    """

    number: int
    question: Question
    analysis: ItemAnalysis
    verdicts: list[Verdict]
    sections: list[Section]
    earlier: int

    @property
    def is_judged(self) -> bool:
        return self.analysis.attempts >= FEWEST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class QuizItems:
    """Holds the questions of a quiz in the order of the page, and the number of first attempts."""

    items: list[QuizItem]
    attempts: int

    @property
    def is_judged(self) -> bool:
        """Tells whether any question has enough attempts to be judged."""
        return any(item.is_judged for item in self.items)

    @property
    def noticed(self) -> int:
        return sum(bool(item.verdicts) for item in self.items)


class ItemRow(NamedTuple):
    """Holds what the analysis reads of a response and of its attempt."""

    version: int
    graded_with: int | None
    answer: list[str]
    mark: Fraction | None
    attempt_mark: Fraction
    attempt_max_mark: Fraction


def items_of(quiz: Quiz, study_class: StudyClass | None = None) -> QuizItems:
    """Returns the active questions of a quiz, those to look at first on top, in five queries however many attempts."""
    tallies = tallies_of(quiz)
    tallies.count(Cohort(quiz.module, study_class).first_attempts(quiz))
    return tallies.in_order(quiz.module)


def tallies_of(quiz: Quiz) -> Tallies:
    """Returns empty counts for the active questions of a quiz. One query."""
    return Tallies(list(enumerate(quiz.questions.active().select_related("current"), start=1)))


def rows_of(attempts: AttemptQuerySet, question: Question | None = None) -> Iterator[ItemRow]:
    """Yields the responses of attempts a few at a time, because a quiz may have hundreds of thousands.

    With ``question``, it yields only those to one question.
    """
    columns = ("version", "graded_with", "answer", "mark", "attempt__mark", "attempt__max_mark")
    responses = Response.objects.filter(attempt__in=attempts, version__question__archived_at__isnull=True)
    if question is not None:
        responses = responses.filter(version__question=question)
    for values in responses.order_by().values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE):
        yield ItemRow(*values)


def sections_of(module: Module) -> dict[str, Section]:
    return {section.identity: section for section in module.sections.active().defer("source", "html")}


def _urgency(item: QuizItem) -> tuple[int, float, int]:
    """Sorts by the most important verdict, then the weakest first. Questions that nobody answered come last."""
    order = list(Finding)
    rank = min((order.index(verdict.finding) for verdict in item.verdicts), default=len(order))
    facility = item.analysis.facility
    return rank, 2.0 if facility is None else facility, item.number


class Tallies:
    """Counts responses by question. Answers that another key judged are only counted as left out."""

    def __init__(self, numbered: Sequence[tuple[int, Question]]) -> None:
        self._numbered, questions = numbered, [question for _number, question in numbered]
        self._current = {question.pk: _judging(question.current) for question in questions}
        self._tallies = {question.pk: _tally(question.current) for question in questions}
        self._spellings = {question.pk: _Spellings(question.current) for question in questions}
        self._earlier = dict.fromkeys(self._tallies, 0)
        self._attempts = 0

    @cached_property
    def _versions(self) -> dict[int, QuestionVersion]:
        versions = QuestionVersion.objects.filter(question__in=list(self._tallies))
        return versions.only("question_id", "kind", "points", "choices", "answers").in_bulk()

    @cached_property
    def _as_today(self) -> dict[int, bool]:
        return {
            key: _judging(version) == self._current[version.question_id]
            for key, version in self._versions.items()
        }

    def count(self, attempts: AttemptQuerySet, watch: Callable[[int], None] | None = None) -> None:
        """Counts the responses of attempts. ``watch`` is called with their number, some at a time."""
        self._attempts = attempts.count()
        for number, row in enumerate(rows_of(attempts), start=1):
            self.add(row)
            if watch and number % ROWS_AT_ONCE == 0:
                watch(number)

    def add(self, row: ItemRow) -> None:
        asked, key = self._versions.get(row.version), self._versions.get(row.graded_with or row.version)
        if asked is None or key is None:  # loaded in this moment
            return
        if self._as_today[key.pk] and asked.kind == key.kind:
            chosen = self._spellings[key.question_id].shown(row.answer)
            self._tallies[key.question_id].add(_answer(row, key.points, chosen))
        else:
            self._earlier[key.question_id] += 1

    def as_json(self) -> dict[str, Any]:
        """Returns the counts as values that JSON has, for :meth:`restore`."""
        questions = {
            str(key): {"judging": _name(self._current[key]), "earlier": self._earlier[key]} | tally.as_json()
            for key, tally in self._tallies.items()
        }
        return {"attempts": self._attempts, "questions": questions}

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Takes the counts that :meth:`as_json` wrote. Those of a key that has changed since are only left out."""
        self._attempts = stored["attempts"]
        for _number, question in self._numbered:
            counted = stored["questions"].get(str(question.pk))
            if counted is None:
                continue
            if counted["judging"] == _name(self._current[question.pk]):
                empty = self._tallies[question.pk]
                tally = Tally.from_json(counted, empty.choices, is_single=empty.is_single)
                self._tallies[question.pk], self._earlier[question.pk] = tally, counted["earlier"]
            else:
                self._earlier[question.pk] = counted["earlier"] + counted["attempts"]

    def in_order(self, module: Module) -> QuizItems:
        """Returns the questions of a quiz of the module, those to look at first on top. One query."""
        items = QuizItems(list(self.items(sections_of(module))), self._attempts)
        return QuizItems(sorted(items.items, key=_urgency), items.attempts) if items.is_judged else items

    def items(self, sections: dict[str, Section]) -> Iterator[QuizItem]:
        for number, question in self._numbered:
            analysis = self._tallies[question.pk].analysis()
            explains = question.current.explains if question.current else []
            yield QuizItem(
                number=number,
                question=question,
                analysis=analysis,
                verdicts=[] if question.full_marks_since else verdicts(analysis),
                sections=[sections[identity] for identity in explains if identity in sections],
                earlier=self._earlier[question.pk],
            )


def _judging(version: QuestionVersion | None) -> tuple[object, ...]:
    """Returns what decides how a version judges an answer. Versions that differ only in words count together."""
    if version is None:
        return ()
    return (
        version.kind,
        sorted((choice["key"], choice["right"]) for choice in version.choices),
        version.answers,
    )


def _name(judging: tuple[object, ...]) -> str:
    """Returns a short name of what judges an answer, which is another one as soon as anything of it changes.

    Names are in order, because databases and backups keep them in orders of their own.
    """
    return sha256(json.dumps(judging, sort_keys=True).encode()).hexdigest()[:16]


def _tally(version: QuestionVersion | None) -> Tally:
    if version is None:
        return Tally()
    choices = [Choice(choice["key"], choice["text"], choice["right"]) for choice in version.choices]
    return Tally(choices, version.kind == QuestionVersion.Kind.SINGLE)


class _Spellings:
    """Remembers one spelling of typed answers that grading compares as equal, so that they are counted together."""

    def __init__(self, key: QuestionVersion | None) -> None:
        self._key = None if key is None or key.has_choices else key
        self._first: dict[Hashable, str] = {}
        self._shown: dict[str, list[str]] = {}

    def shown(self, answer: list[str]) -> list[str]:
        if self._key is None or not answer:
            return answer
        text = answer[0]
        if text not in self._shown:
            if len(self._shown) >= MOST_TEXTS:
                return answer
            self._shown[text] = [self._first.setdefault(form_of(text, self._key), text)]
        return self._shown[text]


def _answer(row: ItemRow, points: Fraction, chosen: list[str]) -> Answer:
    score, rest = _shares(row.mark or Fraction(0), row.attempt_mark, row.attempt_max_mark, points)
    return Answer(score, rest, chosen)


# The same marks come again and again, and dividing fractions takes longer than reading a row.
@lru_cache(maxsize=10_000)
def _shares(mark: Fraction, total: Fraction, most: Fraction, points: Fraction) -> tuple[float, float | None]:
    """Returns the score of an answer, and the share of all other points that its attempt earned."""
    others = float(most - points)
    rest = float(total - mark) / others if others > 0 else None
    return _share(float(mark / points) if points else 0.0), None if rest is None else _share(rest)


def _share(value: float) -> float:
    """Keeps a share between 0 and 1. A mark by hand may lie outside."""
    return max(0.0, min(1.0, value))
