"""Finds the facts that the store does not have yet, in the order of their times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from modules.models import Attempt, Enrolment, StatementCursor
from modules.statements.wording import Statement, Wording

Kind = StatementCursor.Kind
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
# A fact is told when it is this old. A transaction that lasts longer could commit a fact behind the cursor, which would
# then be lost.
SETTLED = timedelta(minutes=5)
AT_ONCE = 20  # facts in one request; a submitted attempt is a statement for each answer and two more

FIELDS = {
    Kind.BEGUN: "begun_at",
    Kind.STARTED: "started_at",
    Kind.SUBMITTED: "outcome_recorded_at",
    Kind.FINISHED: "finished_at",
}


@dataclass(frozen=True, slots=True)
class Fact:
    at: datetime
    key: int
    statements: list[Statement]


def cursor_of(kind: Kind) -> StatementCursor:
    return StatementCursor.objects.get_or_create(kind=kind, defaults={"at": FIRST})[0]


def next_facts(cursor: StatementCursor, wording: Wording, *, now: datetime) -> list[Fact]:
    """Returns the facts after a cursor, a few at a time, each with its statements."""
    kind = Kind(cursor.kind)
    field = FIELDS[kind]
    after = Q(**{f"{field}__gt": cursor.at}) | Q(**{field: cursor.at, "pk__gt": cursor.key})
    rows = list(_rows(kind).filter(after, **{f"{field}__lte": now - SETTLED}).order_by(field, "pk")[:AT_ONCE])
    return [Fact(getattr(row, field), row.pk, _statements(kind, row, wording)) for row in rows]


def _rows(kind: Kind) -> QuerySet[Any]:
    """Returns the rows of a kind. The staff, people who were erased and deleted attempts are in no statement."""
    learners = Enrolment.objects.counting().exclude(learner__email__endswith=User.ERASED)
    if kind in (Kind.BEGUN, Kind.FINISHED):
        return learners.select_related("module")
    attempts = Attempt.objects.filter(enrolment__in=learners).select_related("enrolment__module", "quiz")
    if kind == Kind.SUBMITTED:
        return attempts.submitted().prefetch_related("responses__version__question", "responses__graded_with")
    return attempts


def _statements(kind: Kind, row: Any, wording: Wording) -> list[Statement]:
    match kind:
        case Kind.BEGUN:
            return [wording.begun(row)]
        case Kind.STARTED:
            return [wording.started(row)]
        case Kind.SUBMITTED:
            return wording.submitted(row)
        case Kind.FINISHED:
            return [wording.finished(row)]
