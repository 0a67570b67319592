"""Answers requests for addresses that lead nowhere, or that lead elsewhere now."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.defaults import page_not_found

from modules.pages.withdrawn import withdrawn_page
from modules.reading import access


class SameRequestElsewhere(HttpResponseRedirect):
    """Redirects a request so that the browser repeats it elsewhere, with its query and the posted form."""

    status_code = 307

    def __init__(self, request: HttpRequest, url: str) -> None:
        query = request.META.get("QUERY_STRING")
        super().__init__(f"{url}?{query}" if query else url)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says that a module was withdrawn, or redirects the request to the module that had this address before.

    Otherwise answers that nothing is here.
    """
    if isinstance(exception, access.Withdrawn):
        page = withdrawn_page(request.user, exception.module)
        return render(request, "modules/withdrawn.html", {"page": page}, status=410)
    match = request.resolver_match
    slug = match.kwargs.get("slug") if match else None
    module = access.moved_module(request.user, slug) if slug else None
    if match and module:
        kwargs = match.kwargs | {"slug": module.slug}
        return SameRequestElsewhere(request, reverse(match.view_name, kwargs=kwargs))
    return page_not_found(request, exception)
