"""A form that comes too late: its token is no longer good, or who sent it is no longer signed in."""

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

TYPED = ("source", "text", "emails", "reason")  # the fields of forms in which people write


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose token is not good: whoever signs in again, in another window, gets another one.

    A learner gets an answer back to send once more; any other form leads back to its page, and what was typed is shown.
    """
    match = request.resolver_match
    if match and match.view_name == "attempt_question" and request.user.is_authenticated:
        return answers.question_again(request, **match.kwargs)
    back = _page_of_the_form(request)
    # What another site sends here in somebody's name is not shown as if they had written it.
    shown = {"back": back, "text": _typed(request) if back else ""}
    return render(request, "403_csrf.html", shown, status=403)


def sign_in_first(guard: View) -> View:
    """The guard of the admin's pages, but for what strangers send: where a sign-in has expired, they are told so."""

    @wraps(guard)
    def guarded(view: View, cacheable: bool = False) -> View:
        inside = guard(view, cacheable)

        @wraps(inside)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_late = request.method == "POST" and not request.user.is_authenticated
            return _signed_out(request) if is_late else inside(request, *args, **kwargs)

        return answer

    return guarded


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in with a sentence; what was typed is shown before, since it would get no further."""
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
