"""Tells a learner that an instructor withdrew a proof, or issued it again."""

from __future__ import annotations

from datetime import datetime

from modules.models import Notice, Proof


def tell_of_proof(proof: Proof, kind: Notice.Kind, *, reason: str, now: datetime) -> None:
    """Stores a notice of a proof. If its learner has not seen the act before it, which it undoes, there is none.

    Call it in the transaction that holds the enrolment.
    """
    undone, _counts = Notice.objects.unseen().filter(proof=proof).delete()
    if undone:
        return
    Notice.objects.create(enrolment_id=proof.enrolment_id, kind=kind, proof=proof, reason=reason, made_at=now)
