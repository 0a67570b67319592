from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from backups import keeping
from backups.archive import Broken
from backups.snapshot import Unsound


class Command(BaseCommand):
    help = "Back up database and images into one file, while the site runs, and read it again to verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="FOLDER", help="another folder than BACKUP_DIR")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="another number of backups than BACKUP_KEEP"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["to"]) if options["to"] else settings.BACKUP_DIR
        keep = settings.BACKUP_KEEP if options["keep"] is None else options["keep"]
        if keep < 1:
            raise CommandError(_("Keep at least one backup."))
        try:
            done = keeping.back_up(folder, keep=keep, now=timezone.now())
        except (Broken, Unsound) as problem:
            raise CommandError(" ".join([str(problem), _("Earlier backups are still there.")])) from None
        except (OSError, Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(
                _("The backup could not be written: %(reason)s.") % {"reason": reason}
            ) from None
        self.stdout.write(
            _(
                "%(file)s: %(rows)d rows, %(size)s MB, verified. The secret is not in it: keep %(secret)s apart."
            )
            % {
                "file": done.file,
                "rows": done.rows,
                "size": f"{done.size / 1e6:.1f}",
                "secret": settings.DATA_DIR / "secret_key",
            }
        )
        for old in done.removed:
            self.stdout.write(_("Removed %(file)s.") % {"file": old})
