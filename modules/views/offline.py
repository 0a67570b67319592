"""Serves what a browser needs to go on without a network: its worker, and the page for what it has not kept."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

WORKER = settings.BASE_DIR / "static" / "js" / "worker.js"


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """Returns the worker. A browser lets it answer for the addresses below its own, so it is served from the top."""
    return FileResponse(WORKER.open("rb"), content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Returns the page for an address that a browser without a network has not kept. It is the same for everybody."""
    return render(request, "offline.html")
