"""Lets learners switch reminders off: on their account page, and by the link of a mail without signing in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.language import chosen_language
from accounts.models import User
from modules.classes.reminder_choice import choose_reminders, wants_reminders
from modules.classes.reminder_mails import learner_with


@csrf_exempt  # mail programs post to it; the signed token shows that the mail was for them
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether the reminders of a mail's reader should end, and ends them.

    GET changes nothing, because programs that look for viruses open each link. POST answers without leading on, as
    RFC 8058 wants it.
    """
    learner = learner_with(token)
    if learner is None:
        return render(request, "modules/reminders.html", {"is_missing": True}, status=404)
    if request.method == "POST":
        choose_reminders(learner, on=request.POST.get("do") == "on", now=timezone.now())
    page = {"wants": wants_reminders(learner), "is_done": request.method == "POST"}
    language = chosen_language(request.COOKIES) or learner.language or translation.get_language()
    with translation.override(language):
        response = render(request, "modules/reminders.html", page)
    response.headers["Content-Language"] = language
    return response


@never_cache
@login_required
@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Takes the choice of the account page."""
    is_on = request.POST.get("do") == "on"
    choose_reminders(cast(User, request.user), on=is_on, now=timezone.now())
    messages.success(
        request, _("You get reminders by mail again.") if is_on else _("You get no more reminders by mail.")
    )
    return redirect("account")
