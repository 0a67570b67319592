"""Lists what instructors take into a spreadsheet: the progress of learners, and every response of every attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.insights.figures import answer_text, learner_progress
from modules.models import Attempt, Enrolment, Module, Question, Response
from modules.quizzes.values_in_words import zone_name

Cell: TypeAlias = str | int | float | datetime | None

ATTEMPTS_AT_ONCE = 500  # attempts in memory at a time; more need fewer queries and more memory


@dataclass(frozen=True, slots=True)
class Table:
    """Holds the names of the columns, and the rows. Times have no zone, since the names of their columns have it."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def progress(module: Module) -> Table:
    """Returns one row for each learner of a module."""
    header = [_("name"), _("e-mail"), _in_zone(_("begun")), _in_zone(_("last seen")), _("sections read"),
              _("sections"), _("attempts"), _("grade"), _in_zone(_("quiz passed")), _in_zone(_("finished"))]  # fmt: skip
    rows = (
        [row.name, row.email, _time(row.enrolment.begun_at), _time(row.last_seen), row.read, row.total, row.attempts,
         _number(row.grade), _time(row.enrolment.passed_at), _time(row.enrolment.finished_at)]
        for row in learner_progress(module)
    )  # fmt: skip
    return Table(header, rows)


def attempts(module: Module, question: Question | None = None) -> Table:
    """Returns one row for each response of each attempt, or only for those to one question of the module."""
    header = [_("name"), _("e-mail"), _("attempt"), _in_zone(_("started")), _in_zone(_("submitted")), _("grade"),
              _("slot"), _("question"), _("version"), _("answer"), _in_zone(_("saved")), _("mark"),
              _("points at most")]  # fmt: skip
    return Table(header, _attempt_rows(module, question))


def _attempt_rows(module: Module, question: Question | None) -> Iterator[Sequence[Cell]]:
    learners = Enrolment.objects.counting().filter(module=module)
    all_attempts = Attempt.objects.filter(enrolment__in=learners).select_related("enrolment__learner")
    responses = Response.objects.select_related("version", "graded_with")
    if question:
        responses = responses.filter(version__question=question)
    in_order = all_attempts.order_by("started_at", "pk").prefetch_related(Prefetch("responses", responses))
    for attempt in in_order.iterator(chunk_size=ATTEMPTS_AT_ONCE):
        learner = attempt.enrolment.learner
        attempt_cells = [
            learner.name,
            learner.email,
            attempt.number,
            _time(attempt.started_at),
            _time(attempt.submitted_at),
            _number(attempt.grade),
        ]
        for response in sorted(attempt.responses.all(), key=lambda response: response.slot):
            yield [*attempt_cells, *_response_cells(response)]


def _response_cells(response: Response) -> Sequence[Cell]:
    return [
        response.slot,
        response.version.title,
        response.version.number,
        answer_text(response),
        _time(response.saved_at),
        _number(response.mark),
        _number(response.key.points),
    ]


def _in_zone(name: str) -> str:
    """Returns the name of a column of times with their zone. A cell with a zone would be no time for a spreadsheet."""
    return f"{name} ({zone_name(timezone.now())})"


def _time(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None


def _number(value: Fraction | None) -> Cell:
    return None if value is None else round(float(value), 4)
