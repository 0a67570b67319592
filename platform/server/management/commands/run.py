import sys
from collections.abc import Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation

from config import ground, request_log
from server.connection import Headers, Request
from server.gate import Limits, Voice
from server.listening import address, listen
from server.master import Master
from server.options import Options, read_options
from server.warming import warm


class Command(BaseCommand):
    help = "Start the production server. HOST, PORT, WORKERS and TIMEOUT say how."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self._check_ground()
        chosen = read_options()
        listener = listen(chosen.host, chosen.port)
        application = get_internal_wsgi_application()  # WSGI_APPLICATION in the settings
        warm(application)
        resolve("/")  # loads all addresses and views
        ground.bound_statements(settings.STATEMENT_TIMEOUT)
        ground.close_pools()
        limits = Limits(chosen.workers, chosen.timeout, chosen.largest_body)
        voice = Voice(_apologies(), _report)
        self._greet(chosen)
        sys.exit(Master(application, listener, limits, voice).run())

    def _check_ground(self) -> None:
        try:
            ground.check_before_run()
        except ground.Away as away:
            self.stderr.write(f"{away} The site starts, and waits for it.")
        except ground.Broken as broken:
            raise CommandError(str(broken)) from broken

    def _greet(self, chosen: Options) -> None:
        self.stdout.write(f"Tuntas: http://{address(_shown_host(chosen.host), chosen.port)}/")
        accounts = settings.DATA_DIR / "accounts.txt"
        if accounts.is_file():
            self.stdout.write(f"Accounts: {accounts}")
        self.stdout.write("Ctrl+C stops it.")
        self.stdout.flush()


def _shown_host(host: str) -> str:
    """Returns a name by which people reach the server. Browsers know passkeys on ``localhost``, and not by a number."""
    names = [name for name in settings.ALLOWED_HOSTS if name[:1] not in ("*", ".")]
    if host in ("127.0.0.1", "::1"):
        return "localhost" if "localhost" in names else host
    return names[0] if host in ("0.0.0.0", "::") and names else host  # noqa: S104  it is compared, not opened


def _apologies() -> Callable[[str], tuple[Headers, bytes]]:
    """Returns what gives the page for a server that cannot answer, in the language of the cookies.

    The pages are made before the server starts: nothing may be missing when they are needed.
    """
    pages = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages[language] = render_to_string("503.html").encode()

    headers = [
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Content-Security-Policy", build_policy().encode()),
        (b"X-Frame-Options", settings.X_FRAME_OPTIONS.encode()),
    ]

    def apology(cookies: str) -> tuple[Headers, bytes]:
        language = settings.LANGUAGE_CODE
        with suppress(CookieError):
            morsel = SimpleCookie(cookies).get(settings.LANGUAGE_COOKIE_NAME)
            language = morsel.value if morsel and morsel.value in pages else language
        return headers, pages[language]

    return apology


def _report(request: Request, status: int, milliseconds: float, reason: str) -> None:
    path = request.target.partition(b"?")[0].decode("latin-1")
    fields = {
        "request": request.request_id,
        "method": request.method,
        "route": request_log.route_of(path),
        "status": status,
        "ms": round(milliseconds),
        "account": "-",
        "fault": reason.replace(" ", "-"),
    }
    request_log.tell(fields)
