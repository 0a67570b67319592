"""Chooses the language of a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from accounts.language import language_of


class LanguageMiddleware:
    """Uses the language of the cookie, else the language of the installation.

    The language that the browser asks for does not count. Many browsers in Indonesia ask for English, though their
    readers do not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.COOKIES)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
