"""Lets other packages act when somebody signs up, signs in or confirms an address.

Accounts know nothing of learning. So other packages add what they do for a person who arrives.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from accounts.models import User

Act = Callable[[HttpRequest, User], None]
Invites = Callable[[str], bool]

INVITED = "invited"  # key of the session; its value is an address, and the path of the invitation that it got
FILLED_IN = (
    "account_verified_email"  # key of allauth for the address that the form of the sign-up is bound to
)

_signed_up: list[Act] = []
_arrived: list[Act] = []
_invites: list[Invites] = []


def add(*, signed_up: Act, arrived: Act, invites: Invites) -> None:
    """Lets a package act in the transaction of a sign-up, and after each sign-in and each confirmed address.

    ``invites`` tells whether the package still invites an address.
    """
    _signed_up.append(signed_up)
    _arrived.append(arrived)
    _invites.append(invites)


def tell_signed_up(request: HttpRequest, user: User) -> None:
    for act in _signed_up:
        act(request, user)


def tell_arrived(request: HttpRequest, user: User) -> None:
    for act in _arrived:
        act(request, user)


def remember_invited(request: HttpRequest, address: str) -> None:
    """Binds a sign-up that leads back to this request to an address: its owner has opened a link that was mailed."""
    request.session[INVITED] = [address, request.path]
    request.session[FILLED_IN] = address


def invited_address(request: HttpRequest) -> str:
    """Returns the address whose invitation was opened in this browser, unless it was withdrawn since."""
    address = str(request.session.get(INVITED, [""])[0])
    return address if address and any(invites(address) for invites in _invites) else ""


def forget_invited(request: HttpRequest, *, but_for: str = "") -> None:
    """Frees the form of the sign-up, unless it leads to the invitation: another person may sit at this browser."""
    if INVITED in request.session and request.session[INVITED][1] != but_for:
        del request.session[INVITED]
        request.session.pop(FILLED_IN, None)
