import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from modules.authoring import downloads
from modules.document.problems import DocumentError
from modules.document.syntax import archive
from modules.models import Module


class Command(BaseCommand):
    help = "Write a module's document byte for byte: to standard output, or to files, with its pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", nargs="?")
        parser.add_argument("--all", action="store_true", help="write every module")
        parser.add_argument("--to", metavar="PATH", help="a .md or a .zip to write, or else a directory")

    def handle(self, *args: Any, **options: Any) -> None:
        copies = self._copies(options["slug"], every=options["all"])
        try:
            self._write(copies, options["to"], every=options["all"])
        except DocumentError as error:
            raise CommandError("\n".join(problem.text(_) for problem in error.problems)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or options['to']}: {error.strerror}") from None

    def _copies(self, slug: str | None, *, every: bool) -> Iterator[downloads.Copy]:
        if bool(slug) == every:
            raise CommandError(_("Name one module, or write --all."))
        if every:
            return downloads.copies()
        module = Module.objects.filter(slug=slug).first()
        if module is None:
            raise CommandError(_("There is no module “%(slug)s”.") % {"slug": slug})
        return iter([downloads.copy_of(module)])

    def _write(self, copies: Iterator[downloads.Copy], to: str | None, *, every: bool) -> None:
        kind = _kind(to)
        if every and kind == "document":
            raise CommandError(_("Every module needs more than one file: --to DIRECTORY, or --to FILE.zip."))
        if to is None:
            sys.stdout.buffer.write(next(copies).content)
            sys.stdout.buffer.flush()
        elif kind == "document":
            write_files([(Path(to).name, next(copies).content)], Path(to).parent)
        elif kind == "archive":
            self._pack(copies, Path(to), every=every)
        else:
            write_files(downloads.folders_of(self._noted(copies)), Path(to))

    def _pack(self, copies: Iterator[downloads.Copy], to: Path, *, every: bool) -> None:
        noted = self._noted(copies)
        files = downloads.folders_of(noted) if every else downloads.files_of(next(noted))
        with whole(to) as file:
            archive.pack(files, file)

    def _noted(self, copies: Iterable[downloads.Copy]) -> Iterator[downloads.Copy]:
        """Yields the copies, and reports on standard error what loading them elsewhere would not bring back."""
        for copy in copies:
            for path in copy.missing:
                sentence = _("%(slug)s: the picture “%(path)s” is lost and left out.")
                self.stderr.write(sentence % {"slug": copy.slug, "path": path})
            if copy.slug_when_new != copy.slug:
                sentence = _(
                    "%(slug)s: the document does not say this address; loaded elsewhere, the module gets “%(other)s”. "
                    "“slug: %(slug)s” in its front matter keeps it."
                )
                self.stderr.write(sentence % {"slug": copy.slug, "other": copy.slug_when_new})
            yield copy


def _kind(to: str | None) -> str:
    """Returns what is written there: one ``document``, an ``archive`` or a ``directory``."""
    if to is None:
        return "document"
    if Path(to).is_dir():
        return "directory"
    suffix = Path(to).suffix.lower()
    return "archive" if suffix == ".zip" else "document" if suffix in archive.MARKDOWN else "directory"


def write_files(files: Iterable[tuple[str, bytes]], directory: Path) -> None:
    """Writes paths and contents into a directory. Raises :class:`DocumentError` for a path that leads out of it."""
    for path, content in files:
        target = directory / archive.safe(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as file:
            file.write(content)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file that gets its name only once all of it is written."""
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
