"""Defines notices: facts about changes that touch a learner, kept until the learner has seen them and after."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Visitor
from modules.models.content import Section
from modules.models.fields import FractionField
from modules.models.learning import Enrolment
from modules.models.proofs import Proof
from modules.models.quizzes import Attempt


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unseen(self) -> NoticeQuerySet:
        return self.filter(seen_at__isnull=True)

    def of(self, learner: Visitor) -> NoticeQuerySet:
        return self.filter(enrolment__learner_id=learner.pk)


class SlotChange(NamedTuple):
    """Says why the mark in one slot of an attempt has changed, with both marks as text.

    ``kind`` is one of :class:`modules.models.Correction.Kind`. ``reason`` is that of the last change.
    """

    slot: int
    kind: str
    before: str
    after: str
    reason: str = ""


class Notice(models.Model):
    """The fact that something has changed for one learner, with the reason that an instructor gave.

    It holds numbers and no words of a document, so that it gives no key away and is read in any language. ``before``
    and ``after`` are the grades of the attempt. ``slots`` has the :class:`SlotChange` of each mark that has changed.
    ``finish`` says whether finishing the module was taken back, or given back.
    """

    class Kind(models.TextChoices):
        GRADE = "grade", _("another grade")
        REOPENED = "reopened", _("attempt opened again")
        CLOSED = "closed", _("attempt closed")
        DELETED = "deleted", _("attempt deleted")
        RESTORED = "restored", _("attempt brought back")
        READ_AGAIN = "read_again", _("section to read again")
        NEW_PART = "new_part", _("section with a new part")
        CHANGED = "changed", _("section changed")
        ADDED = "added", _("section added")
        PROOF_WITHDRAWN = "proof_withdrawn", _("proof withdrawn")
        PROOF_ISSUED = "proof_issued", _("proof issued again")

    class Finish(models.TextChoices):
        TAKEN = "taken", _("taken back")
        GIVEN = "given", _("given back")

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="notices", verbose_name=_("enrolment")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    attempt = models.ForeignKey(
        Attempt, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("attempt")
    )
    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("section")
    )
    proof = models.ForeignKey(
        Proof, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("proof")
    )
    before = FractionField(_("grade before"), null=True, blank=True)
    after = FractionField(_("grade after"), null=True, blank=True)
    slots = models.JSONField(_("changed marks"), default=list, blank=True)
    finish = models.CharField(_("finish"), max_length=10, choices=Finish.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    made_at = models.DateTimeField(_("made"))
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(attempt__isnull=False, section__isnull=True, proof__isnull=True)
                | Q(attempt__isnull=True, section__isnull=False, proof__isnull=True)
                | Q(attempt__isnull=True, section__isnull=True, proof__isnull=False),
                name="a_notice_is_of_an_attempt_a_section_or_a_proof",
            ),
            models.UniqueConstraint(
                fields=["proof"], condition=Q(seen_at__isnull=True), name="one_unseen_notice_per_proof"
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(kind="grade", seen_at__isnull=True),
                name="one_unseen_grade_notice_per_attempt",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "section"],
                condition=Q(section__isnull=False, seen_at__isnull=True),
                name="one_unseen_notice_per_learner_and_section",
            ),
        ]
        indexes = [
            models.Index(
                fields=["enrolment"], condition=Q(seen_at__isnull=True), name="unseen_notices_by_enrolment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_kind_display()}"

    @staticmethod
    def joined_finish(earlier: str, later: str) -> str:
        """Joins what became of the finish. Taking it back and giving it back are nothing together."""
        return "" if earlier and later and earlier != later else later or earlier

    @property
    def slot_changes(self) -> list[SlotChange]:
        return [SlotChange(*change) for change in self.slots]
