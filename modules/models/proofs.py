"""Defines proofs: what shows to anybody that a learner has finished a module, and the keys that sign it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from modules.models.content import Revision
from modules.models.fields import FractionField
from modules.models.learning import Enrolment

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


class ProofQuerySet(models.QuerySet["Proof"]):
    def valid(self) -> ProofQuerySet:
        """Keeps the proofs that nobody withdrew, and whose finish was not taken back. :attr:`Proof.is_valid` says it
        of one proof.
        """
        return self.filter(withdrawn_at__isnull=True, enrolment__finished_at__lte=F("finished_at"))

    def invalid(self) -> ProofQuerySet:
        return self.exclude(pk__in=self.valid().order_by().values("pk"))

    def of_now(self) -> ProofQuerySet:
        """Keeps the proof of the finish that each enrolment has now."""
        return self.filter(enrolment__finished_at=F("finished_at"))


class Proof(models.Model):
    """A statement that somebody has finished a module, at an address that anybody may open who knows its code.

    What it states was true when it was issued, and never changes. ``questions`` counts those of an attempt; ``grade``
    is in percent. ``seen_at``: the learner has seen the page of the finish. ``hidden_at``: the learner keeps the proof
    to themselves. ``withdrawn_at``: an instructor withdrew it. A finish that is taken back needs no column: the
    enrolment has no finish then, or a later one.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="proofs", verbose_name=_("enrolment")
    )
    revision = models.ForeignKey(Revision, models.RESTRICT, related_name="+", verbose_name=_("revision"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=20, blank=True)
    sections = models.PositiveIntegerField(_("sections"))
    questions = models.PositiveIntegerField(_("questions"), default=0)
    grade = FractionField(_("grade"), null=True, blank=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"))
    issued_at = models.DateTimeField(_("issued"))
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["-finished_at", "-pk"]
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "finished_at"], name="one_proof_per_finish"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True, pass_mark__isnull=True)
                | Q(grade__isnull=False, pass_mark__isnull=False),
                name="a_proof_with_a_grade_has_its_pass_mark",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("proof", args=[self.code])

    @property
    def is_valid(self) -> bool:
        """Tells whether nobody withdrew the proof, and its finish still counts."""
        return self.withdrawn_at is None and self.has_finish

    @property
    def has_finish(self) -> bool:
        """Tells whether the finish that the proof states was not taken back."""
        finished = self.enrolment.finished_at
        return finished is not None and finished <= self.finished_at

    @property
    def finished_on(self) -> date:
        """Returns the day in the time zone of the site, so that it is the same day for every reader."""
        return timezone.localdate(self.finished_at, timezone.get_default_timezone())

    def record(self, kind: ProofAct.Kind, *, by: User, reason: str, now: datetime) -> None:
        """Withdraws the proof or issues it again, and keeps who did it, when and why. The row must be locked."""
        self.withdrawn_at = now if kind == ProofAct.Kind.WITHDRAWN else None
        self.save(update_fields=["withdrawn_at"])
        ProofAct.objects.create(proof=self, kind=kind, made_by=by, made_at=now, reason=reason)


class ProofAct(models.Model):
    """The fact that an instructor withdrew a proof, or issued it again, with the reason."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("withdrawn")
        ISSUED_AGAIN = "issued_again", _("issued again")

    proof = models.ForeignKey(Proof, models.CASCADE, related_name="acts", verbose_name=_("proof"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("act on a proof")
        verbose_name_plural = _("acts on proofs")

    def __str__(self) -> str:
        return f"{self.proof.code}: {self.get_kind_display()}"


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def published(self) -> SigningKeyQuerySet:
        """Keeps the keys that the site vouches for, the newest first."""
        return self.filter(revoked_at__isnull=True).order_by("-pk")


class SigningKey(models.Model):
    """A key with which badges are signed. It is in the database, so that every backup of the proofs has it.

    ``retired_at``: it signs no more, and what it signed stays good. ``revoked_at``: what it signed counts no more.
    """

    name = models.CharField(_("name"), max_length=64, unique=True)
    private_key = models.TextField(_("private key"))
    made_at = models.DateTimeField(_("made"))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("key for badges")
        verbose_name_plural = _("keys for badges")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(retired_at__isnull=False),
                name="a_revoked_key_signs_no_more",
            )
        ]

    def __str__(self) -> str:
        return self.name
