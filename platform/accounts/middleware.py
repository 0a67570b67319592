"""Chooses the language and the time zone of a page, and leads people to what their account needs first."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from accounts import time_zones
from accounts.language import language_of
from accounts.second_factor import has_second_factor, needs_second_factor


class LanguageMiddleware:
    """Uses the language of the cookie, else the language of the installation.

    The language that the browser asks for does not count. Many browsers in Indonesia ask for English, though their
    readers do not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.COOKIES)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class TimeZoneMiddleware:
    """Shows times in the person's own time zone, else in that of the site.

    A picture shows no times. It asks for no person, so that it costs no query and every cache may keep it.
    """

    WITHOUT_TIMES = frozenset({"media"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with timezone.override(None):  # so that the zone of this request ends with it
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        own = None if name in self.WITHOUT_TIMES else time_zones.zone_of(request.user)
        if own:
            timezone.activate(own)


class OneTimePasswordMiddleware:
    """Leads whoever has a password that somebody else made to the page where they choose their own."""

    OPEN = frozenset(
        {"account_change_password", "account_logout", "account_reauthenticate", "language", "appearance"}
        | {"health", "media", "worker", "manifest", "privacy", "help"}
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self.OPEN or not getattr(request.user, "has_one_time_password", False):
            return None
        messages.info(request, _("Choose a password that only you know. Then you go on."))
        wanted = resolve_url(settings.FIRST_PAGE) if request.path == reverse("home") else request.path
        return redirect(f"{reverse('account_change_password')}?next={quote(wanted)}")


class SecondFactorMiddleware:
    """Leads staff without a second factor to its page, if the settings ask for one. Browsers keep no page with keys.

    The pages of the account stay open, so that a person can set it up or sign out.
    """

    OPEN = ("account_", "mfa_", "usersessions_")
    NEVER_KEPT = "/accounts/2fa/"
    ALSO_OPEN = frozenset({"account", "language", "health", "media"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(self.NEVER_KEPT):
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not settings.STAFF_SECOND_FACTOR or self._is_open(request):
            return None
        if not needs_second_factor(request.user) or has_second_factor(request.user):
            return None
        messages.warning(request, _("This site asks you for a second step. Set it up, then go on."))
        return redirect("mfa_index")

    def _is_open(self, request: HttpRequest) -> bool:
        name = request.resolver_match.view_name if request.resolver_match else ""
        return name.startswith(self.OPEN) or name in self.ALSO_OPEN
