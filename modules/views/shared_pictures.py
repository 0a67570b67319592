"""Serves the pictures of shared links: the cloth of a module, and that of the front page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from modules.pages.cloth_pictures import picture_of
from modules.pages.cloths import cloth_of
from modules.reading import access

FRONT = "kapas"  # the slug of the cloth that the front page shows first


@require_safe
def of_module(request: HttpRequest, slug: str) -> HttpResponse:
    return _answer(access.module_for(request.user, slug).slug)


@require_safe
def of_front(request: HttpRequest) -> HttpResponse:
    return _answer(FRONT)


def _answer(slug: str) -> HttpResponse:
    """Returns a picture, which every cache may keep: it shows the slug as a pattern, and nothing else."""
    headers = {"Cache-Control": "public, max-age=604800"}
    return HttpResponse(picture_of(cloth_of(slug)), content_type="image/png", headers=headers)
