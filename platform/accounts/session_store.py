"""Keeps sessions in the database, and those of people who are not signed in for an hour only.

Anybody can make such sessions by asking for a page, for example for the page that begins to sign in with a passkey.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

STRANGER_AGE = 3600  # seconds


class SessionStore(db.SessionStore):
    def get_session_cookie_age(self) -> int:
        """Returns the seconds after which the session expires."""
        return super().get_session_cookie_age() if SESSION_KEY in self else STRANGER_AGE
