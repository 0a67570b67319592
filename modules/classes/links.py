"""Makes the codes and tokens with which people get into a class."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing

from accounts.roles import ALPHABET
from modules.models import Invitation, StudyClass

SIGNS = 8  # of a join code: 39 bits, with a limit on wrong ones
SALT = "modules.classes.invitation"
VALID = timedelta(days=14)  # of the link of an invitation; the invitation itself does not end


class BadToken(Exception):
    """Reports that a link belongs to no invitation. ``is_old``: it did, and its days are over."""

    def __init__(self, *, is_old: bool) -> None:
        super().__init__()
        self.is_old = is_old


def new_code() -> str:
    """Returns a code such as ``kd7w-m2px``, which can be typed from a blackboard."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(SIGNS))
    return f"{signs[:4]}-{signs[4:]}"


def class_with(code: str) -> StudyClass | None:
    """Returns the class that has a code, in small or large letters, with or without its dash."""
    signs = "".join(sign for sign in code.lower() if sign.isalnum())
    if len(signs) != SIGNS:
        return None
    classes = StudyClass.objects.select_related("group")
    return classes.filter(join_code=f"{signs[:4]}-{signs[4:]}").first()


def token_of(invitation: Invitation) -> str:
    """Returns what the link of an invitation says: its row and its address, signed."""
    return signing.dumps([invitation.pk, invitation.address], salt=SALT)


def invitation_with(token: str) -> Invitation:
    """Returns the invitation of a link. Raises :class:`BadToken`."""
    try:
        pk, address = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.SignatureExpired:
        raise BadToken(is_old=True) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise BadToken(is_old=False) from None
    invitations = Invitation.objects.select_related("study_class__group", "learner")
    invitation = invitations.filter(pk=pk, address=address).first()
    if invitation is None:
        raise BadToken(is_old=False)
    return invitation
