"""Tells the browser which typed text the server has taken, so that ``unsaved-input.js`` forgets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

MARK = re.compile(r"[\w%.~!*'-]{1,900}:\d{1,16}", re.ASCII)  # under what the browser keeps it, and since when


def taken_when_led_on(view: View) -> View:
    """Tell the browser that what was typed is taken, where a form that was sent leads on to another page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return tell(request, response) if response.status_code == 302 else response

    return answer


def tell(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser that what was typed is taken. By a cookie, since the page that comes next may be any."""
    mark = request.POST.get("typed", "")
    if MARK.fullmatch(mark):
        response.set_cookie("taken", mark, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
