"""Issues proofs, and finds those of a learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from modules.models import BATCH, Enrolment, Proof, Revision
from modules.proofs.codes import new_code


@dataclass(frozen=True, slots=True)
class Content:
    """The module that a learner has finished, as it was: ``questions`` counts those of an attempt."""

    revision: Revision
    title: str
    language: str
    sections: int
    questions: int


@dataclass(frozen=True, slots=True)
class Earned:
    """The grade that counts, in percent, and the pass mark that it has reached."""

    grade: Fraction
    pass_mark: int


def issue(
    enrolments: Iterable[Enrolment],
    content: Content,
    earned: Mapping[int, Earned],
    *,
    now: datetime,
    seen_at: datetime | None = None,
) -> None:
    """Issues a proof for the finish of each enrolment. One that has a proof for it already keeps that.

    ``earned`` is by the key of the enrolment, and has nobody who finished without a quiz. ``seen_at`` is set for
    finishes that are no news. Call it in the transaction that records the finish and holds the enrolments.
    """
    proofs = [_proof(enrolment, content, earned.get(enrolment.pk), now, seen_at) for enrolment in enrolments]
    Proof.objects.bulk_create(proofs, BATCH, ignore_conflicts=True)


def _proof(
    enrolment: Enrolment, content: Content, earned: Earned | None, now: datetime, seen_at: datetime | None
) -> Proof:
    if enrolment.finished_at is None:
        raise ValueError("Only a finish has a proof.")
    return Proof(
        code=new_code(),
        enrolment=enrolment,
        revision=content.revision,
        name=enrolment.learner.name,
        title=content.title,
        language=content.language,
        sections=content.sections,
        questions=content.questions,
        grade=earned.grade if earned else None,
        pass_mark=earned.pass_mark if earned else None,
        finished_at=enrolment.finished_at,
        issued_at=now,
        seen_at=seen_at,
    )
