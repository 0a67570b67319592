"""Keeps sessions in the database, and those of people who are not signed in for an hour only.

Anybody can make such sessions by asking for a page, for example for the page that begins to sign in with a passkey.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

STRANGER_AGE = 3600  # seconds
# Every request of a person who is signed in reads it. Composing this query takes ten times as long as running it
# (`bench/pages.py`).
STORED = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def get_session_cookie_age(self) -> int:
        """Returns the seconds after which the session expires."""
        return super().get_session_cookie_age() if SESSION_KEY in self else STRANGER_AGE

    def load(self) -> dict[str, Any]:
        if "\0" in (self.session_key or ""):  # a quoted cookie can hold a NUL, and PostgreSQL refuses it
            self._session_key = None
            return {}
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(STORED, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
