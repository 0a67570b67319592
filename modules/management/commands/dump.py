import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from modules.authoring import downloads
from modules.document.convert.recognise import recognise
from modules.document.problems import DocumentError
from modules.document.syntax import archive
from modules.management.broken_files import reason_of
from modules.models import Module


class Command(BaseCommand):
    help = "Write a module's document byte for byte: to standard output, or to files, with its pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", nargs="?")
        parser.add_argument("--all", action="store_true", help="write every module")
        parser.add_argument(
            "--without-key",
            action="store_true",
            help="write the text without the key of its questions, and the key into a file beside it (.kunci.md)",
        )
        parser.add_argument("--to", metavar="PATH", help="a .md or a .zip to write, or else a directory")

    def handle(self, *args: Any, **options: Any) -> None:
        copies = self._copies(options["slug"], every=options["all"])
        if options["without_key"]:
            copies = map(self._without_key, copies)
            if options["all"] and _kind(options["to"]) == "archive":
                raise CommandError(_("Without keys, every module needs a directory: --to DIRECTORY."))
        try:
            self._write(copies, options["to"], every=options["all"])
        except DocumentError as error:
            raise CommandError("\n".join(problem.text(_) for problem in error.problems)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or options['to']}: {reason_of(error)}") from None

    def _copies(self, slug: str | None, *, every: bool) -> Iterator[downloads.Copy]:
        if bool(slug) == every:
            raise CommandError(_("Name one module, or write --all."))
        if every:
            return downloads.copies(Module.objects.all())
        module = Module.objects.filter(slug=slug).first()
        if module is None:
            raise CommandError(_("There is no module “%(slug)s”.") % {"slug": slug})
        return iter([downloads.copy_of(module)])

    def _without_key(self, copy: downloads.Copy) -> downloads.Copy:
        """Returns the public text of a module with its key file, and says what of the text may still tell the key."""
        if recognise(copy.content.decode(copy.encoding)).shows_key:
            sentence = _(
                "%(slug)s: answers or a key stay in the text. Convert its questions first, and take out the lines that “manage.py check_document” names."
            )
            self.stderr.write(sentence % {"slug": copy.slug})
        return downloads.without_key(copy)

    def _write(self, copies: Iterator[downloads.Copy], to: str | None, *, every: bool) -> None:
        kind = _kind(to)
        if every and kind == "document":
            raise CommandError(_("Every module needs more than one file: --to DIRECTORY, or --to FILE.zip."))
        if to is None:
            self._print(next(copies))
        elif kind == "document":
            copy = next(copies)
            write_files([(Path(to).name, copy.content), *_key_beside(to, copy)], Path(to).parent)
        elif kind == "archive":
            self._pack(copies, Path(to), every=every)
        else:
            write_files(downloads.folders_of(self._noted(copies)), Path(to))

    def _pack(self, copies: Iterator[downloads.Copy], to: Path, *, every: bool) -> None:
        noted = self._noted(copies)
        if every:
            files = downloads.folders_of(noted)
        else:
            copy = next(noted)
            files = downloads.files_of(replace(copy, key=b""))
            write_files(
                _key_beside(str(to), copy), to.parent
            )  # never in the archive, which may go to anybody
        with whole(to) as file:
            archive.pack(files, file)

    def _print(self, copy: downloads.Copy) -> None:
        sys.stdout.buffer.write(copy.content)
        sys.stdout.buffer.flush()
        if copy.key:
            sentence = _("%(slug)s: the key is not written. “--to FILE.md” writes it to FILE.kunci.md.")
            self.stderr.write(sentence % {"slug": copy.slug})

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


def _key_beside(to: str, copy: downloads.Copy) -> list[tuple[str, bytes]]:
    """Returns the key file of a copy that is written to a path, if it has one."""
    return [(archive.key_name(Path(to).name), copy.key)] if copy.key else []


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
