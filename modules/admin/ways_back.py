"""Leads back to the page of the admin from which somebody came to a form."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500  # characters of an address; ours are far shorter


def way_back(request: HttpRequest) -> str:
    """Returns the address that a link has named as ``back``, if it is a page of the admin, or nothing."""
    address = request.GET.get("back", "")
    is_own = address.startswith(reverse("admin:index")) and len(address) <= LONGEST
    return address if is_own and url_has_allowed_host_and_scheme(address, None) else ""


def keeping(address: str, back: str) -> str:
    """Returns an address that still knows the way back."""
    return f"{address}?{urlencode({'back': back})}" if back else address
