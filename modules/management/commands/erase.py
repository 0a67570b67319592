from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from modules.privacy import erasing, said


class Command(BaseCommand):
    help = (
        "Erase a person: nothing of name, address or what they typed stays. Figures stay without the person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would go and what would stay"
        )
        parser.add_argument(
            "--keep-proofs", action="store_true", help="let valid proofs stay, with their name"
        )
        parser.add_argument("--yes", action="store_true", help="erase without a question")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["address"].lower()).first()
        if user is None:
            raise CommandError(
                _("There is no account with the address %(email)s. Nothing was changed.")
                % {"email": options["address"]}
            )
        self._tell(user, keeps_proofs=options["keep_proofs"])
        if options["dry_run"]:
            return
        if not options["yes"]:
            self._ask()
        erasing.erase(user, keeps_proofs=options["keep_proofs"])
        self.stdout.write(_("Erased."))

    def _tell(self, user: User, *, keeps_proofs: bool) -> None:
        proofs = said.number_of_proofs(user)
        about_proofs = (
            _("Valid proofs stay, with the name on them: %(number)d.")
            if keeps_proofs
            else _("Valid proofs are withdrawn: %(number)d.")
        )
        goes = [*said.what_goes(user), *([about_proofs % {"number": proofs}] if proofs else [])]
        self.stdout.write(_("This goes, and cannot be brought back:"))
        self._list(goes)
        self.stdout.write(_("This stays:"))
        self._list(said.what_stays(user))

    def _list(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.stdout.write(f"  {sentence}")

    def _ask(self) -> None:
        try:
            answer = input(_("Erase this person? [y/N] "))
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes", "ya"):
            raise CommandError(_("Nothing was changed. With --yes, nothing is asked."))
