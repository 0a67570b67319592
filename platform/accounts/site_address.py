"""Says under which address an installation is reached, for links in mails."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

DEFAULT_PORTS = {"http": "80", "https": "443"}


def site_address(request: HttpRequest | None) -> str:
    """Returns the address without a slash at its end, such as ``https://belajar.example.org``.

    Outside of a request, it has the first name of the settings.

    A stranger who asks for a link may send any ``Host``. So its name counts only if the settings list it, and its port
    never counts.
    """
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{_name(request)}{_port(scheme)}"


def at_site_address(request: HttpRequest, url: str) -> str:
    """Returns a link with its scheme, name and port replaced by those of the installation."""
    parts = urlsplit(url)
    return site_address(request) + parts._replace(scheme="", netloc="").geturl()


def _name(request: HttpRequest | None) -> str:
    names = [name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))]
    asked = split_domain_port(request.get_host())[0] if request else "localhost"
    return asked if asked in names or not names else names[0]


def _port(scheme: str) -> str:
    """Returns the port of the server where people reach it directly. A proxy has the usual port."""
    is_direct = scheme == "http" and not settings.ALLAUTH_TRUSTED_PROXY_COUNT
    return f":{settings.PORT}" if is_direct and DEFAULT_PORTS[scheme] != settings.PORT else ""
