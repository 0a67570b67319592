"""Revisions in the admin: every document as it was loaded, by whom and when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from modules.admin import doors
from modules.admin.attempts import LookOnly
from modules.admin.modules import download
from modules.models import Revision


@admin.register(Revision)
class RevisionAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("name", "loaded_at", "who", "filename")
    list_select_related = ("module", "loaded_by")
    list_per_page = 50
    search_fields = ("module__title", "filename", "loaded_by__name", "loaded_by__email")
    search_help_text = gettext_lazy("Search by module, file name or person")
    ordering = ("-loaded_at",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).defer("text")

    @admin.display(description=gettext_lazy("revision"), ordering="module__title")
    def name(self, revision: Revision) -> str:
        return str(revision)

    @admin.display(description=gettext_lazy("loaded by"))
    def who(self, revision: Revision) -> str:
        person = revision.loaded_by
        return str(person.name or person.email) if person else ""

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        name = "modules_revision_document"
        return [path("<int:pk>/document/", guard(document), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Revisions")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        revision = revision_for(request, object_id)
        crumbs = [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[revision.module_id]), revision.module.title),
        ]
        return render(request, "admin/revision.html", {"revision": revision, "crumbs": crumbs})


def revision_for(request: HttpRequest, pk: Any) -> Revision:
    doors.writers_only(request)
    revisions = Revision.objects.select_related("module", "loaded_by")
    return get_object_or_404(revisions, pk=doors.number(pk))


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document of a revision, byte for byte."""
    revision = revision_for(request, pk)
    name = f"{revision.module.slug}-{revision.number}.md"
    return download(revision.text, revision.encoding, name)
