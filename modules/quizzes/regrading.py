"""Grades some attempts again with new keys, and tells whose grade has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from django.db.models.functions import Coalesce

from modules.models import BATCH, Attempt, Correction, Regrade, RegradeJob, Response, SlotChange
from modules.notices.grades import GradeChange, tell_of_grades
from modules.quizzes import grading
from modules.quizzes.new_keys import Marked, Marks, Row, rows_of


class Change(NamedTuple):
    """A submitted attempt with its grade before and after a regrade, which may be the same."""

    attempt: Attempt
    before: Fraction
    after: Fraction
    passed: bool
    passes: bool


def regrade(attempts: Sequence[Attempt], marks: Marks, job: RegradeJob, *, now: datetime) -> list[Change]:
    """Grades locked attempts again with new keys, and returns those whose grade has changed.

    The earlier mark of each response is kept as a :class:`Regrade`. Attempts that are not submitted get the keys.
    Learners whose grade has changed are told, with the reason of the job.
    """
    questions = list(marks.new.keys)
    rows = rows_of(Response.objects.filter(attempt__in=attempts, version__question__in=questions))
    marked = [(row, new) for row in rows if (new := marks.of(row))]
    _store_marks(marked)
    Regrade.objects.bulk_create(
        [
            Regrade(
                response_id=row.pk, version=new.key, mark_before=row.mark,
                made_at=job.made_at, made_by_id=job.made_by_id, job=job,
            )
            for row, new in marked
            if row.submitted_at and new.mark != row.mark and new.has_new_key
        ],
        BATCH,
    )  # fmt: skip
    touched = {row.attempt for row, _new in marked}
    submitted = [attempt for attempt in attempts if attempt.submitted_at and attempt.pk in touched]
    changes = _sum_up_again(submitted, now)
    _tell(changes, marked, marks, job.reason, now)
    return [change for change in changes if change.before != change.after or change.passed != change.passes]


def _tell(
    changes: Iterable[Change], marked: Iterable[tuple[Row, Marked]], marks: Marks, reason: str, now: datetime
) -> None:
    """Tells learners of their new grades, and of the marks that made them."""
    slots: dict[int, list[SlotChange]] = defaultdict(list)
    for row, new in marked:
        before, after = str(row.mark or Fraction(0)), str(new.mark)
        kind = Correction.Kind.REGRADED if new.has_new_key else _kind_of_full_marks(marks, row)
        slots[row.attempt].append(SlotChange(row.slot, kind, before, after))
    told = [GradeChange(each.attempt, each.before, each.after, slots[each.attempt.pk]) for each in changes]
    tell_of_grades(told, reason=reason, now=now)


def _kind_of_full_marks(marks: Marks, row: Row) -> Correction.Kind:
    has_full_marks = marks.versions[row.version].question.full_marks_since is not None
    return Correction.Kind.FULL_MARKS if has_full_marks else Correction.Kind.FULL_MARKS_UNDONE


def _store_marks(marked: Iterable[tuple[Row, Marked]]) -> None:
    """Stores new marks. Responses that get the same values are written together."""
    same = defaultdict(list)
    for row, new in marked:
        is_own = new.key.pk == row.version and row.graded_with is None
        values = (
            None if is_own else new.key.pk,
            new.mark if row.submitted_at else row.mark,
            new.mark if row.manual_mark is not None else None,
            new.judging,
        )
        if values != (row.graded_with, row.mark, row.manual_mark, row.judging):
            same[values].append(row.pk)
    for values, keys in same.items():
        columns = dict(zip(("graded_with", "mark", "manual_mark", "judging"), values, strict=True))
        Response.objects.filter(pk__in=keys).update(**columns)


def _sum_up_again(attempts: Sequence[Attempt], now: datetime) -> list[Change]:
    """Adds up the marks of submitted attempts again, in few queries, and returns each with its grades."""
    rows = Response.objects.filter(attempt__in=attempts).order_by()
    points = Coalesce("graded_with__points", "version__points")
    by_attempt: dict[int, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for key, mark, most in rows.annotate(most=points).values_list("attempt", "mark", "most"):
        by_attempt[key].append((mark or Fraction(0), most))
    changes = []
    for attempt in attempts:
        before, passed = attempt.grade or Fraction(0), attempt.is_passed
        grading.add_up(attempt, by_attempt[attempt.pk], now)
        changes.append(Change(attempt, before, attempt.grade or Fraction(0), passed, attempt.is_passed))
    # All of them exist, so this is an update. `bulk_update` takes ten times as long to write its statement.
    Attempt.with_deleted.bulk_create(
        attempts,
        BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["mark", "max_mark", "passed_at"],
    )
    return changes
