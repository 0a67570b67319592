"""Makes the table of a class: its members by the modules that they are assigned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from accounts.models import User
from modules.insights.class_progress import STATES, Enrolled, assignments_of, cell_of, enrolled_in
from modules.insights.exports import Cell, Row, Source, in_zone, number_cell, time_cell
from modules.insights.named_people import in_order, named
from modules.models import Assignment, StudyClass, own_due_dates


def grades(study_class: StudyClass, *, now: datetime) -> Source:
    """Returns one row for each member by name, with six columns for each module that the class is assigned."""
    assignments = list(assignments_of(study_class))
    header = [
        _("name"),
        _("number"),
        _("e-mail"),
        *(name for each in assignments for name in _names(each.module.title, each.section_total or 0)),
    ]
    members = in_order(User.objects.filter(groups=study_class.group_id))
    return Source(header, members.values_list("pk", flat=True), partial(_rows, study_class, assignments, now))


def _names(title: str, sections: int) -> Sequence[str]:
    read = _("sections read, of %(total)d") % {"total": sections}
    columns = (_("state"), read, _("grade"), in_zone(_("quiz passed")), in_zone(_("finished")), _("late"))
    return [f"{title}: {column}" for column in columns]


def _rows(
    study_class: StudyClass, assignments: Sequence[Assignment], now: datetime, keys: Sequence[int]
) -> Iterator[Row]:
    enrolled = enrolled_in(keys, assignments)
    own_dates = own_due_dates(assignments, keys)
    for person in named(keys, study_class):
        cells: list[Cell] = [person.name, person.number, person.email]
        for assignment in assignments:
            own_date = own_dates.get((person.pk, assignment.pk))
            cells += _cells(enrolled.get((person.pk, assignment.module_id)), assignment, own_date, now)
        yield cells


def _cells(
    enrolled: Enrolled | None, assignment: Assignment, own_date: datetime | None, now: datetime
) -> Sequence[Cell]:
    cell = cell_of(enrolled, assignment, own_date, now)
    return [
        str(STATES[cell.state]),
        cell.read,
        number_cell(cell.grade),
        time_cell(enrolled.passed_at) if enrolled else None,
        time_cell(enrolled.finished_at) if enrolled else None,
        (_("yes") if cell.is_late else _("no")) if assignment.due_at else None,
    ]
