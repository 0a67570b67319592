"""Lets everything that is read within a block come from one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext as _


class Unsound(Exception):
    """Says that the database is damaged, so that nothing of it should be taken for a backup."""


@contextmanager
def one_moment() -> Iterator[None]:
    """Opens a transaction for reading. On SQLite it takes no lock for writing, as Django's own transactions do."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def check() -> None:
    """Raises Unsound if a look at the whole SQLite file finds damage, or a row that belongs to no other."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        faults = [row[0] for row in cursor.execute("PRAGMA integrity_check(1)").fetchall() if row[0] != "ok"]
        orphans = cursor.execute("PRAGMA foreign_key_check").fetchall()
    if faults:
        raise Unsound(_("The database is damaged: %(fault)s.") % {"fault": faults[0]})
    if orphans:
        raise Unsound(
            _("The database is damaged: a row of %(table)s belongs to a row of %(other)s that is missing.")
            % {"table": orphans[0][0], "other": orphans[0][2]}
        )
