"""Tells where passkeys work. A browser ties a passkey to the name of a site, and refuses a number such as 127.0.0.1."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]


def passkeys_work(request: HttpRequest) -> bool:
    """Tells whether this installation has passkeys, and was asked for by a name."""
    return settings.HAS_PASSKEYS and not _is_number(_host(request))


def reason_against_passkeys(request: HttpRequest) -> str:
    """Says why no passkey works at the address of the request, and where one does. Empty if one works, or none can."""
    if not settings.HAS_PASSKEYS or passkeys_work(request):
        return ""
    if address := _address_with_a_name(request):
        return _("Passkeys work at %(address)s.") % {"address": address}
    return _("Passkeys work only where the site has a name. Here its address is a number.")


def at_a_name(view: View) -> View:
    """Makes a view of passkeys lead back with the reason where no passkey works."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if reason := reason_against_passkeys(request):
            messages.info(request, reason)
            return redirect("mfa_index" if request.user.is_authenticated else "account_login")
        return view(request, *args, **kwargs)

    return guarded


def _address_with_a_name(request: HttpRequest) -> str:
    if settings.SITE_URL:
        return "" if _is_number(urlsplit(settings.SITE_URL).hostname or "") else str(settings.SITE_URL)
    host, port = split_domain_port(request.get_host())
    is_own_machine = ipaddress.ip_address(host.strip("[]")).is_loopback
    if not is_own_machine or "localhost" not in settings.ALLOWED_HOSTS:
        return ""
    return f"{request.scheme}://localhost" + (f":{port}" if port else "")


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
