"""Serves the pictures of shared links: the cloth of a module, and that of the front page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from modules.document.syntax.access import Access
from modules.pages.cloth_pictures import picture_of
from modules.pages.cloths import cloth_of
from modules.reading import access

FRONT = "kapas"  # the slug of the cloth that the front page shows first


@require_safe
def of_module(request: HttpRequest, slug: str) -> HttpResponse:
    module = access.module_for(request.user, slug)
    is_for_all = module.is_published and module.access != Access.CLASSES
    return _answer(module.slug, kept_by="public" if is_for_all else "private")


@require_safe
def of_front(request: HttpRequest) -> HttpResponse:
    return _answer(FRONT)


def _answer(slug: str, *, kept_by: str = "public") -> HttpResponse:
    """Returns a picture, which shows the slug as a pattern, and nothing else.

    Every cache may keep it, unless the module is for some people only: an answer tells that there is such a module.
    """
    headers = {"Cache-Control": f"{kept_by}, max-age=604800"}
    return HttpResponse(picture_of(cloth_of(slug)), content_type="image/png", headers=headers)
