"""Defines classes: learners who study together, the modules that they are assigned, and who is invited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from modules.models.content import Module

if TYPE_CHECKING:
    from accounts.models import User, Visitor


class StudyClassQuerySet(models.QuerySet["StudyClass"]):
    def active(self) -> StudyClassQuerySet:
        return self.filter(archived_at__isnull=True)

    def managed_by(self, person: Visitor) -> StudyClassQuerySet:
        """Keeps the classes of an instructor. An administrator manages all classes."""
        return self.all() if person.is_superuser else self.filter(instructors=person.pk or 0)

    def of_learner(self, learner: Visitor) -> StudyClassQuerySet:
        return self.filter(group__user=learner.pk or 0)


class StudyClass(models.Model):
    """Learners who study together.

    The name and the members are those of a group without any permission, so that no power can come of a class, and
    overrides of quiz rules hold for it. Anybody with ``join_code`` may join from ``join_opened_at`` until
    ``join_closes_at``, and ``join_limit`` people at most. Archiving keeps everything. Members get reminders by mail of
    due dates after ``reminds_since``.
    """

    group = models.OneToOneField(
        Group, models.CASCADE, related_name="study_class", verbose_name=_("group of learners")
    )
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="managed_classes", blank=True, verbose_name=_("instructors")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    join_code = models.CharField(_("code"), max_length=20, unique=True, null=True, blank=True)
    join_opened_at = models.DateTimeField(_("link opened"), null=True, blank=True)
    join_closes_at = models.DateTimeField(_("link closes"), null=True, blank=True)
    join_limit = models.PositiveIntegerField(_("people by this link, at most"), null=True, blank=True)
    reminds_since = models.DateTimeField(_("reminders switched on"), null=True, blank=True)

    objects = StudyClassQuerySet.as_manager()

    class Meta:
        ordering = ["group__name"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [
            models.CheckConstraint(
                condition=Q(join_opened_at__isnull=True) | Q(join_code__isnull=False),
                name="an_open_link_has_a_code",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.group.name)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def archive(self, *, now: datetime) -> None:
        """Closes the class and its link. Members, assignments and overrides stay."""
        StudyClass.objects.filter(pk=self.pk, archived_at__isnull=True).update(
            archived_at=now, join_opened_at=None
        )

    def restore(self) -> None:
        StudyClass.objects.filter(pk=self.pk).update(archived_at=None)

    def open_link(self, code: str, *, closes_at: datetime | None, limit: int | None, now: datetime) -> None:
        """Lets whoever has the code join. With another code, the number of people is counted from none again."""
        StudyClass.objects.filter(pk=self.pk).update(
            join_code=code, join_opened_at=now, join_closes_at=closes_at, join_limit=limit
        )

    def close_link(self) -> None:
        StudyClass.objects.filter(pk=self.pk).update(join_opened_at=None)

    def switch_reminders(self, *, on: bool, now: datetime) -> None:
        """Lets members be reminded of due dates from now on, or no more. A class that reminds keeps its date."""
        other = StudyClass.objects.filter(pk=self.pk, reminds_since__isnull=on)
        other.update(reminds_since=now if on else None)


class Assignment(models.Model):
    """A module that a class studies, perhaps from a date on, perhaps until a date, with a note for its learners."""

    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, related_name="assignments", verbose_name=_("class")
    )
    module = models.ForeignKey(Module, models.CASCADE, related_name="assignments", verbose_name=_("module"))
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    assigned_at = models.DateTimeField(_("assigned"), auto_now_add=True)

    # What queries add: the due date of one learner, whether it is their own, whether they have finished, and whether
    # anybody has an own date.
    until: datetime | None
    own_date: datetime | None
    is_done: bool
    has_own_dates: bool

    class Meta:
        ordering = [F("due_at").asc(nulls_last=True), "starts_at", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["study_class", "module"], name="one_assignment_per_class_and_module"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(due_at__isnull=True) | Q(due_at__gt=F("starts_at")),
                name="an_assignment_is_due_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_class}: {self.module}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Keeps the invitations whose people have not joined yet, and may."""
        return self.filter(joined_at__isnull=True, withdrawn_at__isnull=True)

    def of_confirmed(self, user: User) -> InvitationQuerySet:
        """Keeps the invitations to addresses that a person has confirmed. No other address proves who somebody is."""
        confirmed = user.emailaddress_set.filter(verified=True).values("email")  # type: ignore[attr-defined]
        return self.filter(address__in=confirmed)

    def unsent(self) -> InvitationQuerySet:
        return self.pending().filter(sent_at__isnull=True, code="")


class Invitation(models.Model):
    """Says that an address may be in a class, and how its owner came in.

    ``name`` and ``number`` are those of the instructor's list. ``code`` is the join link by which somebody came by
    themselves. ``sent_at`` is the time of the mail. The person who confirms the address joins; ``learner`` has joined.
    """

    # For people who signed up by a link and have not confirmed their address. The link in their mail works as long.
    PLACE_KEPT = timedelta(days=3)

    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, related_name="invitations", verbose_name=_("class")
    )
    address = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=20, blank=True)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("learner"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["address"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["study_class", "address"], name="one_invitation_per_class_and_address"
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True, learner__isnull=True)
                | Q(joined_at__isnull=False, learner__isnull=False),
                name="whoever_has_joined_is_known",
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="a_withdrawn_invitation_lets_nobody_in",
            ),
        ]
        indexes = [models.Index(fields=["address"], name="invitations_by_address")]

    def __str__(self) -> str:
        return f"{self.study_class}: {self.address}"

    @property
    def kept_until(self) -> datetime:
        """Returns until when a join link keeps a place for somebody who has not confirmed the address."""
        return self.invited_at + self.PLACE_KEPT


class Slip(models.Model):
    """The fact that an instructor got a one-time password for a learner, on a slip of paper. No password is kept.

    The first slip of a learner came with the account.
    """

    study_class = models.ForeignKey(StudyClass, models.CASCADE, related_name="slips", verbose_name=_("class"))
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="slips", verbose_name=_("learner")
    )
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
        ordering = ["made_at", "pk"]
        verbose_name = _("slip")
        verbose_name_plural = _("slips")

    def __str__(self) -> str:
        return f"{self.study_class}: {self.learner}"


def is_assigned_to(learner: Visitor) -> Exists:
    """Returns the condition that a module is assigned to a class of the learner. Archived classes count."""
    of_learner = Assignment.objects.filter(study_class__group__user=learner.pk or 0)
    return Exists(of_learner.filter(module=OuterRef("pk")))
