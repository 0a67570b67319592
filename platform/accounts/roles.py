"""Who may do what: one role for each person, and everything that follows from it in one place."""

import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# What the group may do is said by a migration of the modules: who people are knows nothing of learning.
INSTRUCTORS = "Instructors"

# Without the letters and digits that are easily taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    INSTRUCTOR = "instructor", _("Instructor")
    ADMINISTRATOR = "administrator", _("Administrator")


def role_of(user: User) -> Role:
    """The role of a person, without a query."""
    if user.is_superuser:
        return Role.ADMINISTRATOR
    return Role.INSTRUCTOR if user.is_staff else Role.LEARNER


def groups_of_learners() -> models.QuerySet[Group]:
    """The groups that anybody may be put into, a class for example: those that give nobody any power."""
    return Group.objects.filter(permissions=None).exclude(name=INSTRUCTORS)


@transaction.atomic
def give(user: User, role: Role) -> None:
    """Makes the role the person's only one. They stay in the groups that have nothing to do with it."""
    user.is_superuser = role == Role.ADMINISTRATOR
    user.is_staff = role != Role.LEARNER
    user.save(update_fields=["is_superuser", "is_staff"])
    instructors, _made = Group.objects.get_or_create(name=INSTRUCTORS)
    user.groups.set(
        [*groups_of_learners().filter(user=user), *([instructors] if role == Role.INSTRUCTOR else [])]
    )


@transaction.atomic
def open_account(email: str, *, name: str, role: Role) -> tuple[User, str]:
    """Makes an account for somebody whose address is known to be theirs.

    Returns the person and the password, which is not kept anywhere else.
    """
    password = new_password()
    user = User.objects.create_user(email, password, name=name)
    give(user, role)
    confirm_address(user)
    return user, password


def confirm_address(user: User) -> None:
    """Makes the account's address its only one, and a confirmed one, so that nobody waits for a mail."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def new_password() -> str:
    """Four groups of four signs: 79 bits, and still something that can be typed from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _sign in range(4)) for _group in range(4))
