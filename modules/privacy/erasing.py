"""Erases a person in one transaction, and again where an older backup brought the person back."""

from __future__ import annotations

from contextlib import suppress

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts import erasures
from accounts.models import User
from modules.models import Enrolment, Revision
from modules.privacy.mentions import Mentions
from modules.privacy.rows import Person
from modules.privacy.table import TABLE


def erase(user: User, *, keeps_proofs: bool) -> None:
    """Takes all that tells of a person. What was learnt stays with an account that nobody has."""
    _overwrite_what_goes()
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
        if locked is None or locked.is_erased:
            return
        erasures.note(locked, keeps_proofs=keeps_proofs, now=timezone.now())
        person = _person(locked, keeps_proofs=keeps_proofs)
        for rows in TABLE:
            rows.erase(person)
        if _has_done_nothing(locked):
            locked.delete()
        transaction.on_commit(_empty_the_log)


def erase_again() -> int:
    """Erases everybody whom a restored backup has brought back, and returns their number."""
    number = 0
    for user, keeps_proofs in erasures.brought_back():
        erase(user, keeps_proofs=keeps_proofs)
        number += 1
    return number


def _person(user: User, *, keeps_proofs: bool) -> Person:
    others = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    addresses = frozenset({user.email, *others})
    return Person(user, addresses, Mentions.of(user.name, addresses), keeps_proofs)


def _has_done_nothing(user: User) -> bool:
    """Tells whether the account is in no figure and no history, so that it need not stay."""
    return not (
        user.groups.exists()
        or Enrolment.objects.filter(learner=user).exists()
        or LogEntry.objects.filter(user=user).exists()
        or Revision.objects.filter(loaded_by=user).exists()
    )


def _overwrite_what_goes() -> None:
    """Lets SQLite write zeros over deleted rows, so that nobody finds them in the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _empty_the_log() -> None:
    """Takes the earlier pages out of the log of SQLite. Readers that still need them put this off."""
    if connection.vendor == "sqlite":
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
