"""Answers when something fails: with our own page, in the reader's language, and never with a trace."""

import errno
import sys

from django.db import DatabaseError, DataError, IntegrityError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from accounts.language import language_of
from config import ground

# The disk is full, over its quota, read-only or failing.
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# PostgreSQL's names for a table and a column that do not exist: a migration is missing.
MISSING = {"42P01", "42703"}
RETRY_AFTER = "5"  # seconds


def broken(request: HttpRequest) -> HttpResponse:
    """Answers 503 if the ground is broken: the database, the disk, the cache. Answers 500 if the code is."""
    fault = sys.exc_info()[1]
    is_ground = fault is not None and is_of_the_ground(fault)
    with translation.override(language_of(request.COOKIES)):
        page = render_to_string("503.html" if is_ground else "500.html")
    response = HttpResponse(page, status=503 if is_ground else 500)
    response["Cache-Control"] = "no-store"
    response.fault = fault  # type: ignore[attr-defined]
    if is_ground:
        response["Retry-After"] = RETRY_AFTER
        # A connection would still hold a database file that somebody has replaced meanwhile.
        ground.close_connections()
    return response


def is_of_the_ground(fault: BaseException) -> bool:
    """Tells whether a fault would go away if the machine were mended, with the same code."""
    if isinstance(fault, ProgrammingError):
        return getattr(fault.__cause__, "sqlstate", "") in MISSING
    if isinstance(fault, DatabaseError):
        return not isinstance(fault, DataError | IntegrityError)
    if isinstance(fault, OSError):
        return fault.errno in DISK
    return type(fault).__module__.startswith("redis.")
