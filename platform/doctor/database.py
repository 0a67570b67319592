"""Examines the database: whether it answers, is whole, is up to date, and has the same time as this machine."""

from __future__ import annotations

from pathlib import Path

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups import snapshot
from config import ground
from doctor.finding import Finding, fine, wrong

# Parts of what PostgreSQL and its driver say, with the sentences that mean it.
REFUSALS = {
    "password authentication failed": gettext_lazy("The database server refuses the name or the password."),
    "no password supplied": gettext_lazy(
        "The database server asks for a password, and DATABASE_URL has none."
    ),
    "does not exist": gettext_lazy("The database server has no such database, or no such name."),
    "could not translate host name": gettext_lazy("Nobody knows the name of the database server."),
    "failed to resolve host": gettext_lazy("Nobody knows the name of the database server."),
    "refused": gettext_lazy("No database server listens at that address."),
    "timeout": gettext_lazy("The database server does not answer."),
}
MOST_SECONDS_APART = 2  # of two clocks; deadlines of attempts compare them


def database() -> Finding:
    try:
        _connect()
        ground.check_before_prepare(is_anew=False)
    except ground.Broken as broken:
        return wrong(str(broken), "")
    except (DatabaseError, OSError) as error:
        return wrong(_refusal(str(error)), _("Look at DATABASE_URL, and at the server of the database."))
    missing = ground.CHECKS["migrations"]()
    if missing:
        return wrong(missing, "")
    if connection.vendor == "sqlite":
        return fine(_("SQLite, %(file)s.") % {"file": Path(connection.settings_dict["NAME"])})
    return fine(_("PostgreSQL, %(name)s.") % {"name": connection.settings_dict["NAME"]})


def health() -> Finding:
    """Reads the whole file of SQLite. PostgreSQL looks after its own files."""
    try:
        snapshot.check()
    except snapshot.Unsound as unsound:
        return wrong(str(unsound), _("Stop the server, and run “manage.py restore” with the newest backup."))
    return fine(_("Every page of the database is whole."))


def clock() -> Finding:
    """Compares the clock of this machine with that of the database server."""
    if connection.vendor == "sqlite":
        return fine(_("The database is on this machine, and has its clock."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [there] = cursor.fetchone()
    apart = abs((timezone.now() - there).total_seconds())
    if apart > MOST_SECONDS_APART:
        return wrong(
            _("The clocks of this machine and of the database are %(n)d seconds apart.") % {"n": apart},
            _("Let a time service set both, since attempts end by the clock."),
        )
    return fine(_("This machine and the database have the same time."))


def _connect() -> None:
    """Connects without the pool, which would only say that it has waited."""
    if connection.vendor == "sqlite":
        return
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.ensure_connection()


def _refusal(said: str) -> str:
    found = (sentence for part, sentence in REFUSALS.items() if part in said)
    return str(next(found, "")) or _("The database cannot be used: %(reason)s") % {"reason": said.strip()}
