"""Shows the search of instructors: the modules that they may change and learners may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules.admin import permissions
from modules.models import Module
from modules.pages.search import for_instructors, search_page


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    permissions.writers_only(request)
    modules = Module.objects.changeable_by(request.user).indexed()
    page = search_page(request.GET.dict(), modules, request.user, for_instructors())
    crumbs = [(reverse("admin:modules_module_changelist"), _("Modules"))]
    return render(request, "admin/search.html", {"page": page, "crumbs": crumbs})
