"""Analyses all questions of a quiz from the first submitted attempt of each learner."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from modules.insights.item_analysis import MOST_TEXTS, Answer, Choice, ItemAnalysis, Tally
from modules.insights.item_rules import FEWEST_ATTEMPTS, Finding, Verdict, verdicts
from modules.models import (
    Attempt,
    AttemptQuerySet,
    Enrolment,
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
    attempts = first_attempts(quiz.module, study_class).filter(quiz=quiz)
    tallies = Tallies(list(enumerate(quiz.questions.active().select_related("current"), start=1)))
    for row in rows_of(attempts):
        tallies.add(row)
    items = QuizItems(list(tallies.items(sections_of(quiz.module))), attempts.count())
    return QuizItems(sorted(items.items, key=_urgency), items.attempts) if items.is_judged else items


def first_attempts(module: Module, study_class: StudyClass | None) -> AttemptQuerySet:
    """Returns the first submitted attempt of each learner who counts, of a class or of all."""
    learners = Enrolment.objects.counting().filter(module=module)
    if study_class is not None:
        learners = learners.filter(learner__groups=study_class.group_id)
    earlier = Attempt.objects.submitted().filter(
        enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"), number__lt=OuterRef("number")
    )
    return Attempt.objects.submitted().filter(~Exists(earlier), enrolment__in=learners)


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
        versions = QuestionVersion.objects.filter(question__in=questions)
        self._versions = versions.only("question_id", "kind", "points", "choices", "answers").in_bulk()
        self._current = {question.pk: _judging(question.current) for question in questions}
        self._as_today = {
            key: _judging(version) == self._current[version.question_id]
            for key, version in self._versions.items()
        }
        self._tallies = {question.pk: _tally(question.current) for question in questions}
        self._spellings = {question.pk: _Spellings(question.current) for question in questions}
        self._earlier = dict.fromkeys(self._tallies, 0)

    def add(self, row: ItemRow) -> None:
        asked, key = self._versions.get(row.version), self._versions.get(row.graded_with or row.version)
        if asked is None or key is None:  # loaded in this moment
            return
        if self._as_today[key.pk] and asked.kind == key.kind:
            chosen = self._spellings[key.question_id].shown(row.answer)
            self._tallies[key.question_id].add(_answer(row, key.points, chosen))
        else:
            self._earlier[key.question_id] += 1

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
    mark, total, most = row.mark or Fraction(0), row.attempt_mark, row.attempt_max_mark
    others = float(most - points)
    rest = float(total - mark) / others if others > 0 else None
    return Answer(
        _share(float(mark / points) if points else 0.0), None if rest is None else _share(rest), chosen
    )


def _share(value: float) -> float:
    """Keeps a share between 0 and 1. A mark by hand may lie outside."""
    return max(0.0, min(1.0, value))
