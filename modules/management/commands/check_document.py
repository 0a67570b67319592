from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from modules.document import archive, reader, source
from modules.document.problems import DocumentError
from modules.management.reporting import content_of, report


class Command(BaseCommand):
    help = "Say what is wrong with a document, on standard error; the exit status is 1 if it has an error."
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            problems = _read(content_of(path), path.rpartition("/")[2]).problems
        except DocumentError as error:
            problems = error.problems
        report(problems, path, self.stderr)
        if any(problem.severity == "error" for problem in problems):
            raise SystemExit(1)


def _read(content: bytes, name: str) -> reader.Document:
    images: dict[str, str] = {}
    if content.startswith(archive.SIGNATURE):
        unpacked = archive.unpack(content)
        content, name = unpacked.markdown, unpacked.name
        images = dict.fromkeys(unpacked.images, "/")
    text, _encoding = source.decode(content)
    return reader.read(text, name=name, images=images)
