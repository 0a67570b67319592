"""Says what goes with an account that is deleted, and what forbids deleting it.

Accounts know nothing of learning. So other packages add what they keep for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

Sentences = Callable[[User], Iterator[str]]

_goes: list[Sentences] = []
_forbids: list[Sentences] = []


def add(*, goes: Sentences, forbids: Sentences) -> None:
    """Lets a package say what it would delete with an account, and what would be lost for good."""
    _goes.append(goes)
    _forbids.append(forbids)


def what_goes(user: User) -> list[str]:
    """Returns a sentence for each kind of thing that is deleted with the account."""
    return [sentence for sentences in (_own, *_goes) for sentence in sentences(user)]


def what_forbids(user: User) -> list[str]:
    """Returns a sentence for each reason to close the account and not to delete it."""
    return [sentence for sentences in _forbids for sentence in sentences(user)]


def _own(user: User) -> Iterator[str]:
    yield _("The name, the password and the address %(email)s.") % {"email": user.email}
    if Authenticator.objects.filter(user=user).exists():
        yield _("The second step: the app, the passkeys and the recovery codes.")
    if number := UserSession.objects.filter(user=user).count():
        yield (
            ngettext(
                "The person is signed out on %(number)d device.",
                "The person is signed out on %(number)d devices.",
                number,
            )
            % {"number": number}
        )
    if number := LogEntry.objects.filter(user=user).count():
        yield (
            ngettext(
                "The history of %(number)d change that the person made in the admin.",
                "The history of %(number)d changes that the person made in the admin.",
                number,
            )
            % {"number": number}
        )
    if groups := ", ".join(user.groups.order_by("name").values_list("name", flat=True)):
        yield _("The place in these classes: %(groups)s.") % {"groups": groups}
