"""Makes the value of the page on which anybody checks a proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from urllib.parse import urlsplit

from django.utils.safestring import SafeString

from accounts.models import Visitor
from modules.models import Proof, ProofAct, Revocation
from modules.pages.qr_code import code_image
from modules.reading import access
from modules.reading.visible_grades import hides_grade


@dataclass(frozen=True, slots=True)
class ProofPage:
    """A proof as one person sees it.

    ``site``, ``shown_path`` and the code are the address as people type it. ``withdrawn_at`` is set if the proof counts
    no more, and only its owner is told the ``reason``. ``grade`` is ``None`` without a quiz, and while the learner may
    not know it. ``needs_name``: its owner had no name, and has one now or can write one.
    """

    proof: Proof
    site: str
    shown_path: str
    code_image: SafeString
    grade: Fraction | None
    is_owner: bool
    withdrawn_at: datetime | None
    reason: str
    needs_name: bool
    is_module_public: bool


def proof_page(proof: Proof, viewer: Visitor, site: str) -> ProofPage:
    """Returns the page of a proof from :func:`modules.reading.access.proof_at`. ``site`` is its address."""
    address = site + proof.get_absolute_url()
    learner = proof.enrolment.learner
    is_owner = learner.pk == viewer.pk
    act = _last_withdrawal(proof) if proof.withdrawn_at else None
    return ProofPage(
        proof=proof,
        site=urlsplit(site).netloc,
        shown_path=proof.get_absolute_url().rstrip("/").removesuffix(proof.code),
        code_image=code_image(address),
        grade=None if shows_no_grade(proof) else proof.grade,
        is_owner=is_owner,
        withdrawn_at=proof.withdrawn_at or _taken_at(proof),
        reason=act.reason if act and is_owner else "",
        needs_name=is_owner and not proof.name,
        is_module_public=access.is_offered(viewer, proof.enrolment.module),
    )


def shows_no_grade(proof: Proof) -> bool:
    """Tells whether the rules of the quiz keep the grade from its learner, and so from everybody."""
    return proof.grade is not None and hides_grade(proof.enrolment.module, proof.enrolment.learner)


def _last_withdrawal(proof: Proof) -> ProofAct | None:
    return proof.acts.filter(kind=ProofAct.Kind.WITHDRAWN).last()


def _taken_at(proof: Proof) -> datetime | None:
    """Returns when the finish was taken back that the proof states, or ``None`` if it counts."""
    if proof.has_finish:
        return None
    taken = Revocation.objects.filter(
        correction__attempt__enrolment=proof.enrolment_id, finished_at__lte=proof.finished_at
    )
    return taken.order_by("-pk").values_list("correction__made_at", flat=True).first() or proof.finished_at
