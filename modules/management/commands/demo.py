import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from modules.management.commands.prepare import CAST, EXAMPLES
from modules.management.demo import charts, filling
from modules.models import Module


class Command(BaseCommand):
    help = "Fill a database for development: modules, and two classes in the middle of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where there are other learners")

    def handle(self, *args: Any, **options: Any) -> None:
        if filling.is_filled():
            self.stdout.write("The demo is there already: nothing was changed.")
            return
        self._refuse_what_is_in_use(force=options["force"])
        accounts = self._fill()
        self._keep(accounts)

    def _refuse_what_is_in_use(self, *, force: bool) -> None:
        """Raises :class:`CommandError` where the demo would mix with somebody's work."""
        own = [email for _role, email, _name in CAST]
        others = User.objects.filter(is_staff=False).exclude(email__in=own).count()
        if others and not force:
            raise CommandError(
                f"There are {others} other learners in this database. Choose another DATA_DIR, "
                "or write --force (make demo FORCE=yes) to add the class to them."
            )
        if Module.objects.filter(slug=charts.SLUG).exists():
            raise CommandError(f"There is a module “{charts.SLUG}” already, which the demo would change.")

    @transaction.atomic
    def _fill(self) -> list[tuple[Role, str, str]]:
        """Makes everything, or nothing. Returns role, address and password of each account that it opened."""
        author, opened = filling.instructor()
        self._load_shipped_modules(author)
        return [*opened, *filling.fill(author, now=timezone.now())]

    def _load_shipped_modules(self, author: User) -> None:
        terms = {"publish": True, "owner": author.email, "stdout": self.stdout, "stderr": self.stderr}
        for slug in filling.SHIPPED:
            if not Module.objects.filter(slug=slug).exists():
                call_command("load", str(EXAMPLES / f"{slug}.md"), **terms)

    def _keep(self, accounts: Iterable[tuple[Role, str, str]]) -> None:
        """Prints the passwords once, and keeps them in a file that only its owner can read."""
        lines = [f"{role.label!s:<15} {email:<34} {password}" for role, email, password in accounts]
        file = settings.DATA_DIR / "demo-accounts.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        self.stdout.write(f"Accounts of the demo (shown once, kept in {file}):")
        for line in lines:
            self.stdout.write(f"  {line}")
