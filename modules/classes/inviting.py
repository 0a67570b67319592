"""Decides what becomes of each person of a list, and does it: members join, all others are invited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.classes.joining import enter, lengthen
from modules.classes.placements import tell_placed
from modules.classes.roster import Entry
from modules.classes.same_numbers import same_numbers
from modules.classes.sending import send_invitations
from modules.models import BATCH, Invitation, StudyClass
from tasks.backend import enqueue_once

T = TypeVar("T")
MOST_ASKED = 2_000  # addresses in one query; more make it longer than databases take


class Outcome(Enum):
    """Says what becomes of a line, in words for the instructor."""

    JOINS = _("has an account: joins at once")
    INVITED = _("has no account yet: is invited")
    UNCONFIRMED = _("has an account whose address is not confirmed: joins as soon as it is")
    WAITS = _("is invited already: joins as soon as the address is confirmed")
    MEMBER = _("is in the class already")
    CLOSED = _("has an account that is closed: an administrator can open it again")
    TWICE = _("stands in the list already")
    UNREADABLE = _("cannot be read")


INVITES = frozenset({Outcome.INVITED, Outcome.UNCONFIRMED})
UNCHANGED = frozenset({Outcome.WAITS, Outcome.MEMBER, Outcome.CLOSED, Outcome.TWICE})
# Nobody can confirm an address where no mail is set up, so nobody joins by being on a list.
WITHOUT_MAIL = {
    Outcome.INVITED: _("has no account yet: noted, and needs a slip or the join link"),
    Outcome.WAITS: _("is noted already: needs a slip or the join link"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list with its outcome. ``user`` has an account with this address.

    ``same_number`` names the lines and the addresses in the class that have the number of this line, too.
    """

    entry: Entry
    outcome: Outcome
    user: User | None = None
    same_number: Sequence[str] = ()

    @property
    def doubts(self) -> Sequence[str]:
        """Returns what an instructor had better look at. It stops nothing."""
        doubts = []
        if self.entry.may_have_blank:
            doubts.append(gettext("The address may have a blank in it. Look whether it is whole."))
        if self.same_number:
            others = ", ".join(self.same_number)
            doubts.append(gettext("The same number stands elsewhere: %(others)s.") % {"others": others})
        return doubts

    @property
    def name(self) -> str:
        return self.entry.name or (self.user.name if self.user else "")

    @property
    def effect(self) -> str:
        """Returns ``joins``, ``invited``, ``unreadable`` or ``stays``."""
        if self.outcome in INVITES:
            return "invited"
        is_own = self.outcome in (Outcome.JOINS, Outcome.UNREADABLE)
        return self.outcome.name.lower() if is_own else "stays"

    @property
    def sentence(self) -> str | Promise:
        if self.entry.sentence or settings.HAS_MAIL:
            return self.entry.sentence or self.outcome.value
        return WITHOUT_MAIL.get(self.outcome, self.outcome.value)


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """The effects of a list. The page that shows it and the code that does it read the same rows."""

    rows: Sequence[Row]

    @property
    def counts(self) -> Mapping[Outcome, int]:
        return Counter(row.outcome for row in self.rows)

    @property
    def joins(self) -> int:
        return self.counts[Outcome.JOINS]

    @property
    def invited(self) -> int:
        return sum(self.counts[outcome] for outcome in INVITES)

    @property
    def unchanged(self) -> int:
        return sum(self.counts[outcome] for outcome in UNCHANGED)

    @property
    def unreadable(self) -> int:
        return self.counts[Outcome.UNREADABLE]

    @property
    def doubtful(self) -> int:
        return sum(bool(row.doubts) for row in self.rows)

    @property
    def does_something(self) -> bool:
        return bool(self.joins or self.invited)


def plan_roster(study_class: StudyClass, entries: Sequence[Entry]) -> RosterPlan:
    """Decides what becomes of each entry. It takes a fixed number of queries for each 2,000 addresses."""
    addresses = [entry.address for entry in entries if entry.address]
    owners, unconfirmed = _accounts_with(addresses)
    members = set(_members(study_class))
    waiting = set(study_class.invitations.pending().values_list("address", flat=True))

    listed: set[int] = set()

    def outcome(entry: Entry) -> Row:
        owner = owners.get(entry.address)
        if entry.problem:
            return Row(entry, Outcome.UNREADABLE)
        if entry.same_as is not None:
            return Row(entry, Outcome.TWICE)
        if owner is not None and owner.pk in members:
            return Row(entry, Outcome.MEMBER, owner)
        if owner is not None and not owner.is_active:
            return Row(entry, Outcome.CLOSED)
        if owner is not None:  # a person may have two confirmed addresses
            is_again = owner.pk in listed
            listed.add(owner.pk)
            return Row(entry, Outcome.TWICE if is_again else Outcome.JOINS, owner)
        if entry.address in waiting:
            return Row(entry, Outcome.WAITS)
        return Row(entry, Outcome.UNCONFIRMED if entry.address in unconfirmed else Outcome.INVITED)

    same = same_numbers(study_class, entries)
    rows = [outcome(entry) for entry in entries]
    return RosterPlan([replace(row, same_number=same.get(row.entry.line, ())) for row in rows])


def apply_roster(study_class: StudyClass, entries: Sequence[Entry], *, by: User, now: datetime) -> RosterPlan:
    """Does what :func:`plan_roster` says, all of it or nothing. Returns what was done."""
    with transaction.atomic():
        StudyClass.objects.select_for_update(no_key=True).get(pk=study_class.pk)
        plan = plan_roster(study_class, entries)
        joining = [row for row in plan.rows if row.outcome is Outcome.JOINS]
        enter(study_class, {row.user.pk for row in joining if row.user})
        tell_placed(study_class, [row.user for row in joining if row.user], by=by, now=now)
        invited = [row for row in plan.rows if row.outcome in INVITES]
        _store(study_class, joining, invited, by, now)
        if invited and settings.HAS_MAIL:
            enqueue_once(send_invitations, study_class.pk, now=now)
    if joining:
        lengthen(study_class, now=now)
    return plan


def send_again(invitation: Invitation, *, now: datetime) -> None:
    """Sends a pending invitation once more, if the site sends mails."""
    with transaction.atomic():
        changed = Invitation.objects.pending().filter(pk=invitation.pk).update(sent_at=None, code="")
        if changed and settings.HAS_MAIL:
            enqueue_once(send_invitations, invitation.study_class_id, now=now)


def withdraw(invitation: Invitation, *, now: datetime) -> bool:
    """Takes an invitation back. Returns False if its owner has joined meanwhile."""
    return bool(Invitation.objects.pending().filter(pk=invitation.pk).update(withdrawn_at=now))


def is_invited(address: str) -> bool:
    """Tells whether a class that goes on invites an address by a list."""
    invitations = Invitation.objects.pending().filter(address=address, code="")
    return bool(invitations.filter(study_class__archived_at__isnull=True).exists())


def _accounts_with(addresses: Iterable[str]) -> tuple[dict[str, User], set[str]]:
    """Maps confirmed addresses to their owners. Returns also the addresses of accounts that are not confirmed.

    Where no mail is set up, nobody can confirm an address, so the instructor's word counts.
    """
    owners: dict[str, User] = {}
    unconfirmed: set[str] = set()
    for some in _batches(addresses, MOST_ASKED):
        confirmed = EmailAddress.objects.filter(email__in=some, verified=True).select_related("user")
        owners |= {row.email.lower(): row.user for row in confirmed}
        for user in User.objects.filter(email__in=some):
            if not settings.HAS_MAIL:
                owners.setdefault(user.email, user)
            elif user.email not in owners:
                unconfirmed.add(user.email)
    return owners, unconfirmed


def _members(study_class: StudyClass) -> Iterator[int]:
    members = Group.user_set.through.objects.filter(group_id=study_class.group_id)
    yield from members.values_list("user_id", flat=True)


def _store(
    study_class: StudyClass, joining: Sequence[Row], invited: Sequence[Row], by: User, now: datetime
) -> None:
    def invitation(row: Row) -> Invitation:
        return Invitation(
            study_class=study_class,
            address=row.entry.address,
            name=row.entry.name,
            number=row.entry.number,
            invited_at=now,
            invited_by=by,
            joined_at=now if row.user else None,
            learner=row.user,
        )

    Invitation.objects.bulk_create(
        [invitation(row) for row in (*joining, *invited)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["study_class", "address"],
        update_fields=[
            "name", "number", "code", "invited_at", "invited_by", "sent_at", "withdrawn_at", "joined_at", "learner",
        ],
    )  # fmt: skip


def _batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
