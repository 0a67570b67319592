"""Restores a backup: into an empty database, or in the place of what is there, which is kept beside.

On SQLite, a new file is made and takes the place of the old one together with its log. On PostgreSQL, all of it is one
transaction. So a restore that is interrupted leaves what was there before, or nothing that a server starts on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from backups import archive, rows
from backups.archive import About, Broken, Watched

LOGS = ("-wal", "-shm", "-journal")  # of an SQLite file; one that stays would be read into the restored file


@dataclass(frozen=True, slots=True)
class Restored:
    """Tells what was restored, and where the database that was there before is kept now."""

    about: About
    kept: Path | None


def check(path: Path) -> About:
    """Reads a whole backup. Raises Broken if it is damaged, or if a later release made it."""
    about = archive.verify(path)
    known = set(MigrationExecutor(None).loader.disk_migrations)
    ours = {app for app, _name in known}
    ahead = [f"{app}.{name}" for app, name in about.state if app in ours and (app, name) not in known]
    if ahead:
        sentence = _("The backup was made by release %(release)s, which has %(name)s. Install that release.")
        raise Broken(sentence % {"release": about.release, "name": ahead[-1]})
    tables = rows.models_at(about.state)
    for name in sorted(tables.keys() | about.tables.keys()):
        if name not in tables or rows.columns(tables[name]) != about.tables.get(name, {}).get("columns"):
            raise Broken(
                _("The backup has a table %(table)s that this release cannot read.") % {"table": name}
            )
    return about


def is_used() -> bool:
    """Tells whether the database has tables, so that restoring replaces something."""
    if connection.vendor == "sqlite" and not _file().exists():
        return False
    try:
        return bool(connection.introspection.table_names())
    except DatabaseError:
        if connection.vendor != "sqlite":
            raise
        return True  # a damaged file is something, too


def keeps_what_was_there() -> bool:
    """Tells whether restoring keeps the earlier database by itself. Elsewhere, make a backup of it before."""
    return connection.vendor == "sqlite"


def restore(path: Path, *, now: datetime) -> Restored:
    """Puts a backup in the place of the database, and adds its files. Nobody else may use the database meanwhile.

    Call :func:`check` first. Afterwards ``manage.py prepare`` brings the database up to date.
    """
    replace = _in_a_new_file if connection.vendor == "sqlite" else _in_one_transaction
    kept = replace(path, now)
    return Restored(archive.read_about(path), kept)


# ---------------------------------------------------------------------------------------------------- SQLite


def _in_a_new_file(path: Path, now: datetime) -> Path | None:
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _let_go(file)
    new = file.with_name(f"{file.name}.restoring")
    _remove(new)
    try:
        with _connected_to(new):
            _fill(path)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _let_go(file)  # again, since a server may have started meanwhile
    except BaseException:
        _remove(new)  # it may have filled the disk
        raise
    kept = file.with_name(f"{file.stem}.replaced-{now:%Y%m%d-%H%M%S}{file.suffix}")
    return _exchange(file, new, kept)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _let_go(file: Path) -> None:
    """Raises Broken while another program has the database open, because it would go on with the file that is gone."""
    if not file.exists():
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
            # Only who is alone may leave the mode in which there is a log. All of the log is in the file then.
            is_alone = cursor.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    except DatabaseError as error:
        is_alone = "locked" not in str(error)  # a damaged file is moved away as it is
    finally:
        connection.close()
    if not is_alone:
        raise Broken(_("The database is in use. Stop every server and every worker, then try again."))


@contextmanager
def _connected_to(file: Path) -> Iterator[None]:
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _exchange(file: Path, new: Path, kept: Path) -> Path | None:
    """Moves a database with its logs away, and the new file in its place."""
    was_there = file.exists()
    for suffix in ("", *LOGS):
        old = file.with_name(file.name + suffix)
        if old.exists():
            old.rename(kept.with_name(kept.name + suffix))
    for suffix in LOGS:
        new.with_name(new.name + suffix).unlink(missing_ok=True)
    with new.open("rb") as written:
        os.fsync(written.fileno())
    new.rename(file)
    return kept if was_there else None


def _remove(file: Path) -> None:
    for suffix in ("", *LOGS):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------------ PostgreSQL


def _in_one_transaction(path: Path, now: datetime) -> None:
    _raise_if_others_are_connected()
    with transaction.atomic():
        _drop_tables()
        _fill(path)


def _raise_if_others_are_connected() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # its other connections would count as others
    connection.settings_dict["OPTIONS"].pop("pool", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [others] = cursor.fetchone()
    if others:
        raise Broken(_("The database is in use. Stop every server and every worker, then try again."))


def _drop_tables() -> None:
    names = [table.name for table in connection.introspection.get_table_list(connection.cursor())]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")


# ------------------------------------------------------------------------------------------------------ both


def _fill(path: Path) -> None:
    """Makes the tables as they were at the backup, and stores its rows and files."""
    about = archive.read_about(path)
    tables = rows.models_at(about.state)
    _migrate(about)
    with connection.constraint_checks_disabled(), transaction.atomic():
        rows.empty(tables.values())

        def take_table(name: str, lines: Iterator[bytes]) -> None:
            rows.read(tables[name], lines)

        archive.read(path, take_table=take_table, take_file=_store_file)
    connection.check_constraints()
    rows.number_on(tables.values())


def _migrate(about: About) -> None:
    """Applies exactly the migrations that the backup knew."""
    executor = MigrationExecutor(connection, progress_callback=_check_at_once)
    graph, wanted = executor.loader.graph, set(about.state)
    followed = {
        parent.key
        for key in wanted
        if key in graph.nodes
        for parent in graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    executor.migrate(sorted(key for key in wanted - followed if key in graph.nodes))


def _check_at_once(action: str, *_more: object) -> None:
    """Checks what a migration has stored, because PostgreSQL alters no table for which checks are waiting."""
    if action == "apply_success" and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _store_file(name: str, content: Watched) -> None:
    """Writes a file of people. One that is there already is written again, for it may be damaged."""
    target = Path(settings.MEDIA_ROOT) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}{archive.RESTORING}")
    with unfinished.open("wb") as out:
        shutil.copyfileobj(content, out)
        out.flush()
        os.fsync(out.fileno())
    unfinished.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    unfinished.rename(target)
