"""Serves what a browser needs to go on without a network: a worker, a manifest, and what it may keep of a module."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from modules.reading import access, outlines

WORKER = settings.BASE_DIR / "static" / "js" / "worker.js"
PAPER = "#fbfaf6"  # the lightest colour of the pages, behind the icon while the site starts


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """Returns the worker. A browser lets it answer for the addresses below its own, so it is served from the top."""
    return FileResponse(WORKER.open("rb"), content_type="text/javascript; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Returns what a phone needs to put the site among its programs."""
    icon = {"src": static("icons/tuntas.svg"), "sizes": "any", "type": "image/svg+xml"}
    content = {
        "name": "Tuntas",
        "short_name": "Tuntas",
        "start_url": reverse("learning"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [icon],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Returns the page for an address that a browser without a network has not kept. It is the same for everybody."""
    return render(request, "offline.html")


@never_cache
@require_safe
def module_to_keep(request: HttpRequest, slug: str) -> JsonResponse:
    """Returns the addresses of a module that a learner may keep: its page and its sections, and never its quiz."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_out": True})
    module = access.module_for(request.user, slug)
    sections = outlines.outline(module, request.user).stops
    words = _(
        "No connection. You read the copy that this browser keeps. What you read is sent when you are connected."
    )
    return JsonResponse(
        {
            "revision": module.current_id,
            "title": module.title,
            "pages": [module.get_absolute_url(), *(stop.url for stop in sections)],
            "words": words,
        }
    )
