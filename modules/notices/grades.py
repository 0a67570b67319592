"""Tells learners that a grade has changed: by another key, by a mark by hand, or by full marks for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from modules.models import BATCH, Attempt, Notice, SlotChange


class GradeChange(NamedTuple):
    """A submitted attempt whose grade may have changed, with the slots that were marked again.

    ``finish`` is one of :class:`Notice.Finish`, or empty.
    """

    attempt: Attempt
    before: Fraction
    after: Fraction
    slots: Sequence[SlotChange]
    finish: str = ""


def tell_of_grades(changes: Iterable[GradeChange], *, reason: str, now: datetime) -> None:
    """Stores a notice for each changed grade, in few queries. Deleted attempts are left out.

    A grade that changes again before its learner has seen the notice makes one notice, from the first grade to the
    last. If the grade is again what it was, there is none. Call it in the transaction that holds the enrolments.
    """
    told = [change for change in changes if change.attempt.deleted_at is None]
    for start in range(0, len(told), BATCH):
        _tell(told[start : start + BATCH], reason, now)


def _tell(changes: Sequence[GradeChange], reason: str, now: datetime) -> None:
    rows = Notice.objects.unseen().filter(
        kind=Notice.Kind.GRADE, attempt__in=[change.attempt.pk for change in changes]
    )
    unseen = {notice.attempt_id: notice for notice in rows}
    news = [change for change in changes if _is_told(change, unseen)]
    notices = [_notice(change, unseen.get(change.attempt.pk), reason, now) for change in news]
    merged = [notice for notice in notices if notice.pk]
    void = [notice.pk for notice in merged if not _is_news(notice)]
    Notice.objects.filter(pk__in=void).delete()
    Notice.objects.bulk_update(
        [notice for notice in merged if notice.pk not in void],
        ["after", "slots", "finish", "reason", "made_at"],
    )
    Notice.objects.bulk_create([notice for notice in notices if not notice.pk])


def _is_told(change: GradeChange, unseen: Mapping[int | None, Notice]) -> bool:
    """Tells whether a change makes a notice, or changes what an unseen one says of marks."""
    if change.before != change.after or change.finish:
        return True
    return change.attempt.pk in unseen and any(slot.before != slot.after for slot in change.slots)


def _is_news(notice: Notice) -> bool:
    return notice.before != notice.after or bool(notice.finish)


def _notice(change: GradeChange, earlier: Notice | None, reason: str, now: datetime) -> Notice:
    """Returns the notice of a change, which goes on from an earlier one that is unseen."""
    notice = earlier or Notice(
        enrolment_id=change.attempt.enrolment_id,
        kind=Notice.Kind.GRADE,
        attempt=change.attempt,
        before=change.before,
    )
    slots = [slot._replace(reason=reason) for slot in _changed(change.slots)]
    notice.after, notice.made_at = change.after, now
    notice.slots = _changed(_joined(notice.slot_changes, slots))
    notice.finish = Notice.joined_finish(notice.finish, change.finish)
    reasons = [slot.reason for slot in notice.slot_changes if slot.reason]
    notice.reason = "\n".join(dict.fromkeys(reasons)) or reason
    return notice


def _changed(slots: Sequence[SlotChange]) -> list[SlotChange]:
    """Keeps the slots whose mark has changed. If none has, other points have changed the grade."""
    return [slot for slot in slots if slot.before != slot.after] or list(slots)


def _joined(earlier: Iterable[SlotChange], later: Iterable[SlotChange]) -> list[SlotChange]:
    slots = {change.slot: change for change in earlier}
    for change in later:
        first = slots.get(change.slot)
        slots[change.slot] = change._replace(before=first.before) if first else change
    return sorted(slots.values())
