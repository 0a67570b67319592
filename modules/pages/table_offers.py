"""Says which tables of results a person may take as files, and which of them the worker makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from modules.insights.table_files import MOST_AT_ONCE, MOST_IN_ODS, source_of
from modules.models import TableFile

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

HOLDS: dict[str, StrPromise] = {
    "class": _("One row for each member: how far they are in each module, with grade and dates."),
    "learners": _("One row for each learner: what they have read, their attempts, the grade and the dates."),
    "questions": _("One row for each learner: the marks for each question in the attempt that counts."),
    "answers": _("One row for each answer of each attempt."),
    "figures": _("One row for each question of the quiz: how well it works, from first attempts."),
    "typed": _("One row for each typed answer of first attempts, gathered as grading compares them."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A table that a person may take. ``rows`` is about how many it has."""

    table: str
    title: str
    holds: StrPromise
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    @property
    def is_large(self) -> bool:
        """Tells whether the worker makes the file."""
        return self.cells > MOST_AT_ONCE

    @property
    def forms(self) -> Sequence[tuple[str, str]]:
        """Returns the forms with their labels. ODS is left out where it would be too large."""
        return [(form, label) for form, label in TableFile.Form.choices if self.fits(form)]

    @property
    def is_too_large_for_ods(self) -> bool:
        return not self.fits(TableFile.Form.ODS)

    def fits(self, form: str) -> bool:
        return form != TableFile.Form.ODS or self.cells <= MOST_IN_ODS


def offer_of(file: TableFile, *, now: datetime) -> Offer:
    source = source_of(file, now=now)
    rows, columns = source.count_rows(), len(source.header)
    return Offer(file.table, file.get_table_display(), HOLDS[file.table], rows, columns)


def offers_of(files: Iterable[TableFile], *, now: datetime) -> Sequence[Offer]:
    return [offer_of(file, now=now) for file in files]
