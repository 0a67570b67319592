"""Answers forms that come too late: their token is no longer valid, or their sender is no longer signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from modules.views import answers

View = Callable[..., Any]

TYPED = ("source", "text", "emails", "reason")  # the names of form fields in which people write


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuses a form whose token is not valid. A token changes when a person signs in again, in another window.

    A learner gets their answer back to send once more. Any other form leads back to its page, and shows the typed text.
    """
    match = request.resolver_match
    if match and match.view_name == "attempt_question" and request.user.is_authenticated:
        return answers.question_again(request, **match.kwargs)
    back = _page_of_the_form(request)
    # A text that another site sends in a person's name is not shown as if that person had written it.
    shown = {"back": back, "text": _typed(request) if back else ""}
    return render(request, "403_csrf.html", shown, status=403)


def sign_in_first(guard: View) -> View:
    """Extends the guard of the admin's pages: a form that is sent after the sign-in expired gets an answer."""

    @wraps(guard)
    def guarded(view: View, cacheable: bool = False) -> View:
        admin_view = guard(view, cacheable)

        @wraps(admin_view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_late = request.method == "POST" and not request.user.is_authenticated
            return _signed_out(request) if is_late else admin_view(request, *args, **kwargs)

        return answer

    return guarded


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Leads to the sign-in with a sentence. Shows the typed text first, because the sign-in would lose it."""
    if text := _typed(request):
        return render(request, "signed_out.html", {"next": request.path, "text": text}, status=403)
    messages.warning(request, _("Nothing was saved: you were signed out. Sign in, then do it once more."))
    return redirect_to_login(request.path)


def _typed(request: HttpRequest) -> str:
    return next((text for name in TYPED if (text := request.POST.get(name, "")).strip()), "")


def _page_of_the_form(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else ""
