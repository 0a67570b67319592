"""Lists where a person is signed in, and ends one of these sessions or all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from accounts.models import User

SEEN = "seen_at"  # key of the session: when its last use was written down
SEEN_EVERY = timedelta(minutes=15)  # a shorter time is more exact, and writes two rows more often

# The first sign that is found counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One place where a person is signed in. ``since`` is the time of the sign-in.

    ``last_used`` is exact to SEEN_EVERY.
    """

    key: int
    name: str
    address: str
    since: datetime
    last_used: datetime
    is_this_one: bool


class EndSessionsForm(ManageUserSessionsForm):
    """Ends one session if it names one, else all but this one."""

    session = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def save(self, request: HttpRequest) -> None:
        key = self.cleaned_data["session"]
        if key is None:
            super().save(request)
        else:
            end_sessions(request, list(UserSession.objects.filter(pk=key, user=request.user)))


@method_decorator(never_cache, name="dispatch")
class DevicesView(ListUserSessionsView):
    form_class = EndSessionsForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A session that began before this page existed is listed from now on.
        UserSession.objects.create_from_request(self.request)
        return super().get_context_data(**kwargs) | {"devices": devices_of(self.request.user)}

    def form_valid(self, form: EndSessionsForm) -> HttpResponse:
        form.save(self.request)
        messages.success(self.request, gettext("Signed out there."))
        return super(ListUserSessionsView, self).form_valid(form)


class LastUseMiddleware:
    """Writes down now and then that a session is used. The session itself knows when that was done last.

    Sessions that began before this existed, and those of people who are not signed in, cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and (seen := request.session.get(SEEN)):
            _note_use(request, datetime.fromisoformat(seen), now=timezone.now())
        return response


def begin_use(request: HttpRequest) -> None:
    """Lets a session know since when it is used."""
    request.session[SEEN] = timezone.now().isoformat()


def _note_use(request: HttpRequest, seen: datetime, *, now: datetime) -> None:
    if now - seen < SEEN_EVERY:
        return
    with suppress(DatabaseError):  # a page is worth more than this note
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)
        request.session[SEEN] = now.isoformat()


def devices_of(user: User) -> list[Device]:
    """Returns where a person is signed in: this device first, then the one that was used last."""
    devices = [_device(session) for session in UserSession.objects.purge_and_list(user)]
    return sorted(devices, key=lambda device: (device.is_this_one, device.last_used), reverse=True)


def end_sessions_of(user: User, key: int | None) -> None:
    """Ends one session of a person, or all of them."""
    sessions = UserSession.objects.filter(user=user)
    for session in sessions if key is None else sessions.filter(pk=key):
        session.end()


def device_name(user_agent: str) -> str:
    """Returns a name that people know, such as “Chrome, Android”."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return ", ".join(filter(None, found)) or gettext("Unknown device")


def _first(signs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, sign in signs if re.search(sign, text)), "")


def _device(session: UserSession) -> Device:
    return Device(
        key=session.pk,
        name=device_name(session.user_agent),
        address=session.ip,
        since=session.created_at,
        last_used=session.last_seen_at,
        is_this_one=session.is_current(),
    )


devices = DevicesView.as_view()
