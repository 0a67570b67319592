from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from modules.document.convert.recognise import with_warnings
from modules.document.problems import DocumentError
from modules.document.syntax import parser
from modules.management import files
from modules.management.reporting import report


class Command(BaseCommand):
    help = "Say what is wrong with a document, on standard error; the exit status is 1 if it has an error."
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            problems = _read(files.single(Path(path))).problems
        except DocumentError as error:
            problems = error.problems
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        report(problems, path, self.stderr)
        if any(problem.severity == "error" for problem in problems):
            raise SystemExit(1)


def _read(file: files.File) -> parser.Document:
    opened = files.open_file(file)
    images = dict.fromkeys(files.images_of(file, opened), "/")
    return with_warnings(parser.parse_document(opened.document.text, name=opened.name, images=images))
