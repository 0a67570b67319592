"""Tells learners that an instructor has put them into a class, until they have seen it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User, Visitor
from modules.models import BATCH, Placement, StudyClass


@dataclass(frozen=True, slots=True)
class Told:
    """One class into which somebody was put. ``by`` is a name, or empty if the account is gone or has none."""

    key: int
    class_name: str
    by: str
    placed_at: datetime


def tell_placed(study_class: StudyClass, people: Iterable[User], *, by: User, now: datetime) -> None:
    placements = [
        Placement(study_class=study_class, learner=person, placed_by=by, placed_at=now)
        for person in people
        if person != by
    ]
    Placement.objects.bulk_create(placements, batch_size=BATCH)


def untold(learner: Visitor) -> Sequence[Told]:
    """Returns the classes of which a learner has not been told, in one query."""
    rows = Placement.objects.unseen_by(learner).select_related("study_class__group", "placed_by")
    return [
        Told(row.pk, row.study_class.name, row.placed_by.name if row.placed_by else "", row.placed_at)
        for row in rows
    ]


def see_placement(learner: Visitor, key: int, *, now: datetime) -> None:
    Placement.objects.filter(learner=learner.pk or 0, pk=key, seen_at__isnull=True).update(seen_at=now)
