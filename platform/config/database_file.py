"""Notices that the file of the database is another one than before, or that it was emptied."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

Identity = tuple[int, int, bool]


class DatabaseFileMiddleware:
    """Opens the database again if somebody has put another file in its place.

    An open connection would go on with the file that is gone: answers would be acknowledged and lost. A look costs some
    microseconds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.identity: Identity | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            self._follow(Path(connection.settings_dict["NAME"]))
        return self.get_response(request)

    def _follow(self, file: Path) -> None:
        identity = identity_of(file)
        if identity != self.identity and connection.connection is not None:
            connection.close()
        self.identity = identity


def identity_of(file: Path) -> Identity:
    """Returns the numbers of the file and of its log, and whether the file is empty."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0, True
    try:
        log = file.with_name(f"{file.name}-wal").stat().st_ino
    except OSError:
        log = 0
    return status.st_ino, log, status.st_size == 0
