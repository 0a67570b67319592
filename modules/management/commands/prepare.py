import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import erasures
from accounts.models import User
from accounts.roles import Role, open_account
from config import ground
from modules.authoring import rerendering
from modules.models import ownership
from modules.privacy import erasing
from modules.quizzes import finishes
from modules.search import index

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"

INSTRUCTOR = "instructor@example.com"  # owns the modules that ship
CAST = (
    (Role.LEARNER, "learner@example.com", "Sari Wulandari"),
    (Role.INSTRUCTOR, INSTRUCTOR, "Budi Hartono"),
    (Role.ADMINISTRATOR, "administrator@example.com", "Administrator"),
)


class Command(BaseCommand):
    help = "Bring database and static files up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anew",
            action="store_true",
            help="Begin with an empty database, though the folder has the files of an earlier one.",
        )

        parser.add_argument(
            "--examples",
            action="store_true",
            help="Give a database without accounts the modules that ship, and an account of each role.",
        )

    def handle(self, *args: Any, anew: bool = False, examples: bool = False, **options: Any) -> None:
        try:
            ground.check_before_prepare(is_anew=anew)
        except ground.Broken as broken:
            raise CommandError(str(broken)) from broken
        call_command("migrate", interactive=False, verbosity=0)
        erasures.gather()
        if number := erasing.erase_again():
            self.stdout.write(
                _("Erased again, because a backup had brought them back: %(number)d.") % {"number": number}
            )
        index.rebuild_outdated()
        rerendering.enqueue_outdated(now=timezone.now())
        finishes.enqueue_missing(now=timezone.now())
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if examples and not User.objects.exists():
            self.furnish()
        elif not User.objects.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write(
                _(
                    "Nobody is an administrator yet. Open an account for yourself: manage.py account YOU@EXAMPLE.ORG --name YOU --role administrator"
                )
            )
        if ownership.are_shared_as_before():
            self.stdout.write(
                _(
                    "All instructors may change all modules, as before this version. MODULES=owners in the environment lets only owners and helpers change a module; MODULES=shared keeps it as it is."
                )
            )

    @transaction.atomic
    def furnish(self) -> None:
        """Opens one account of each role and loads the modules that ship; all of it or nothing."""
        lines = []
        for role, email, name in CAST:
            _user, password = open_account(email, name=name, role=role)
            lines.append(f"{role.label!s:<15} {email:<28} {password}")
        for file in sorted(EXAMPLES.glob("*.md")):
            terms = {"publish": True, "owner": INSTRUCTOR}
            call_command("load", str(file), **terms, stdout=self.stdout, stderr=self.stderr)
        self.keep(lines)

    def keep(self, lines: list[str]) -> None:
        file = settings.DATA_DIR / "accounts.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        self.stdout.write(_("First accounts (shown once, kept in %(file)s):") % {"file": file})
        for line in lines:
            self.stdout.write(f"  {line}")
