from pathlib import PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from modules.document.convert.document import convert
from modules.document.problems import DocumentError
from modules.document.syntax import source
from modules.management.reporting import content_of, report


class Command(BaseCommand):
    help = (
        "Write a document on standard output, with its questions of other notations in ours. "
        "What could not be carried over goes to standard error. docs/convert.md lists the notations."
    )
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            text, _encoding = source.decode(content_of(path))
        except DocumentError as error:
            raise CommandError("\n".join(problem.text(gettext) for problem in error.problems)) from None
        converted = convert(text, PurePath(path).name)
        report(converted.losses, path, self.stderr)
        if converted.text == text:
            self.stderr.write(
                gettext("%(file)s: there are no questions in another notation.") % {"file": path}
            )
        self.stdout.write(converted.text, ending="")
