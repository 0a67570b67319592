from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from modules.document import one_page
from modules.document.problems import DocumentError
from modules.document.syntax import source
from modules.management.reporting import content_of


class Command(BaseCommand):
    help = "Write the HTML that learners get for a document, on standard output."
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text, _encoding = source.decode(content_of(options["file"]))
        except DocumentError as error:
            raise CommandError("\n".join(problem.text(gettext) for problem in error.problems)) from None
        self.stdout.write(one_page.render(text))
