"""Refuses requests that cannot be read, before anything reads them."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

READABLE = frozenset({"utf-8", "ascii"})


class ReadableRequest(WSGIRequest):
    """Reads a request as UTF-8, whatever character set it names.

    Django would decode the address by the named set before any middleware runs, and fail for some sets.
    """

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class ReadableRequestMiddleware:
    """Answers 400 if a request names a character set that no page of ours sends, and 404 if its address holds a NUL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if _codec(charset) not in READABLE:
            # The page of status 400 looks for a token in the form, which would raise once more.
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            raise BadRequest("The request cannot be read.")
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):  # a ValueError for a name that holds a NUL
        return ""
