"""Gives each person one role, and keeps everything that follows from the role in one place."""

import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# A migration of `modules` gives the group its permissions, because accounts do not depend on learning.
INSTRUCTORS = "Instructors"

# Leaves out letters and digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    INSTRUCTOR = "instructor", _("Instructor")
    ADMINISTRATOR = "administrator", _("Administrator")


def role_of(user: User) -> Role:
    """Returns the role of a person, without a query."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    return Role.INSTRUCTOR if user.is_staff else Role.LEARNER


def groups_of_learners() -> models.QuerySet[Group]:
    """Returns the groups without permissions, such as classes. Anybody may be a member of them."""
    return Group.objects.filter(permissions=None).exclude(name=INSTRUCTORS)


@transaction.atomic
def give(user: User, role: Role) -> None:
    """Replaces the role of a person. The person stays in the groups of learners."""
    user.is_superuser = role == Role.ADMINISTRATOR
    user.is_staff = role != Role.LEARNER
    user.save(update_fields=["is_superuser", "is_staff"])
    instructors, _made = Group.objects.get_or_create(name=INSTRUCTORS)
    user.groups.set(
        [*groups_of_learners().filter(user=user), *([instructors] if role == Role.INSTRUCTOR else [])]
    )


@transaction.atomic
def open_account(email: str, *, name: str, role: Role) -> tuple[User, str]:
    """Makes an account for a person whose address needs no confirmation.

    Returns the person and the password. The password is not stored as text anywhere.
    """
    password = new_password()
    user = User.objects.create_user(email, password, name=name)
    give(user, role)
    confirm_address(user)
    return user, password


def confirm_address(user: User) -> None:
    """Makes the address of the account its only address, and marks it as confirmed without sending a mail."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def is_taken(email: str, *, by_other_than: User | None = None) -> bool:
    """Tells whether an account has this address already: as its own, or as another one that it has confirmed."""
    key = (by_other_than and by_other_than.pk) or 0  # no account has this number
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
    return (
        User.objects.filter(email__iexact=email).exclude(pk=key).exists()
        or confirmed.exclude(user_id=key).exists()
    )


def new_password() -> str:
    """Makes a password of four groups of four signs. It has 79 bits and can be typed from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _sign in range(4)) for _group in range(4))
