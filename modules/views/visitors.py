"""Leads visitors to the sign-in where a page is not open to them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from modules.reading.access import SignInNeeded

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def signs_in_where_needed(view: View[P]) -> View[P]:
    """Leads to the sign-in, and from there back, if a view raises :class:`SignInNeeded`."""

    @wraps(view)
    def view_or_sign_in(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except SignInNeeded:
            return redirect_to_login(request.get_full_path())

    return view_or_sign_in
