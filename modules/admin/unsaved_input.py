"""Tells the browser which unsaved input the server has taken, so that ``unsaved-input.js`` forgets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]

STORED_AT = re.compile(
    r"[\w%.~!*'-]{1,900}:\d{1,16}", re.ASCII
)  # the key in the browser's storage, and the time


def taken_when_led_on(view: View) -> View:
    """Tells the browser that its input is taken, if the form leads to another page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        return tell(request, response) if response.status_code == 302 else response

    return answer


def tell(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tells the browser that its input is taken. A cookie says it, since any page may come next."""
    stored_at = request.POST.get("unsaved_input", "")
    if STORED_AT.fullmatch(stored_at):
        response.set_cookie("taken", stored_at, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response
