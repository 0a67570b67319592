"""Opens accounts and changes them on the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.addresses import normalised
from accounts.models import User
from accounts.roles import Role, give, new_password, open_account
from accounts.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Open an account and print its password, or give the account that is there another role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", help="the person's name")
        parser.add_argument("--role", choices=Role.values, help="learner where it is not said")
        parser.add_argument(
            "--reset-second-factor",
            action="store_true",
            help="take away the app, the passkeys and the recovery codes of a person who has lost them",
        )
        parser.add_argument(
            "--new-password", action="store_true", help="make a new one for an account that is there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            email = _checked_address(email)
            user = User.objects.filter(email=email).first()
        if user is None:
            role = Role(options["role"] or Role.LEARNER)
            _user, password = open_account(email, name=options["name"] or "", role=role)
        else:
            password = self._change(user, options)
        if password:
            self.stdout.write(f"{email}  {password}")
        if options["reset_second_factor"]:
            self._reset_second_factor(user, email)

    def _reset_second_factor(self, user: User | None, email: str) -> None:
        if user is not None and reset_second_factor(user):
            self.stdout.write(_("%(email)s signs in with the password alone now.") % {"email": email})
        else:
            self.stdout.write(_("%(email)s has no second factor.") % {"email": email})

    def _change(self, user: User, options: dict[str, Any]) -> str:
        """Makes the requested changes. Returns the new password, or an empty text if none was requested."""
        password = new_password() if options["new_password"] else ""
        if options["name"]:
            user.name = options["name"]
        if password:
            user.set_password(password)
        user.save()
        if options["role"]:
            give(user, Role(options["role"]))
        return password


def _checked_address(email: str) -> str:
    try:
        return normalised(email)
    except ValidationError as error:
        raise CommandError(_("%(email)s is not an e-mail address.") % {"email": email}) from error
