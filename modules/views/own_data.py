"""Lets people take all that is stored about them, and delete their account."""

from __future__ import annotations

from typing import cast

from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.appearance import drop_pages_made_ready
from accounts.browsers import known_browser
from accounts.models import User, WrongPassword
from modules.forms.own_data import DeletionForm
from modules.privacy import erasing, own_archive, said

# Files of one's own data that a person may ask for in an hour. Each reads all rows of the person.
MOST_FILES, HOUR = 6, 3600


@never_cache
@login_required
@require_POST
def own_data(request: HttpRequest) -> HttpResponseBase:
    """Sends one ZIP with everything. The server writes it into a temporary file first."""
    user = cast(User, request.user)
    if not _may_have_another(user):
        messages.error(request, _("You have downloaded your data several times. Try again in an hour."))
        return redirect("account")
    now = timezone.now()
    file = own_archive.write(user, now=now)
    name = f"tuntas-{timezone.localdate(now):%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _may_have_another(user: User) -> bool:
    key = f"own-data:{user.pk}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) <= MOST_FILES
    except ValueError:  # it has just expired
        return True


@never_cache
@sensitive_post_parameters("password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, asks for the password, and erases the person."""
    user = cast(User, request.user)
    proofs, is_last = said.number_of_proofs(user), _is_last_administrator(user)
    form = DeletionForm(user=user, has_proofs=proofs > 0)
    if request.method == "POST" and not is_last:
        tried = _begin_attempt(request, user)
        if tried is None:  # the form is not asked, since it would tell whether the password is right
            messages.error(request, _("Too many wrong passwords. Try again in five minutes."))
            return redirect("account_deletion")
        form = DeletionForm(request.POST, user=user, has_proofs=proofs > 0)
        if form.is_valid():
            tried.rollback()
            return _deleted(request, user, keeps_proofs=form.keeps_proofs)
    page = {"form": form, "goes": said.what_goes(user), "stays": said.what_stays(user), "is_last": is_last}
    return render(request, "modules/account_deletion.html", page)


def _deleted(request: HttpRequest, user: User, *, keeps_proofs: bool) -> HttpResponse:
    erasing.erase(user, keeps_proofs=keeps_proofs)
    logout(request)
    messages.success(request, _("Your account is deleted."))
    response = redirect("home")
    drop_pages_made_ready(response)
    return response


def _begin_attempt(request: HttpRequest, user: User) -> WrongPassword | None:
    """Counts a password like one at the sign-in, so that nobody guesses it here."""
    browser = known_browser(request, user.email)
    return limits.begin_attempt(user.email, address=get_ip(request), browser=browser, now=timezone.now())


def _is_last_administrator(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()
