"""Makes the tables of a module: its learners, their marks for each question, and every answer of every attempt.

Each of them may have only the members of a class. Those who have not begun the module stand there too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from modules.insights.exports import Cell, Row, Source, in_zone, number_cell, time_cell
from modules.insights.figures import progress_of
from modules.insights.named_people import NamedPerson, learners_of, named
from modules.models import Attempt, Enrolment, Module, Question, Quiz, Response, StudyClass
from modules.quizzes.final_grade import deciding_attempt, final_grade

LONGEST_NAME = 120  # characters of a question in the name of its column; longer ones are cut


def learners(module: Module, study_class: StudyClass | None = None) -> Source:
    """Returns one row for each learner of a module, by name."""
    header = [*_names_of_people(study_class), in_zone(_("begun")), in_zone(_("last seen")), _("sections read"),
              _("sections"), _("attempts"), _("grade"), in_zone(_("quiz passed")), in_zone(_("finished"))]  # fmt: skip
    total = module.sections.active().count()
    keys = learners_of(module, study_class).values_list("pk", flat=True)
    return Source(header, keys, partial(_learner_rows, module, study_class, total))


def _learner_rows(
    module: Module, study_class: StudyClass | None, total: int, keys: Sequence[int]
) -> Iterator[Row]:
    enrolments = list(Enrolment.objects.filter(module=module, learner__in=keys).select_related("learner"))
    begun = {row.enrolment.learner_id: row for row in progress_of(module, enrolments)}
    for person in named(keys, study_class):
        row = begun.get(person.pk)
        yield [
            *_person_cells(person, study_class),
            time_cell(row.enrolment.begun_at) if row else None,
            time_cell(row.last_seen) if row else None,
            row.read if row else 0,
            total,
            row.attempts if row else 0,
            number_cell(row.grade) if row else None,
            time_cell(row.enrolment.passed_at) if row else None,
            time_cell(row.enrolment.finished_at) if row else None,
        ]


def questions(module: Module, study_class: StudyClass | None = None) -> Source:
    """Returns one row for each learner: the marks for each question in the attempt that counts, and their sum.

    A question that the attempt did not ask has an empty cell. Questions that were removed from the quiz come last.
    """
    asked = _questions_of(module)
    header = [*_names_of_people(study_class), _("attempts"), _("attempt that counts"), in_zone(_("submitted")),
              _("points"), _("points at most"), _("grade"), *_names_of_questions(asked)]  # fmt: skip
    keys = learners_of(module, study_class).values_list("pk", flat=True)
    order = [question.pk for question in asked]
    return Source(header, keys, partial(_question_rows, module, study_class, order))


def _question_rows(
    module: Module, study_class: StudyClass | None, order: Sequence[int], keys: Sequence[int]
) -> Iterator[Row]:
    counts = _counts(module)
    attempts = _attempts_of(module, keys)
    deciding = {learner: deciding_attempt(rows, counts) for learner, rows in attempts.items() if counts}
    marks = _marks([attempt.pk for attempt in deciding.values() if attempt])
    for person in named(keys, study_class):
        taken, attempt = attempts.get(person.pk, []), deciding.get(person.pk)
        yield [
            *_person_cells(person, study_class),
            len(taken),
            attempt.number if attempt else None,
            time_cell(attempt.submitted_at) if attempt else None,
            number_cell(attempt.mark) if attempt else None,
            number_cell(attempt.max_mark) if attempt else None,
            number_cell(final_grade(taken, counts)) if attempt else None,
            *([number_cell(marks[attempt.pk].get(question)) for question in order] if attempt else []),
        ]


def _questions_of(module: Module) -> Sequence[Question]:
    quiz = _quiz_of(module)
    if quiz is None:
        return []
    answered = Response.objects.filter(
        version__question=OuterRef("pk"),
        attempt__submitted_at__isnull=False,
        attempt__deleted_at__isnull=True,
    )
    rows = Question.objects.filter(Q(archived_at__isnull=True) | Exists(answered), quiz=quiz)
    return sorted(rows.select_related("current"), key=lambda row: (row.archived_at is not None, row.place))


def _names_of_questions(asked: Sequence[Question]) -> Iterator[str]:
    for number, question in enumerate(asked, start=1):
        title = str(question)
        short = title if len(title) <= LONGEST_NAME else f"{title[: LONGEST_NAME - 1]}…"
        yield _("removed: %(title)s") % {"title": short} if question.archived_at else f"{number}. {short}"


def _marks(attempts: Sequence[int]) -> dict[int, dict[int, Fraction]]:
    """Returns the marks of attempts by the keys of their questions. An answer that is missing has no marks: zero."""
    marks: dict[int, dict[int, Fraction]] = defaultdict(dict)
    responses = Response.objects.filter(attempt__in=attempts).order_by()
    for attempt, question, mark in responses.values_list("attempt_id", "version__question_id", "mark"):
        marks[attempt][question] = mark or Fraction(0)
    return marks


def _attempts_of(module: Module, learners: Sequence[int]) -> Mapping[int, list[Attempt]]:
    """Returns the attempts that count, by the key of the learner. Learners without an attempt are left out."""
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    taken = Attempt.objects.filter(enrolment__module=module, enrolment__learner__in=learners)
    for attempt in taken.select_related("enrolment").order_by("number"):
        attempts[attempt.enrolment.learner_id].append(attempt)
    return attempts


def _names_of_people(study_class: StudyClass | None) -> Sequence[str]:
    return [_("name"), *([_("number")] if study_class else []), _("e-mail")]


def _person_cells(person: NamedPerson, study_class: StudyClass | None) -> Sequence[Cell]:
    return [person.name, *([person.number] if study_class else []), person.email]


def _counts(module: Module) -> str:
    quiz = _quiz_of(module)
    return quiz.counts if quiz else ""


def _quiz_of(module: Module) -> Quiz | None:
    quiz: Quiz | None = getattr(module, "quiz", None)
    return quiz
