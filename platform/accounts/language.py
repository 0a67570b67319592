"""The choice of a language: kept in a cookie, and with the account of whoever is signed in."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language and goes back to the page that the choice was made on."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(page_to_return_to(request, form.data.get("next", "")))
    if form.is_valid():
        remember(response, form.cleaned_data["language"])
        if request.user.is_authenticated:
            request.user.language = form.cleaned_data["language"]
            request.user.save(update_fields=["language"])
    return response


def remember(response: HttpResponse, language: str) -> None:
    """Sets the cookie that LanguageMiddleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def page_to_return_to(request: HttpRequest, wish: str) -> str:
    """The wished page where it is one of ours, else the first page."""
    if url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure()):
        return wish
    return reverse("home")
