from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bare.models import Page


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "page.html", {"page": get_object_or_404(Page, slug=slug)})
