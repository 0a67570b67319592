"""Tells pages that somebody looks at from those that a browser fetches or renders ahead."""

from __future__ import annotations

from django.http import HttpRequest


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Tells whether the browser asks for a page that its reader may never open."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def is_looked_at(request: HttpRequest) -> bool:
    """Tells whether a request shows a page to its reader, so that what the page tells counts as seen."""
    return request.method == "GET" and not is_fetched_ahead(request)
