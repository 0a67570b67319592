"""Writes CSV files for instructors: the progress of learners, and every response of every attempt."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Protocol, TypeAlias

from django.utils import timezone
from django.utils.translation import gettext as _

from modules.insights.figures import answer_text, learner_progress
from modules.models import Attempt, Enrolment, Module, Response

Cell: TypeAlias = str | int | float | None

# A spreadsheet takes a text that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
CONTROLS = ("\t", "\r", "\n")  # signs that a spreadsheet leaves out at the beginning of a cell
# Signs that end a cell in spreadsheets of other countries or settings. The comma is ours, and quotes protect it.
SEPARATOR = re.compile(r"([;|\t\r\n])")
ATTEMPTS_AT_ONCE = 500  # attempts in memory at a time; more need fewer queries and more memory


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def write_progress(module: Module, file: Writable) -> None:
    """Writes one line for each learner of a module."""
    header = [_("name"), _("e-mail"), _("begun"), _("last seen"), _("sections read"), _("sections"), _("attempts"),
              _("grade"), _("quiz passed"), _("finished")]  # fmt: skip
    rows = (
        [row.name, row.email, _time(row.enrolment.begun_at), _time(row.last_seen), row.read, row.total, row.attempts,
         _number(row.grade), _time(row.enrolment.passed_at), _time(row.enrolment.finished_at)]
        for row in learner_progress(module)
    )  # fmt: skip
    _write(file, header, rows)


def write_attempts(module: Module, file: Writable) -> None:
    """Writes one line for each response of each attempt."""
    header = [_("name"), _("e-mail"), _("attempt"), _("started"), _("submitted"), _("grade"), _("slot"), _("question"),
              _("version"), _("answer"), _("saved"), _("mark"), _("points at most")]  # fmt: skip
    _write(file, header, _attempt_rows(module))


def _attempt_rows(module: Module) -> Iterator[Sequence[Cell]]:
    learners = Enrolment.objects.counting().filter(module=module)
    attempts = Attempt.objects.filter(enrolment__in=learners).select_related("enrolment__learner")
    in_order = attempts.order_by("started_at", "pk").prefetch_related(
        "responses__version", "responses__graded_with"
    )
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


def _write(file: Writable, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_without_formula(cell) for cell in header])
    writer.writerows([_without_formula(cell) for cell in row] for row in rows)


def _without_formula(cell: Cell) -> Cell:
    """Puts an apostrophe before each part of a text that a spreadsheet would run as a formula.

    A spreadsheet that separates cells by semicolons ignores the quotes around all cells but the first one of a row.
    """
    if not isinstance(cell, str):
        return cell
    guarded = "".join(f"'{part}" if _is_formula(part) else part for part in SEPARATOR.split(cell))
    return f"'{guarded}" if guarded.startswith(CONTROLS) else guarded


def _is_formula(text: str) -> bool:
    """Checks how a text begins, in the plain form of its signs: full-width signs begin formulas, too."""
    sign = next((sign for sign in text if not _is_skipped(sign)), "")
    return unicodedata.normalize("NFKC", sign).startswith(FORMULA_STARTS)


def _is_skipped(sign: str) -> bool:
    """Checks whether a spreadsheet may leave out a sign at the beginning of a cell: blanks, invisible signs, quotes."""
    return sign in "\"'" or unicodedata.category(sign)[0] in "ZC"


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _number(value: Fraction | None) -> Cell:
    return "" if value is None else round(float(value), 4)
