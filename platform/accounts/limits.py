"""Limits wrong passwords and codes, so that nobody can guess one and nobody can lock out somebody else.

Each attempt is counted for the account that it names and for its origin: a known browser, or else a network address.
The counts lie in a table of their own, which is cleaned by age and never by size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.keys import account_key, origin_key
from accounts.models import WrongPassword


@dataclass(frozen=True, slots=True)
class Limit:
    """Allows a number of wrong passwords in a period. A higher number makes guessing easier."""

    amount: int
    period: timedelta


# One account from one origin. A person who mistypes waits for minutes; a guesser gets 1,440 tries a day.
ACCOUNT_AND_ORIGIN = Limit(5, timedelta(minutes=5))
# One account from everywhere, for guessers with many addresses. Known browsers are let in.
ACCOUNT = Limit(100, timedelta(days=1))
# One network address, for guessers with many accounts. Known browsers are let in. A school has one address.
ORIGIN = Limit(600, timedelta(minutes=10))

# Codes that nobody has given out, from one person: an account, or a browser that is not signed in.
CODES_OF_PERSON = Limit(20, timedelta(minutes=10))
# Such codes from one network address. A school has one address, so people who are signed in are let in. A guesser with
# 86,400 tries a day finds one of 1,000 classes in 27 years: a code has 39 bits.
CODES = Limit(600, timedelta(minutes=10))

LONGEST = max(limit.period for limit in (ACCOUNT_AND_ORIGIN, ACCOUNT, ORIGIN, CODES_OF_PERSON, CODES))
CODE = "code"  # stands for the account, which a code does not name


def begin_attempt(email: str, *, address: str, browser: str | None, now: datetime) -> WrongPassword | None:
    """Counts an attempt as a wrong password. The caller takes the count back if the password is right.

    ``browser`` names a browser with which the account has signed in before. Strangers have no influence on its counts.
    Returns None if the attempt is one too many. It is not counted then, so waiting always helps.
    """
    account = account_key(email)
    origin = origin_key(f"browser {browser}" if browser else f"address {address}")
    if _is_full(account, origin, is_known=browser is not None, now=now):
        return None
    attempt = _count(account, origin, now=now)
    # Several processes may have counted at the same moment. Each sees the rows of the others now.
    if _is_full(account, origin, is_known=browser is not None, now=now, own=1):
        attempt.delete()
        return None
    return attempt


@dataclass(frozen=True, slots=True)
class CodeGuesser:
    """Is somebody who types codes. ``person`` names an account or a browser; it is empty for a new browser."""

    person: str
    address: str
    is_signed_in: bool

    def has_tried_too_often(self, *, now: datetime) -> bool:
        """Tells whether the person has typed too many wrong codes. Right ones are refused then, too."""
        return bool(self.person) and _is_used_up(CODES_OF_PERSON, self.person, now=now)

    def is_in_a_guessing_network(self, *, now: datetime) -> bool:
        """Tells whether too many wrong codes came from the network, which stops people who are not signed in."""
        return not self.is_signed_in and _is_used_up(CODES, f"address {self.address}", now=now)

    def count_wrong(self, *, now: datetime) -> None:
        for source in filter(None, (self.person, f"address {self.address}")):
            _count(CODE, _origin_of_codes(source), now=now)


def _is_used_up(limit: Limit, source: str, *, now: datetime) -> bool:
    wrong = WrongPassword.objects.filter(account=CODE, origin=_origin_of_codes(source))
    return wrong.filter(at__gt=now - limit.period).count() >= limit.amount


def _origin_of_codes(source: str) -> str:
    """Keeps these counts apart from those of passwords, so that no mistyped code keeps anybody from signing in."""
    return origin_key(f"code from {source}")


def _is_full(account: str, origin: str, *, is_known: bool, now: datetime, own: int = 0) -> bool:
    """Tells whether a limit is used up. ``own`` is the number of rows that the attempt itself has written."""
    rows = WrongPassword.objects
    filled = [(ACCOUNT_AND_ORIGIN, rows.filter(account=account, origin=origin))]
    if not is_known:
        filled += [(ACCOUNT, rows.filter(account=account)), (ORIGIN, rows.filter(origin=origin))]
    return any(
        wrong.filter(at__gt=now - limit.period).count() - own >= limit.amount for limit, wrong in filled
    )


@transaction.atomic
def _count(account: str, origin: str, *, now: datetime) -> WrongPassword:
    WrongPassword.objects.filter(at__lte=now - LONGEST).delete()
    return WrongPassword.objects.create(account=account, origin=origin, at=now)
