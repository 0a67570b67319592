"""Names the cookies of an installation, and accepts their former names for one release."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# A browser takes a cookie with this prefix only from this very host over HTTPS. No neighbour under the same domain can
# set one.
PREFIX = "__Host-"


def cookie_name(name: str, *, https: bool) -> str:
    return PREFIX + name if https else name


@dataclass(frozen=True, slots=True)
class Renamed:
    """A cookie that release 0.2 set without the prefix: its name today, its age in seconds, and who may read it."""

    name: str
    age: int
    httponly: bool

    @property
    def former(self) -> str:
        return self.name.removeprefix(PREFIX)


class FormerCookiesMiddleware:
    """Reads the cookies of release 0.2 and gives them their new names, so that an upgrade signs nobody out.

    It goes away with the release after the next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.renamed = _renamed()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        taken = [cookie for cookie in self.renamed if _has_former_only(request, cookie)]
        for cookie in taken:
            request.COOKIES[cookie.name] = request.COOKIES[cookie.former]
        response = self.get_response(request)
        for cookie in taken:
            _rename(response, cookie, request.COOKIES[cookie.former])
        return response


def _renamed() -> list[Renamed]:
    cookies = (
        Renamed(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_AGE, settings.SESSION_COOKIE_HTTPONLY),
        Renamed(settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_AGE, settings.CSRF_COOKIE_HTTPONLY),
        Renamed(
            settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_AGE, settings.LANGUAGE_COOKIE_HTTPONLY
        ),
    )
    return [cookie for cookie in cookies if cookie.name.startswith(PREFIX)]


def _has_former_only(request: HttpRequest, cookie: Renamed) -> bool:
    return cookie.former in request.COOKIES and cookie.name not in request.COOKIES


def _rename(response: HttpResponseBase, cookie: Renamed, value: str) -> None:
    """Sets the cookie under its new name, unless the page has set or deleted it itself."""
    if cookie.name not in response.cookies:
        response.set_cookie(
            cookie.name, value, max_age=cookie.age, secure=True, httponly=cookie.httponly, samesite="Lax"
        )
    response.delete_cookie(cookie.former, samesite="Lax")
