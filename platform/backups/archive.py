"""Defines the file of a backup: a compressed tar of what it holds, the rows of each table, and the files of people.

``about.json`` comes first and names the tables with their hashes; ``files.json`` comes last and names the files with
theirs. So a reader knows of each part whether it is whole. The secret is never in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from backups import rows, snapshot

FORMAT = 1  # raised where an older reader would misread the file
ABOUT, FILES = "about.json", "files.json"
TABLES, MEDIA = "tables/", "media/"
CHUNK = 1024 * 1024  # bytes of a file that are in memory at once
LARGEST_ABOUT = 64 * 1024 * 1024
RESTORING = ".restoring"  # ends the name of a file that a restore writes, and leaves if it is killed
STRAY_FOR = 24 * 60 * 60  # seconds after which an unfinished file is one of a backup that was killed


class Broken(Exception):
    """Says in one sentence why a file is no backup that can be trusted."""


@dataclass(frozen=True, slots=True)
class About:
    """Tells what a backup holds: when it was made, by which release, at which migrations, and the rows by table.

    Each of ``tables`` has ``rows``, ``sha256`` and ``columns``.
    """

    format: int
    made_at: str
    release: str
    migrations: list[list[str]]
    tables: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.tables.values())

    @property
    def state(self) -> list[tuple[str, str]]:
        return [(app, name) for app, name in self.migrations]


# --------------------------------------------------------------------------------------------------- writing


def write(target: Path, *, now: datetime) -> About:
    """Writes a backup of everything into a new file, which has its name only when it is on the disk and verified."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_strays(target.parent, now)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(prefix=".tables-", dir=target.parent) as folder:
            about = _write_tables(Path(folder), now)
            with _new_file(unfinished) as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
                _add_bytes(tar, ABOUT, json.dumps(asdict(about), indent=1).encode())
                for name in about.tables:
                    tar.add(Path(folder) / name, TABLES + name)
                _add_bytes(tar, FILES, json.dumps(dict(_add_media(tar)), indent=1).encode())
        verify(unfinished)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return about


def _remove_strays(folder: Path, now: datetime) -> None:
    """Removes what a backup that was killed has left. One that goes on is younger."""
    for path in [*folder.glob(".tables-*"), *folder.glob(".*.unfinished")]:
        with suppress(FileNotFoundError):  # a backup has just ended
            if now.timestamp() - path.stat().st_mtime > STRAY_FOR:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file that only its owner can read, and waits at the end until the disk has it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _write_tables(folder: Path, now: datetime) -> About:
    with snapshot.one_moment():
        snapshot.check()
        state = sorted(MigrationRecorder(connection).applied_migrations())
        tables = {}
        for name, model in rows.models_at(state).items():
            with (folder / name).open("wb") as out:
                written = rows.write(model, out)
            tables[name] = {**written._asdict(), "columns": rows.columns(model)}
    migrations = [[app, name] for app, name in state]
    return About(FORMAT, now.isoformat(), version("tuntas"), migrations, tables)


def _add_media(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    """Adds the files that people stored, and yields their names with their hashes. Files never change once stored."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(_files_in(root)):
        name = file.relative_to(root).as_posix()
        try:
            content = file.open("rb")
        except FileNotFoundError:  # somebody has just removed it
            continue
        with content:
            member, watched = tarfile.TarInfo(MEDIA + name), Watched(content)
            found = os.fstat(content.fileno())
            member.size, member.mtime, member.mode = found.st_size, int(found.st_mtime), 0o600
            tar.addfile(member, cast(IO[bytes], watched))
            yield name, watched.digest.hexdigest()


def _files_in(root: Path) -> Iterator[Path]:
    """Yields the files of people, also those in a folder that is a link to another disk."""
    seen = set()
    for folder, below, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:  # a link leads back to where we come from
            below.clear()
            continue
        seen.add(real)
        paths = (Path(folder, name) for name in names if not name.endswith(RESTORING))
        yield from (path for path in paths if path.is_file())


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


# --------------------------------------------------------------------------------------------------- reading

# What a damaged or forged file leads to.
UNREADABLE = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError,
              RecursionError)  # fmt: skip

TakeTable = Callable[[str, Iterator[bytes]], None]
TakeFile = Callable[[str, "Watched"], None]


def read_about(path: Path) -> About:
    """Returns what a backup holds, or raises Broken."""
    with _opened(path) as tar:
        return _about(tar)


def read(path: Path, *, take_table: TakeTable, take_file: TakeFile) -> About:
    """Hands each table and each file of a backup on, and raises Broken if any of them is not what was written.

    The parts that are handed on count only when this has returned.
    """
    with _opened(path) as tar:
        about = _about(tar)
        tables: dict[str, str] = {}
        files: dict[str, str] = {}
        listed: dict[str, str] | None = None
        seen = {ABOUT}
        for member in islice(tar, 1, None):
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or member.name in seen:
                raise Broken(_strange(path))
            seen.add(member.name)
            if member.name == FILES:
                listed = json.loads(content.read(LARGEST_ABOUT))
                continue
            watched = Watched(content)
            if member.name.startswith(TABLES):
                take_table(member.name.removeprefix(TABLES), iter(watched.readline, b""))
                tables[member.name.removeprefix(TABLES)] = watched.finish()
            elif member.name.startswith(MEDIA) and _is_inside(member.name):
                take_file(member.name.removeprefix(MEDIA), watched)
                files[member.name.removeprefix(MEDIA)] = watched.finish()
            else:
                raise Broken(_strange(path))
        _read_to_the_end(tar)
    if tables != {name: table["sha256"] for name, table in about.tables.items()} or files != listed:
        raise Broken(
            _("The backup %(file)s is damaged: its parts are not what was written.") % {"file": path}
        )
    return about


def _read_to_the_end(tar: tarfile.TarFile) -> None:
    """Reads what follows the last part, since only the end of the file lets gzip compare its checksum."""
    while cast(IO[bytes], tar.fileobj).read(CHUNK):
        pass


def verify(path: Path) -> About:
    """Reads a whole backup as restoring does, without storing anything."""

    def leave(_name: str, _content: object) -> None:
        """Takes nothing: what is left of a part is read and hashed in any case."""

    return read(path, take_table=leave, take_file=leave)


class Watched:
    """Hashes what is read of a part of a backup."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.digest = content, hashlib.sha256()

    def readline(self) -> bytes:
        return self._hashed(self.content.readline())

    def read(self, size: int = -1, /) -> bytes:
        return self._hashed(self.content.read(size))

    def _hashed(self, part: bytes) -> bytes:
        self.digest.update(part)
        return part

    def finish(self) -> str:
        """Reads what is left, and returns the hash of the whole part."""
        while self.read(CHUNK):
            pass
        return self.digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:gz") as tar:
            yield tar
    except UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else _("it is damaged")
        sentence = _("The backup %(file)s cannot be read: %(reason)s.")
        raise Broken(sentence % {"file": path, "reason": reason}) from error


def _about(tar: tarfile.TarFile) -> About:
    first = tar.next()
    content = tar.extractfile(first) if first and first.name == ABOUT else None
    if content is None:
        raise Broken(_("The file %(file)s is no backup of Tuntas.") % {"file": tar.name})
    about = json.loads(content.read(LARGEST_ABOUT))
    if about["format"] > FORMAT:
        raise Broken(
            _("The backup was made by release %(release)s. Install that release or a later one.") % about
        )
    found = About(**about)
    if not (found.rows >= 0 and found.state):  # reads all of it, so that a forged one is noticed here
        raise ValueError("empty")
    return found


def _is_inside(name: str) -> bool:
    return ".." not in Path(name).parts and not Path(name.removeprefix(MEDIA)).is_absolute()


def _strange(path: Path) -> str:
    return _("The backup %(file)s has a part that no backup of Tuntas has.") % {"file": path}
