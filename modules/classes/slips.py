"""Makes accounts for the people of a list where no mail can invite them, with one-time passwords to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import new_password
from modules.classes.joining import enter
from modules.models import Invitation, InvitationQuerySet, Slip, StudyClass

AT_ONCE = 20  # accounts; each password takes 30 ms to hash, so that more make a request longer than a second


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """The words on a slip of paper. The password is on the paper alone."""

    name: str
    number: str
    address: str
    password: str


def without_account(study_class: StudyClass) -> InvitationQuerySet:
    """Returns the pending invitations to addresses that no account has."""
    accounts = User.objects.annotate(lower=Lower("email")).filter(lower=OuterRef("address"))
    confirmed = EmailAddress.objects.filter(email=OuterRef("address"), verified=True)
    pending = study_class.invitations.pending().filter(code="")
    return pending.filter(~Exists(accounts), ~Exists(confirmed)).order_by("name", "address")


def made_by_slips(study_class: StudyClass) -> QuerySet[User]:
    """Returns the members whose accounts came by slips of this class, and who have not confirmed an address since.

    An instructor has no power over any other account, whoever is pasted into the class.
    """
    slips = Slip.objects.filter(study_class=study_class, learner=OuterRef("pk"))
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    members = study_class.group.user_set.filter(is_staff=False, is_superuser=False)
    return members.filter(Exists(slips), ~Exists(confirmed)).order_by("name", "email")


def make_slips(study_class: StudyClass, *, by: User, now: datetime) -> Sequence[PrintedSlip]:
    """Makes accounts for the next people of the list who have none, and puts them into the class."""
    passwords = [new_password() for _person in without_account(study_class)[:AT_ONCE]]
    hashed = [
        (password, make_password(password)) for password in passwords
    ]  # before anybody waits for the lock
    slips = []
    with transaction.atomic():
        StudyClass.objects.select_for_update(no_key=True).get(pk=study_class.pk)
        people = list(without_account(study_class)[: len(hashed)])
        for invitation, (password, stored) in zip(people, hashed, strict=False):
            learner = _account_for(invitation, stored)
            if learner is not None:
                _put_in(study_class, invitation, learner, by, now)
                slips.append(PrintedSlip(learner.name, invitation.number, learner.email, password))
    return slips


def renew_slip(study_class: StudyClass, learner: User, *, by: User, now: datetime) -> PrintedSlip:
    """Gives a learner of :func:`made_by_slips` another one-time password, and records who did that."""
    password = new_password()
    with transaction.atomic():
        locked = made_by_slips(study_class).select_for_update(of=("self",)).get(pk=learner.pk)
        locked.give_one_time_password(password)
        Slip.objects.create(study_class=study_class, learner=locked, made_by=by, made_at=now)
    invitation = study_class.invitations.filter(learner=learner).first()
    return PrintedSlip(locked.name, invitation.number if invitation else "", locked.email, password)


def _account_for(invitation: Invitation, stored: str) -> User | None:
    """Makes an account, or returns ``None`` if somebody has signed up with its address at this moment."""
    try:
        with transaction.atomic():
            return User.objects.create(
                email=invitation.address, name=invitation.name, password=stored, has_one_time_password=True
            )
    except IntegrityError:
        return None


def _put_in(study_class: StudyClass, invitation: Invitation, learner: User, by: User, now: datetime) -> None:
    enter(study_class, [learner.pk])
    Invitation.objects.filter(pk=invitation.pk).update(joined_at=now, learner=learner)
    Slip.objects.create(study_class=study_class, learner=learner, made_by=by, made_at=now)
