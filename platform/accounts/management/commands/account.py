"""Opens accounts and changes them on the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.addresses import normalised
from accounts.models import User
from accounts.roles import Role, give, is_taken, new_password, open_account, role_of
from accounts.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Open an account and print its password, or change the account that is there."

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
        if user is not None:
            self._change(user, options)
        elif options["new_password"] or options["reset_second_factor"]:
            raise CommandError(
                _("There is no account with the address %(email)s. Nothing was changed.") % {"email": email}
            )
        elif is_taken(email):
            raise CommandError(_("Another account has the address %(email)s already.") % {"email": email})
        else:
            role = Role(options["role"] or Role.LEARNER)
            _user, password = open_account(email, name=options["name"] or "", role=role)
            self.stdout.write(f"{email}  {password}")

    def _change(self, user: User, options: dict[str, Any]) -> None:
        """Makes the requested changes, and says each of them."""
        if options["name"]:
            self._rename(user, options["name"])
        if options["role"]:
            self._give(user, Role(options["role"]))
        if options["new_password"]:
            self._set_new_password(user)
        if options["reset_second_factor"]:
            self._reset_second_factor(user)
        if not any(options[each] for each in ("name", "role", "new_password", "reset_second_factor")):
            self._say(
                _("%(email)s has an account already. Its role: %(role)s."), user, role=role_of(user).label
            )

    def _rename(self, user: User, name: str) -> None:
        user.name = name
        user.save(update_fields=["name"])
        self._say(_("%(email)s has the name %(name)s now."), user, name=name)

    def _give(self, user: User, role: Role) -> None:
        before = role_of(user)
        give(user, role)
        if role == before:
            self._say(_("%(email)s has this role already: %(role)s."), user, role=role.label)
        else:
            self._say(
                _("%(email)s has another role now: %(role)s instead of %(before)s."),
                user,
                role=role.label,
                before=before.label,
            )

    def _set_new_password(self, user: User) -> None:
        password = new_password()
        user.set_password(password)
        user.save()
        self.stdout.write(f"{user.email}  {password}")

    def _reset_second_factor(self, user: User) -> None:
        if reset_second_factor(user):
            self._say(_("%(email)s signs in with the password alone now."), user)
        else:
            self._say(_("%(email)s has no second factor."), user)

    def _say(self, sentence: str, user: User, **values: object) -> None:
        self.stdout.write(sentence % {"email": user.email, **values})


def _checked_address(email: str) -> str:
    try:
        return normalised(email)
    except ValidationError as error:
        raise CommandError(_("%(email)s is not an e-mail address.") % {"email": email}) from error
