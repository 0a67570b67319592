"""Keeps how pages look and act in this browser: theme, size of text, and the key of the search, in a cookie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.language import page_to_return_to

# An empty text is the choice of the device, or the usual size.
THEMES = ("", "light", "dark")
SIZES = ("small", "", "large", "larger")
KEYS = ("", "off")  # whether the key "/" opens the search; people who dictate to their computer turn it off


@dataclass(frozen=True, slots=True)
class Appearance:
    """Holds what a browser has chosen. The page has it as attributes of its root, so nothing flashes."""

    theme: str = ""
    size: str = ""
    keys: str = ""


class AppearanceMiddleware:
    """Gives each request the appearance that its browser has chosen, as ``request.appearance``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.appearance = appearance_of(request.COOKIES)  # type: ignore[attr-defined]
        return self.get_response(request)


def appearance_of(cookies: Mapping[str, str]) -> Appearance:
    """Returns the appearance in the cookie. A part that is not known counts as not chosen."""
    theme, size, keys, *_more = [*cookies.get(settings.APPEARANCE_COOKIE_NAME, "").split("."), "", "", ""]
    return Appearance(
        theme if theme in THEMES else "", size if size in SIZES else "", keys if keys in KEYS else ""
    )


def drop_pages_made_ready(response: HttpResponseBase) -> None:
    """Asks the browser to forget the pages of this site that it has fetched or rendered ahead."""
    response["Clear-Site-Data"] = '"prefetchCache", "prerenderCache"'


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keeps a choice, and returns to the page on which it was made."""
    response = HttpResponseRedirect(page_to_return_to(request, request.POST.get("next", "")))
    chosen = appearance_of(request.COOKIES)
    if request.POST.get("theme") in THEMES:
        chosen = replace(chosen, theme=request.POST["theme"])
    if request.POST.get("size") in SIZES:
        chosen = replace(chosen, size=request.POST["size"])
    if request.POST.get("keys") in KEYS:
        chosen = replace(chosen, keys=request.POST["keys"])
    response.set_cookie(
        settings.APPEARANCE_COOKIE_NAME,
        f"{chosen.theme}.{chosen.size}.{chosen.keys}",
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    drop_pages_made_ready(response)  # they look as before the choice
    return response
