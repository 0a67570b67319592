"""Lists where a person is signed in, and ends one of these sessions or all others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

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
    """One place where a person is signed in. ``since`` is the time of the sign-in."""

    key: int
    name: str
    address: str
    since: datetime
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
        page = super().get_context_data(**kwargs)
        return page | {"devices": [_device(session) for session in reversed(page["sessions"])]}

    def form_valid(self, form: EndSessionsForm) -> HttpResponse:
        form.save(self.request)
        messages.success(self.request, gettext("Signed out there."))
        return super(ListUserSessionsView, self).form_valid(form)


def device_name(user_agent: str) -> str:
    """Returns a name that people know, such as “Chrome, Android”."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return ", ".join(filter(None, found)) or gettext("Unknown device")


def _first(signs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, sign in signs if re.search(sign, text)), "")


def _device(session: UserSession) -> Device:
    return Device(
        session.pk, device_name(session.user_agent), session.ip, session.created_at, session.is_current()
    )


devices = DevicesView.as_view()
