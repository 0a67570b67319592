"""Looks whether an installation stands on sound ground: its folder, its database, its migrations, its files.

Each problem is a sentence that says what is wrong and how to mend it.
"""

import json
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

WHOLE_CHECK = (
    200 * 1024 * 1024
)  # bytes of a database up to which a start reads all of it; raised, a start takes longer


PROBE_WAITS = 2  # seconds for the same lock
# Seconds for the lock of SQLite. With more, reading waits too while another program writes.
PATIENCE_OF_REQUESTS = 5


class Broken(Exception):
    """Says in one sentence why the server cannot start."""


class Away(Broken):
    """Says that the database server does not answer. The site may start, and waits for it."""


def check_before_prepare(*, is_anew: bool) -> None:
    """Raises Broken if preparing would trace or, worse, would begin anew beside the files of an earlier database."""
    _check_folder()
    _check_database()
    if not is_anew:
        _check_not_emptied()
    _check_not_ahead()


def check_before_run() -> None:
    """Raises Broken if no page could be served."""
    _check_folder()
    try:
        _check_database()
    except Away:
        _raise(_missing_static_files())
        raise
    _check_not_emptied()
    _check_not_ahead()
    _raise(_missing_migrations())
    _raise(_missing_static_files())


def close_connections() -> None:
    for each in connections.all(initialized_only=True):
        each.close()


def close_pools() -> None:
    """Closes what must not be shared between processes: connections, and the threads that watch them."""
    close_connections()
    for each in connections.all(initialized_only=True):
        if getattr(each, "pool", None):
            each.close_pool()  # type: ignore[attr-defined]


def bound_statements(seconds: int) -> None:
    """Lets PostgreSQL end a statement of this process that runs for so long. On SQLite, the server ends the process.

    On SQLite, another program may hold the lock for writing. Requests that wait for it must not hold all processes.
    """
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE_OF_REQUESTS
    if connection.vendor == "postgresql" and seconds:
        options = connection.settings_dict["OPTIONS"]
        bound = f"-c statement_timeout={1000 * seconds}"
        options["options"] = f"{options.get('options', '')} {bound}".strip()


# ---------------------------------------------------------------------------------------------- at a start


def _raise(problem: str) -> None:
    if problem:
        raise Broken(problem)


def _check_folder() -> None:
    folder = settings.DATA_DIR
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"x")
            trial.flush()
    except OSError as error:
        sentence = _("The folder %(folder)s cannot be written: %(reason)s.")
        raise Broken(sentence % {"folder": folder, "reason": error.strerror}) from error


def _check_database() -> None:
    if connection.vendor == "sqlite":
        _check_file()
        return
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise Away(
            _("The database server does not answer. Look at DATABASE_URL, and whether the server runs.")
        ) from error


def _check_file() -> None:
    file = Path(connection.settings_dict["NAME"])
    is_small = not file.exists() or file.stat().st_size <= WHOLE_CHECK
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)" if is_small else "SELECT count(*) FROM sqlite_master")
            sound = not is_small or cursor.fetchone() == ("ok",)
    except DatabaseError as error:
        is_held = "locked" in str(error)
        sentence = (
            _("The database %(file)s is held by another program. Stop that program, then try again.")
            if is_held
            else _(
                "The database %(file)s cannot be opened (%(reason)s). If it is damaged, put a backup in its place."
            )
        )
        raise Broken(sentence % {"file": file, "reason": error}) from error
    if not sound:
        raise Broken(_("The database %(file)s is damaged. Put a backup in its place.") % {"file": file})


def _check_not_emptied() -> None:
    """Raises Broken if the database has no tables, though the folder has the files of an earlier one."""
    if connection.introspection.table_names():
        return
    media, accounts = Path(settings.MEDIA_ROOT), settings.DATA_DIR / "accounts.txt"
    if accounts.exists() or (media.is_dir() and any(media.iterdir())):
        sentence = _(
            "The database is empty, but the folder %(folder)s has files of an earlier one. Put a backup of the database "
            "in its place. To begin anew beside these files, run “manage.py prepare --anew”."
        )
        raise Broken(sentence % {"folder": settings.DATA_DIR})


def _check_not_ahead() -> None:
    executor = MigrationExecutor(connection)
    known, ours = set(executor.loader.disk_migrations), executor.loader.migrated_apps
    ahead = sorted(f"{app}.{name}" for app, name in executor.loader.applied_migrations if app in ours)
    ahead = [each for each in ahead if tuple(each.split(".", 1)) not in known]
    replaced = {
        f"{app}.{name}" for each in executor.loader.replacements.values() for app, name in each.replaces
    }
    if ahead := [each for each in ahead if each not in replaced]:
        sentence = _("The database was made by a later release, which has %(name)s. Install that release.")
        raise Broken(sentence % {"name": ahead[-1]})


# ---------------------------------------------------------------------------------------------- at any time


def problems() -> Iterator[str]:
    """Yields why pages cannot be served now."""
    for name, find in CHECKS.items():
        try:
            problem = find()
        except Exception as error:  # whatever a check meets, the ground is not ready
            problem = _("It cannot be used (%(error)s).") % {"error": type(error).__name__}
        if problem:
            yield f"{name}: {problem}"


def _unwritable_database() -> str:
    """Writes a row and deletes it. The session is over, so that it opens nothing if the second step is never done."""
    key = f"ready{uuid.uuid4().hex[:27]}"
    with _short_wait_for_the_lock():
        Session.objects.create(
            session_key=key, session_data="", expire_date=timezone.now() - timedelta(days=1)
        )
        Session.objects.filter(session_key=key).delete()
    return ""


@contextmanager
def _short_wait_for_the_lock() -> Iterator[None]:
    """Lets SQLite wait for its lock for two seconds only, because a probe wants an answer."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        [before] = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {1000 * PROBE_WAITS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


def _missing_migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    sentence = _("The database lacks %(n)d migrations; the first is %(name)s. Run “manage.py prepare”.")
    return sentence % {"n": len(names), "name": names[0]} if names else ""


def _missing_static_files() -> str:
    """Says which collected files are missing. Only hashed names are collected, as a manifest lists them."""
    if not hasattr(staticfiles_storage, "read_manifest"):
        return ""
    manifest = staticfiles_storage.read_manifest()
    names = json.loads(manifest)["paths"].values() if manifest else []
    missing = [name for name in names if not staticfiles_storage.exists(name)]
    if not names or missing:
        return _("Static files are missing. Run “manage.py prepare”.")
    return ""


def _unusable_cache() -> str:
    key, value = "ready", uuid.uuid4().hex
    cache.set(f"{key}-{value}", value, timeout=10)
    return "" if cache.get(f"{key}-{value}") == value else _("The cache does not keep what it is given.")


CHECKS: dict[str, Callable[[], str]] = {
    "database": _unwritable_database,
    "migrations": _missing_migrations,
    "static files": _missing_static_files,
    "cache": _unusable_cache,
}
