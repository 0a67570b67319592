"""Analyses all questions of a quiz from the first submitted attempt of each learner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from modules.insights.cohorts import Cohort
from modules.insights.item_analysis import Answer, Choice, ItemAnalysis, Tally
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


class _Row(NamedTuple):
    """Holds what the analysis reads of a response and of its attempt."""

    version: int
    graded_with: int | None
    answer: list[str]
    mark: Fraction | None
    attempt_mark: Fraction
    attempt_max_mark: Fraction


def items_of(quiz: Quiz, study_class: StudyClass | None = None) -> QuizItems:
    """Returns the active questions of a quiz, those to look at first on top, in five queries however many attempts."""
    tallies = Tallies(quiz)
    tallies.count(Cohort(quiz.module, study_class).first_attempts(quiz))
    return tallies.items()


def _rows(attempts: AttemptQuerySet) -> Iterator[_Row]:
    """Yields the responses of attempts a few at a time, because a quiz may have hundreds of thousands."""
    columns = ("version", "graded_with", "answer", "mark", "attempt__mark", "attempt__max_mark")
    responses = Response.objects.filter(attempt__in=attempts, version__question__archived_at__isnull=True)
    for values in responses.order_by().values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE):
        yield _Row(*values)


def _sections(module: Module) -> dict[str, Section]:
    return {section.identity: section for section in module.sections.active().defer("source", "html")}


def _urgency(item: QuizItem) -> tuple[int, float, int]:
    """Sorts by the most important verdict, then the weakest first. Questions that nobody answered come last."""
    order = list(Finding)
    rank = min((order.index(verdict.finding) for verdict in item.verdicts), default=len(order))
    facility = item.analysis.facility
    return rank, 2.0 if facility is None else facility, item.number


class Tallies:
    """Counts responses by question. Answers that another key judged are only counted as left out."""

    def __init__(self, quiz: Quiz) -> None:
        self._module, self._attempts = quiz.module, 0
        self._questions = list(quiz.questions.active().select_related("current"))
        self._current = {question.pk: _judging(question.current) for question in self._questions}
        self._tallies = {question.pk: _tally(question.current) for question in self._questions}
        self._earlier = dict.fromkeys(self._tallies, 0)

    def count(self, attempts: AttemptQuerySet, watch: Callable[[int], None] | None = None) -> None:
        """Counts the responses of attempts. ``watch`` is called with their number, some at a time."""
        versions = QuestionVersion.objects.filter(question__in=self._questions)
        self._versions = versions.only("question_id", "kind", "points", "choices", "answers").in_bulk()
        self._as_today = {
            key: _judging(version) == self._current[version.question_id]
            for key, version in self._versions.items()
        }
        self._attempts = attempts.count()
        for number, row in enumerate(_rows(attempts), start=1):
            self._add(row)
            if watch and number % ROWS_AT_ONCE == 0:
                watch(number)

    def _add(self, row: _Row) -> None:
        asked, key = self._versions.get(row.version), self._versions.get(row.graded_with or row.version)
        if asked is None or key is None:  # loaded in this moment
            return
        if self._as_today[key.pk] and asked.kind == key.kind:
            self._tallies[key.question_id].add(_answer(row, key.points))
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
        for question in self._questions:
            counted = stored["questions"].get(str(question.pk))
            if counted is None:
                continue
            if counted["judging"] == _name(self._current[question.pk]):
                empty = self._tallies[question.pk]
                tally = Tally.from_json(counted, empty.choices, is_single=empty.is_single)
                self._tallies[question.pk], self._earlier[question.pk] = tally, counted["earlier"]
            else:
                self._earlier[question.pk] = counted["earlier"] + counted["attempts"]

    def items(self) -> QuizItems:
        sections = _sections(self._module)
        items = QuizItems(list(self._items(sections)), self._attempts)
        return QuizItems(sorted(items.items, key=_urgency), items.attempts) if items.is_judged else items

    def _items(self, sections: dict[str, Section]) -> Iterator[QuizItem]:
        for number, question in enumerate(self._questions, start=1):
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
    """Returns a short name of what judges an answer, which is another one as soon as anything of it changes."""
    return sha256(repr(judging).encode()).hexdigest()[:16]


def _tally(version: QuestionVersion | None) -> Tally:
    if version is None:
        return Tally()
    choices = [Choice(choice["key"], choice["text"], choice["right"]) for choice in version.choices]
    return Tally(choices, version.kind == QuestionVersion.Kind.SINGLE)


def _answer(row: _Row, points: Fraction) -> Answer:
    score, rest = _shares(row.mark or Fraction(0), row.attempt_mark, row.attempt_max_mark, points)
    return Answer(score, rest, row.answer)


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
