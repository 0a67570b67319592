"""Lets administrators see the statements that the store refused, send them again, or delete them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from modules.models import RefusedStatement


@admin.register(RefusedStatement)
class RefusedStatementAdmin(admin.ModelAdmin):
    list_display = ("identity", "said", "refused_at", "is_sent_again")
    readonly_fields = ("identity", "said", "refused_at", "is_sent_again", "statement")
    actions = ("send_again",)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Refused statements")} | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Send the chosen statements again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[RefusedStatement]) -> None:
        number = queryset.update(is_sent_again=True)
        sentence = ngettext(
            "%(number)d statement is sent again with the next ones.",
            "%(number)d statements are sent again with the next ones.",
            number,
        )
        messages.success(request, sentence % {"number": number})
