"""What instructors look at: who is where, what was answered to a question, every attempt. Read only."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from modules.insights.figures import TRICKS, answer_text, learner_progress
from modules.models import Attempt, Enrolment, Module


class Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


def write_progress(module: Module, file: Writable) -> None:
    """Who is where, as CSV."""
    header = [_("name"), _("e-mail"), _("begun"), _("last seen"), _("sections read"), _("sections"), _("attempts"),
              _("grade"), _("quiz passed"), _("finished")]  # fmt: skip
    rows = (
        [row.name, row.email, _time(row.enrolment.begun_at), _time(row.last_seen), row.read, row.total, row.attempts,
         _number(row.grade), _time(row.enrolment.passed_at), _time(row.enrolment.finished_at)]
        for row in learner_progress(module)
    )  # fmt: skip
    _write(file, header, rows)


def write_attempts(module: Module, file: Writable) -> None:
    """Every response of every attempt, one a line, as CSV."""
    header = [_("name"), _("e-mail"), _("attempt"), _("started"), _("submitted"), _("grade"), _("slot"), _("question"),
              _("version"), _("answer"), _("saved"), _("mark"), _("points at most")]  # fmt: skip
    _write(file, header, _attempt_rows(module))


def _attempt_rows(module: Module) -> Iterator[list[Any]]:
    learners = Enrolment.objects.counting().filter(module=module)
    attempts = Attempt.objects.filter(enrolment__in=learners).select_related("enrolment__learner")
    in_order = attempts.order_by("started_at", "pk").prefetch_related(
        "responses__version", "responses__graded_with"
    )
    for attempt in in_order.iterator(chunk_size=500):
        learner = attempt.enrolment.learner
        who = [
            learner.name,
            learner.email,
            attempt.number,
            _time(attempt.started_at),
            _time(attempt.submitted_at),
        ]
        for response in sorted(attempt.responses.all(), key=lambda one: one.slot):
            yield [
                *who,
                _number(attempt.grade),
                response.slot,
                response.version.title,
                response.version.number,
                answer_text(response),
                _time(response.saved_at),
                _number(response.mark),
                _number(response.key.points),
            ]


def _write(file: Writable, header: list[str], rows: Iterable[list[Any]]) -> None:
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a text that could be one gets an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(TRICKS):
        return f"'{cell}"
    return cell


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _number(value: Fraction | None) -> Any:
    return "" if value is None else round(float(value), 4)
