import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import autoreload
from django.utils.translation import gettext as _

from tasks.models import StoredTask
from tasks.worker import WorkerLoop


def check_database() -> None:
    """Ends the command with one sentence and status 1 if the database cannot be used, so that a timer notices."""
    try:
        StoredTask.objects.exists()
    except Error as error:
        sentence = _("The tasks cannot be read from the database: %(reason)s")
        raise CommandError(sentence % {"reason": error}) from error


class Command(BaseCommand):
    help = "Run the tasks that wait: mails, rendering again after an upgrade, housekeeping."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run the tasks that are due, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        loop = WorkerLoop()
        if options["once"]:
            check_database()
            loop.run_all()
        elif settings.DEBUG:
            autoreload.run_with_reloader(loop.run)
        else:
            signal.signal(signal.SIGTERM, loop.stop)
            signal.signal(signal.SIGINT, loop.stop)
            loop.run()
