"""Shows the search of learners."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from modules.pages.search import for_learners, search_page
from modules.reading import access


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    modules = access.readable_modules(request.user)
    page = search_page(request.GET.dict(), modules, request.user, for_learners())
    return render(request, "modules/search.html", {"page": page})
