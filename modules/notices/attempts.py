"""Tells a learner what an instructor did with an attempt: opened again, closed, deleted or brought back."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from modules.models import Attempt, Notice

Kind = Notice.Kind

# A notice of the first kind makes unseen ones of the other kinds pointless: they tell of what is undone.
REPLACES = {
    Kind.REOPENED: (Kind.GRADE, Kind.CLOSED),
    Kind.CLOSED: (Kind.REOPENED,),
    Kind.DELETED: (Kind.RESTORED,),
    Kind.RESTORED: (Kind.DELETED,),
}


def tell_of_attempt(
    attempt: Attempt,
    kind: Notice.Kind,
    *,
    reason: str,
    now: datetime,
    before: Fraction | None = None,
    finish: str = "",
) -> None:
    """Stores a notice of an attempt, with its earlier grade and its grade now.

    What became of the finish, and is not seen yet, goes on in the new notice. A learner who did not see that an attempt
    was deleted is not told that it is there again, unless its grade or the finish is another one. Call it in the
    transaction that holds its enrolment.
    """
    is_as_before = kind == Kind.RESTORED and _is_as_before(attempt)
    undone = Notice.objects.unseen().filter(attempt=attempt, kind__in=REPLACES[kind])
    for earlier in undone.order_by("pk").values_list("finish", flat=True).reverse():
        finish = Notice.joined_finish(earlier, finish)
    undone.delete()
    if kind == Kind.DELETED:
        finish = _moved_from_grade(attempt, finish)
    if is_as_before and not finish:
        return
    Notice.objects.create(
        enrolment_id=attempt.enrolment_id,
        kind=kind,
        attempt=attempt,
        before=before,
        after=attempt.grade,
        finish=finish,
        reason=reason,
        made_at=now,
    )


def _moved_from_grade(attempt: Attempt, finish: str) -> str:
    """Takes what an unseen notice says of the finish out of it: nobody is told of the grade of a deleted attempt."""
    told = Notice.objects.unseen().filter(attempt=attempt, kind=Kind.GRADE).exclude(finish="").first()
    if told is None:
        return finish
    finish = Notice.joined_finish(told.finish, finish)
    Notice.objects.filter(pk=told.pk).update(finish="")
    return finish


def _is_as_before(attempt: Attempt) -> bool:
    """Tells whether the learner has not seen that this attempt was deleted, and it has the grade of then."""
    deleted = Notice.objects.unseen().filter(attempt=attempt, kind=Kind.DELETED).first()
    return deleted is not None and deleted.before == attempt.grade
