"""Remembers in a signed cookie with which browser a person has signed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.keys import account_key
from accounts.models import User

SALT = "accounts.browsers"
AGE = 365 * 24 * 60 * 60  # seconds; a browser that has been away for longer is a stranger
MOST_ACCOUNTS = 10  # on a shared device; a higher number makes the cookie longer, and 4 kB is the end
KEY_LENGTH = 16  # signs of an account's key; enough to tell ten accounts apart


@dataclass(frozen=True, slots=True)
class Browser:
    identity: str
    accounts: tuple[str, ...] = ()

    def knows(self, email: str) -> bool:
        return _short_key(email) in self.accounts

    def with_accounts(self, *emails: str) -> Browser:
        """Returns the browser with these accounts, the newest first. The oldest are forgotten."""
        keys = [_short_key(email) for email in emails]
        return Browser(self.identity, tuple(dict.fromkeys([*keys, *self.accounts]))[:MOST_ACCOUNTS])


def known_browser(request: HttpRequest, email: str) -> str | None:
    """Returns the name of the browser if somebody has signed in with it by this address before.

    A session of the same person counts too: who is signed in only confirms the password.
    """
    if request.user.is_authenticated and request.user.email == email.lower():
        return f"session {request.session.session_key}"
    browser = _browser_of(request)
    return browser.identity if browser and browser.knows(email) else None


def remember_browser(request: HttpRequest, response: HttpResponse, user: User, email: str | None) -> None:
    """Sets the cookie by which the browser is known the next time."""
    browser = _browser_of(request) or Browser(secrets.token_urlsafe(16))
    browser = browser.with_accounts(user.email, *([email] if email else []))
    value = signing.dumps([browser.identity, *browser.accounts], salt=SALT)
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        value,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _browser_of(request: HttpRequest) -> Browser | None:
    value = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        identity, *accounts = signing.loads(value, salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError):
        return None
    return Browser(identity, tuple(accounts))


def _short_key(email: str) -> str:
    return account_key(email)[:KEY_LENGTH]
