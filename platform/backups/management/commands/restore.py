from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from backups import keeping, restoring
from backups.archive import About, Broken


class Command(BaseCommand):
    help = "Put a backup in the place of the database and add its images; then bring the database up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="a backup; without it, the newest one is named"
        )
        parser.add_argument(
            "--yes", action="store_true", help="replace a database that is in use without a question"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            raise CommandError(_newest())
        path = Path(options["file"])
        try:
            about = restoring.check(path)
            if restoring.is_used() and not options["yes"]:
                self._ask(about)
            self._restore(path)
        except Broken as problem:
            raise CommandError(str(problem)) from None
        except (OSError, Error) as error:
            raise CommandError(_("Nothing was restored: %(reason)s.") % {"reason": error}) from None

    def _ask(self, about: About) -> None:
        question = _(
            "The database has tables. What it holds goes out of use, and the backup of %(time)s with %(rows)d rows takes its place. Go on? [y/N] "
        )
        try:
            answer = input(question % {"time": about.made_at, "rows": about.rows})
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes", "ya"):
            raise CommandError(_("Nothing was changed. With --yes, nothing is asked."))

    def _restore(self, path: Path) -> None:
        if restoring.is_used() and not restoring.keeps_what_was_there():
            # It removes no old one, since that may be the backup that is restored.
            before = keeping.back_up(settings.BACKUP_DIR, keep=None, now=timezone.now())
            self.stdout.write(_("What was there is in %(file)s.") % {"file": before.file})
        import_string(settings.GATHER_BEFORE_RESTORING)(path.resolve().parent)
        restored = restoring.restore(path, now=timezone.now())
        if restored.kept:
            self.stdout.write(_("What was there is in %(file)s.") % {"file": restored.kept})
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(
            _("Restored: %(rows)d rows of %(time)s. Without the secret of that time, people sign in again.")
            % {"rows": restored.about.rows, "time": restored.about.made_at}
        )


def _newest() -> str:
    found = keeping.backups_in(settings.BACKUP_DIR)
    if not found:
        return _("Name a backup. There is none in %(folder)s.") % {"folder": settings.BACKUP_DIR}
    return _("Name a backup. The newest in %(folder)s is %(file)s.") % {
        "folder": settings.BACKUP_DIR,
        "file": found[0].name,
    }
