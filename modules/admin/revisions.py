"""Lists revisions in the admin: every document as it was loaded, by whom and when."""

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

from accounts.bounded_search import BoundedSearch
from modules.admin import drafts, permissions, plan_cards
from modules.admin.attempts import LookOnly
from modules.admin.comparisons import compare_texts
from modules.admin.modules import download
from modules.authoring import uploads
from modules.models import Revision

MOST_ROWS = 2_000  # rows of a comparison


@admin.register(Revision)
class RevisionAdmin(BoundedSearch, LookOnly, admin.ModelAdmin):
    list_display = ("name", "loaded_at", "who", "filename", "what")
    list_select_related = ("module", "loaded_by")
    list_per_page = 50
    search_fields = ("module__title", "filename", "loaded_by__name", "loaded_by__email")
    search_help_text = gettext_lazy("Search by module, file name or person")
    ordering = ("-loaded_at",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return permissions.revisions_for(request).defer("text")

    @admin.display(description=gettext_lazy("revision"), ordering="module__title")
    def name(self, revision: Revision) -> str:
        return str(revision)

    @admin.display(description=gettext_lazy("loaded by"))
    def who(self, revision: Revision) -> str:
        person = revision.loaded_by
        return str(person.name or person.email) if person else ""

    @admin.display(description=gettext_lazy("what changed"))
    def what(self, revision: Revision) -> str:
        return plan_cards.what_changed(revision)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/document/", guard(document), name="modules_revision_document"),
            path("<int:pk>/draft/", guard(again), name="modules_revision_draft"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Revisions")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        revision = revision_for(request, object_id)
        return render(request, "admin/revision.html", _page(revision, request.GET.get("with")))


def revision_for(request: HttpRequest, pk: Any) -> Revision:
    permissions.writers_only(request)
    revisions = permissions.revisions_for(request).select_related("module__current", "loaded_by")
    return get_object_or_404(revisions, pk=permissions.number(pk))


def _page(revision: Revision, wanted: str | None) -> dict[str, Any]:
    others = revision.module.revisions.exclude(pk=revision.pk)
    other = get_object_or_404(others, pk=permissions.number(wanted)) if wanted else None
    return _comparison(revision, other) | {
        "revision": revision,
        "what": plan_cards.what_changed(revision),
        "is_current": revision.pk == revision.module.current_id,
        "previous": others.filter(number__lt=revision.number).first(),
        "crumbs": [
            (reverse("admin:modules_module_changelist"), _("Modules")),
            (reverse("admin:modules_module_change", args=[revision.module_id]), revision.module.title),
        ],
    }


def _comparison(revision: Revision, other: Revision | None) -> dict[str, Any]:
    """Returns the comparison of a revision with another one, the earlier one first."""
    if other is None:
        return {"other": None, "pair": [], "marked": None}
    pair = sorted((revision, other), key=lambda row: row.number)
    return {"other": other, "pair": pair, "marked": compare_texts(pair[0].text, pair[1].text, MOST_ROWS)}


@permissions.by_a_form_of("admin:modules_revision_change")
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins a draft of an earlier document, and shows its plan: the button “Go back to this revision”."""
    revision = revision_for(request, pk)
    images = uploads.former_images(revision)
    upload = uploads.Upload(revision.filename, revision.text, revision.encoding, images)
    return drafts.show(drafts.keep(upload, revision.module, request.user))


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Returns the document of a revision, byte for byte."""
    revision = revision_for(request, pk)
    name = f"{revision.module.slug}-{revision.number}.md"
    return download(revision.text, revision.encoding, name)
