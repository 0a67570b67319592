"""Keeps the chosen language: in a cookie, and with the account of a person who is signed in."""

from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User

FRESH = "chosen_language"  # key of the session of somebody who is not signed in yet


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language and returns to the page on which it was chosen."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(page_to_return_to(request, form.data.get("next", "")))
    if form.is_valid():
        remember_language(response, form.cleaned_data["language"])
        if request.user.is_authenticated:
            _keep_with_account(request.user, form.cleaned_data["language"])
        else:
            request.session[FRESH] = form.cleaned_data["language"]
    return response


def apply_language(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Continues in the language of somebody who signs in. A choice that was made just before replaces the stored one.

    The cookie alone is no such choice: on a shared device it may be that of another person.
    """
    fresh = request.session.pop(FRESH, "")
    if fresh and fresh != user.language:
        _keep_with_account(user, fresh)
    if user.language:
        remember_language(response, user.language)


def language_of(cookies: Mapping[str, str]) -> str:
    """Returns the language of the cookie, else the language of the installation."""
    return chosen_language(cookies) or settings.LANGUAGE_CODE


def chosen_language(cookies: Mapping[str, str]) -> str:
    """Returns the language of the cookie, or an empty text if nobody has chosen one in this browser."""
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def remember_language(response: HttpResponse, code: str) -> None:
    """Sets the cookie that LanguageMiddleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _keep_with_account(user: User, code: str) -> None:
    user.language = code
    user.save(update_fields=["language"])


def page_to_return_to(request: HttpRequest, wanted: str) -> str:
    """Returns the wanted address if it belongs to this site, else the address of the first page."""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("home")
