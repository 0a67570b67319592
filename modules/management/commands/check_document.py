from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from modules.document.problems import DocumentError
from modules.management import files
from modules.management.broken_files import reason_of
from modules.management.file_problems import problems_of
from modules.management.reporting import report


class Command(BaseCommand):
    help = (
        "Say what is wrong with documents, on standard error. A directory stands for the documents in it. "
        "The exit status is 1 if a document has an error."
    )
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", metavar="PATH", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["paths"]
        try:
            documents = files.find(paths)
        except OSError as error:
            raise CommandError(f"{error.filename}: {reason_of(error)}") from error
        if not documents:
            raise CommandError(_("There is no Markdown file in %(paths)s.") % {"paths": ", ".join(paths)})
        are_fine = [self._is_fine(file) for file in documents]
        if not all(are_fine):
            raise SystemExit(1)

    def _is_fine(self, file: files.File) -> bool:
        """Reports the problems of a document, and returns whether it has no error."""
        try:
            problems = problems_of(file, files.open_file(file))
        except DocumentError as error:
            problems = error.problems
        except OSError as error:
            self.stderr.write(f"{file}: {reason_of(error)}")
            return False
        report(problems, str(file), self.stderr)
        return all(problem.severity != "error" for problem in problems)
