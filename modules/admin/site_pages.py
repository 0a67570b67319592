"""Lets administrators write the pages about the site."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from modules.authoring.site_pages import render_page
from modules.models import SitePage


@admin.register(SitePage)
class SitePageAdmin(admin.ModelAdmin):
    list_display = ("__str__", "changed_at")
    list_display_links = ("__str__",)
    actions = None
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "language", "text"),
                "description": _(
                    "Readers see the page in their language, or else in the other one. Without any, they see a short text that holds for every Tuntas."
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: SitePage, form: object, change: bool) -> None:
        render_page(obj)
        super().save_model(request, obj, form, change)
