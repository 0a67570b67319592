"""Shows the pages about the site: help and privacy."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from modules.authoring.site_pages import written_page
from modules.models import SitePage


@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    return render(request, "site/help.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Shows what administrators wrote about privacy, or else what holds for every installation."""
    written = written_page(SitePage.Name.PRIVACY, get_language() or "")
    if written is None:
        return render(request, "site/privacy.html")
    page, html = written
    return render(request, "site/written.html", {"page": page, "html": html})
