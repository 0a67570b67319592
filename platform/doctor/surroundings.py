"""Examines what is around the database: settings, cache, mail, files, backups, the worker."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backups import keeping
from config import ground
from config.settings import env
from doctor.finding import Finding, fine, note, wrong
from server import options
from tasks.models import StoredTask, Worker

LEAST_FREE = 1_000_000_000  # bytes; below it, images, logs and backups soon find no room
ALIKE = 0.8  # of two names, from which one is a slip of the other
OLD_AFTER = timedelta(days=2)  # a nightly backup that failed twice
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})


def misspelt(names: Iterable[str] | None = None) -> Finding:
    """Looks for names that are no settings: any in the file, and in the environment those that are nearly one."""
    options.read_options()
    known = {*env.names, *options.env.names}
    slips = []
    for name in sorted(set(os.environ if names is None else names) - known):
        meant = difflib.get_close_matches(name, known, n=1, cutoff=ALIKE)
        if meant or name in env.in_file:
            slips.append(f"{name} ({meant[0]}?)" if meant else name)
    if slips:
        return wrong(
            _("These names are no settings: %(names)s.") % {"names": ", ".join(slips)},
            _("Correct them; docs/settings.md lists all."),
        )
    return fine(_("All settings have known names."))


def site() -> Finding:
    """Looks at how people reach the site."""
    names = set(settings.ALLOWED_HOSTS) - LOCAL
    if not names:
        return note(
            _("ALLOWED_HOSTS has only names of this machine, so nobody else reaches the site."),
            _("Set it to the names of the site."),
        )
    if "*" in names:
        return wrong(_("ALLOWED_HOSTS lets every name in."), _("List the names of the site."))
    if not settings.HTTPS:
        return note(
            _("HTTPS is off: passwords cross the network in plain text."),
            _("Outside of a network of your own, put a proxy with HTTPS before the site."),
        )
    if not settings.PROXIES:
        return wrong(
            _(
                "HTTPS is on and PROXIES is 0, so the server takes every request for plain HTTP and redirects it."
            ),
            _("Set PROXIES to the number of proxies that write X-Forwarded-Proto."),
        )
    return fine(_("People reach it as %(names)s.") % {"names": ", ".join(sorted(names))})


def secret() -> Finding:
    file = settings.DATA_DIR / "secret_key"
    if len(settings.SECRET_KEY) < 50:
        return wrong(
            _("The secret has fewer than 50 signs."), _("Delete it, and run “python -m config.secret”.")
        )
    if file.is_file() and file.stat().st_mode & 0o077:
        return wrong(
            _("Other people of this machine may read %(file)s.") % {"file": file}, f"chmod 600 {file}"
        )
    return fine(_("Only the owner can read it."))


def cache() -> Finding:
    problem = ground.CHECKS["cache"]()
    if problem:
        return wrong(problem, _("Look at CACHE_URL, or run “manage.py prepare” where it is empty."))
    return fine(_("It keeps what it is given."))


def mail() -> Finding:
    if not settings.EMAIL_URL:
        return note(
            _("EMAIL_URL is empty, so the site sends no mail. Pages send people to you."),
            _("Set it if people should get invitations and new passwords by mail."),
        )
    try:
        connection = get_connection(settings.SENDING_BACKEND)
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        return wrong(
            _("The mail server does not let us in: %(reason)s.") % {"reason": error},
            _("Look at EMAIL_URL: scheme, name, password, host and port."),
        )
    if not settings.SITE_URL:
        return note(
            _("Mails work. SITE_URL is empty, so links have the name of the request."), _("Set SITE_URL.")
        )
    return fine(_("The mail server lets us in."))


def files() -> Finding:
    missing = ground.CHECKS["static files"]()
    if missing:
        return wrong(missing, "")
    free = shutil.disk_usage(settings.DATA_DIR).free
    room = {"n": f"{free / 1e9:.1f}", "folder": settings.DATA_DIR}
    if free < LEAST_FREE:
        return wrong(
            _("The disk of %(folder)s has only %(n)s GB left.") % room, _("Make room, or take a larger disk.")
        )
    if not os.access(settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.DATA_DIR, os.W_OK):
        return wrong(
            _("The folder %(folder)s cannot be written.") % {"folder": settings.MEDIA_ROOT},
            _("Give it to the user of the server."),
        )
    return fine(_("%(folder)s has %(n)s GB left.") % room)


def worker() -> Finding:
    now = timezone.now()
    if not Worker.is_running(now):
        last = Worker.last_seen()
        since = date_format(timezone.localtime(last), "DATETIME_FORMAT") if last else _("never")
        return wrong(
            _("No worker runs; last seen: %(time)s. No mail is sent.") % {"time": since},
            _("Start “manage.py work” beside the server."),
        )
    failed = StoredTask.objects.failed().count()
    if failed:
        return note(
            _("A worker runs, and %(n)d tasks have failed.") % {"n": failed},
            _("The page of background work in the admin says why, and tries them again."),
        )
    return fine(_("A worker runs."))


def backup() -> Finding:
    found = keeping.backups_in(settings.BACKUP_DIR)
    if not found:
        return note(
            _("There is no backup in %(folder)s.") % {"folder": settings.BACKUP_DIR},
            _("Set BACKUP_NIGHTLY=on, or run “manage.py backup” every night."),
        )
    made = datetime.fromtimestamp(found[0].stat().st_mtime, UTC)
    age = timezone.now() - made
    told = {"file": found[0].name, "n": age.days}
    if age > OLD_AFTER:
        return wrong(
            _("The newest backup, %(file)s, is %(n)d days old.") % told,
            _("Run “manage.py backup”, and look why the nightly one fails."),
        )
    return fine(_("The newest is %(file)s.") % told)
