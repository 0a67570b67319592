"""Lets an instructor withdraw a proof, or issue it again. Each act has a reason, and its learner is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from modules.models import Enrolment, Notice, Proof, ProofAct
from modules.notices.proofs import tell_of_proof

Kind = ProofAct.Kind

TOLD = {Kind.WITHDRAWN: Notice.Kind.PROOF_WITHDRAWN, Kind.ISSUED_AGAIN: Notice.Kind.PROOF_ISSUED}


class AlreadyDone(Exception):
    """Reports that somebody else was faster: the proof is withdrawn, or counts, already."""


def withdraw(proof: Proof, *, by: User, reason: str, now: datetime) -> None:
    """Withdraws a proof that nobody has withdrawn yet. Its page says so from then on."""
    _act(proof, Kind.WITHDRAWN, by, reason, now)


def issue_again(proof: Proof, *, by: User, reason: str, now: datetime) -> None:
    """Lets a proof that an instructor withdrew count again, at the same address and with the same words."""
    _act(proof, Kind.ISSUED_AGAIN, by, reason, now)


@transaction.atomic
def _act(proof: Proof, kind: ProofAct.Kind, by: User, reason: str, now: datetime) -> None:
    Enrolment.objects.filter(pk=proof.enrolment_id).hold()  # as whoever writes or sees notices does
    locked = Proof.objects.select_for_update(no_key=True).get(pk=proof.pk)
    if (locked.withdrawn_at is None) != (kind == Kind.WITHDRAWN):
        raise AlreadyDone
    locked.record(kind, by=by, reason=reason, now=now)
    tell_of_proof(locked, TOLD[kind], reason=reason, now=now)
