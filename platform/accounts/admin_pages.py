"""Lets administrators end the sessions of a person, and take away a second step that the person has lost."""

from __future__ import annotations

from typing import cast

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.devices import devices_of, end_sessions_of
from accounts.models import User
from accounts.second_factor import has_second_factor, reset_second_factor


class SessionForm(forms.Form):
    """Names one session, or none for all of them."""

    session = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


def devices(request: HttpRequest, pk: int) -> HttpResponse:
    """Lists where a person is signed in, and signs the person out there."""
    user = _account_for(request, pk)
    if request.method == "POST":
        form = SessionForm(request.POST)
        if form.is_valid():
            end_sessions_of(user, form.cleaned_data["session"])
            _write_history(request, user, _("The person was signed out on a device."))
            messages.success(request, _("Signed out there."))
        return redirect("admin:accounts_user_devices", pk)
    page = {"account": user, "devices": devices_of(user), "crumbs": _crumbs(user)}
    return render(request, "admin/devices.html", page)


def second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, and then takes the second step of a person away."""
    user = _account_for(request, pk)
    if user == request.user:
        return redirect("mfa_index")  # which asks for the password first
    if request.method == "POST":
        if reset_second_factor(user):
            _write_history(request, user, _("The second step was taken away."))
            messages.success(
                request, _("%(person)s signs in with the password alone now.") % {"person": user}
            )
        return redirect("admin:accounts_user_change", pk)
    if not has_second_factor(user):
        return redirect("admin:accounts_user_change", pk)
    return render(request, "admin/second_step.html", {"account": user, "crumbs": _crumbs(user)})


def number_of_devices(user: User) -> int:
    return len(UserSession.objects.purge_and_list(user))


def is_administrator(request: HttpRequest) -> bool:
    """Checks the role instead of permissions, so that no group can get access to accounts by mistake."""
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


def _account_for(request: HttpRequest, pk: int) -> User:
    if not is_administrator(request):
        raise PermissionDenied
    return get_object_or_404(User, pk=pk)


def _write_history(request: HttpRequest, user: User, message: str) -> None:
    LogEntry.objects.log_actions(cast(User, request.user).pk, [user], CHANGE, message, single_object=True)


def _crumbs(user: User) -> list[tuple[str, str]]:
    return [
        (reverse("admin:accounts_user_changelist"), _("Accounts")),
        (reverse("admin:accounts_user_change", args=[user.pk]), str(user)),
    ]
