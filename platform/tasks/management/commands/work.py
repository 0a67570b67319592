import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import autoreload

from tasks.worker import WorkerLoop


class Command(BaseCommand):
    help = "Run the tasks that wait: mails, rendering again after an upgrade, housekeeping."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run the tasks that are due, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        loop = WorkerLoop()
        if options["once"]:
            loop.run_all()
        elif settings.DEBUG:
            autoreload.run_with_reloader(loop.run)
        else:
            signal.signal(signal.SIGTERM, loop.stop)
            signal.signal(signal.SIGINT, loop.stop)
            loop.run()
