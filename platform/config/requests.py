"""Refuses requests that cannot be read, before anything reads them."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import parse_header_parameters

READABLE = frozenset({"utf-8", "ascii"})
FORM = "application/x-www-form-urlencoded"
# Forms that hold a document are sent in parts. Reading a percent sign of another form takes two microseconds and 180
# bytes, so a few megabytes of them would hold a process for seconds.
MOST_PERCENT_SIGNS = 100_000


class ReadableRequest(WSGIRequest):
    """Reads a request as UTF-8, whatever character set it names.

    Django would decode the address by the named set before any middleware runs, and fail for some sets.
    """

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class ReadableRequestMiddleware:
    """Answers 400 to a request that no page of ours sends, and 404 if its address or its query holds a NUL.

    Such a request names another character set, or is a form that takes long to read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if _codec(charset) not in READABLE:
            # The page of status 400 looks for a token in the form, which would raise once more.
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            raise BadRequest("The request cannot be read.")
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404  # PostgreSQL takes no NUL, wherever a page would look for it
        if request.content_type == FORM and request.method == "POST":
            _refuse_long_form(request)
        return self.get_response(request)


def _refuse_long_form(request: HttpRequest) -> None:
    if request.body.count(b"%") > MOST_PERCENT_SIGNS:
        request._mark_post_parse_error()  # type: ignore[attr-defined]
        raise RequestDataTooBig(
            "The form has too many percent signs. Forms with documents are sent in parts."
        )


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset).name
    except (LookupError, ValueError):  # a ValueError for a name that holds a NUL
        return ""
