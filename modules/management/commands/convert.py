from pathlib import Path, PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language, gettext

from modules.authoring import data_images
from modules.document.convert.document import convert
from modules.document.convert.foreign_file import ForeignFile, read_foreign_file
from modules.document.convert.other_formats import refuse_other_format
from modules.document.problems import DocumentError
from modules.document.syntax import archive, source
from modules.management.broken_files import reason_of
from modules.management.commands.dump import whole
from modules.management.reporting import content_of, report


class Command(BaseCommand):
    help = (
        "Write a document, with its questions of other notations in ours, or a file of another program as a document. "
        "What could not be carried over goes to standard error. docs/convert.md lists notations and files."
    )
    requires_system_checks = []  # needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--to", metavar="PATH", help="a .md, or a .zip with the pictures, instead of standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, to = options["file"], options["to"]
        content = content_of(path)
        file = read_foreign_file(content, PurePath(path).name, language=get_language() or "id")
        file = file or self._of_notations(content, path, takes_images=_is_archive(to))
        report(file.draft.losses, path, self.stderr)
        if any(problem.severity == "error" for problem in file.draft.losses):
            raise SystemExit(1)
        try:
            self._write(file, to)
        except OSError as error:
            raise CommandError(f"{error.filename or to}: {reason_of(error)}") from None

    def _of_notations(self, content: bytes, path: str, *, takes_images: bool) -> ForeignFile:
        """Returns a text with its questions in our notation, and with files of the images that it holds as data."""
        try:
            text, packed, name = _unpacked(content, PurePath(path).name)
            taken = _read(text, takes_images=takes_images)
            refuse_other_format(taken.text, name)
        except DocumentError as error:
            sentences = (f"{path}: {problem.text(gettext)}" for problem in error.problems)
            raise CommandError("\n".join(sentences)) from None
        converted = convert(taken.text, name)
        if converted.text == taken.text and not taken.count:
            self.stderr.write(
                gettext("%(file)s: there are no questions in another notation.") % {"file": path}
            )
        images = {path: image.content for path, image in taken.images.items()}
        return ForeignFile("Markdown", converted, packed | images)

    def _write(self, file: ForeignFile, to: str | None) -> None:
        text = file.draft.text.encode()
        if file.images and not _is_archive(to):
            sentence = gettext("Pictures that are not written: %(n)d. “--to FILE.zip” writes them, too.")
            self.stderr.write(sentence % {"n": len(file.images)})
        if to is None:
            self.stdout.write(file.draft.text, ending="")
            return
        with whole(Path(to)) as target:
            if _is_archive(to):
                archive.pack([(f"{Path(to).stem}.md", text), *sorted(file.images.items())], target)
            else:
                target.write(text)


def _is_archive(to: str | None) -> bool:
    return to is not None and Path(to).suffix.lower() == ".zip"


def _unpacked(content: bytes, name: str) -> tuple[bytes, dict[str, bytes], str]:
    """Returns the text of a file, its images and its name: those of the document in it if it is an archive."""
    if not content.startswith(archive.SIGNATURES):
        return content, {}, name
    unpacked = archive.unpack(content)
    return unpacked.markdown, dict(unpacked.images), unpacked.name


def _read(content: bytes, *, takes_images: bool) -> data_images.Taken:
    """Returns a text. Its images stay in it as data where no archive holds them beside it."""
    if takes_images:
        return data_images.take_from_file(content)[0]
    return data_images.Taken(source.decode(content)[0])
