"""Attempts in the admin: to be looked at; what is changed is a correction, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules import attempts, pages, progress, scoring
from modules.admin import corrections, doors
from modules.document import rules
from modules.forms import ReasonForm, ReopenForm
from modules.models import Attempt, Module


class LookOnly:
    """An admin in which nothing is added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Attempt)
class AttemptAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("learner", "module", "number", "started_at", "submitted_at", "result", "passed")
    list_filter = (("passed_at", admin.EmptyFieldListFilter), ("submitted_at", admin.EmptyFieldListFilter))
    list_select_related = ("enrolment__learner", "quiz__module")
    list_per_page = 50
    search_fields = ("enrolment__learner__name", "enrolment__learner__email", "quiz__module__title")
    search_help_text = gettext_lazy("Search by name, e-mail or module")
    actions = None

    @admin.display(description=gettext_lazy("learner"), ordering="enrolment__learner__name")
    def learner(self, attempt: Attempt) -> str:
        return str(attempt.enrolment.learner.name or attempt.enrolment.learner.email)

    @admin.display(description=gettext_lazy("module"), ordering="quiz__module__title")
    def module(self, attempt: Attempt) -> str:
        return attempt.quiz.module.title

    @admin.display(description=gettext_lazy("grade"))
    def result(self, attempt: Attempt) -> str:
        if attempt.grade is None:
            return _("not submitted") if attempt.is_abandoned else _("under way")
        return number_format(scoring.shown(attempt.grade))

    @admin.display(description=gettext_lazy("passed"), boolean=True, ordering="passed_at")
    def passed(self, attempt: Attempt) -> bool | None:
        return None if attempt.is_open else attempt.is_passed

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/corrections/", guard(corrections.attempt), name="modules_attempt_corrections"),
            path("<int:pk>/marks/<int:place>/", guard(corrections.mark), name="modules_attempt_mark"),
            *super().get_urls(),
        ]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in ("quiz__module__id__exact", "enrolment__id__exact") or super().lookup_allowed(
            lookup, value, request
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        doors.writers_only(request)
        attempts.close_late(Attempt.objects.all(), now=timezone.now())
        return super().changelist_view(request, {"title": _("Attempts")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        doors.writers_only(request)
        return detail(request, doors.number(object_id))


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One attempt: each question as it was asked, what was answered, what is right, and the mark."""
    attempts.close_late(Attempt.objects.filter(pk=pk), now=timezone.now())
    found: QuerySet[Attempt] = Attempt.objects.select_related("enrolment__learner", "quiz__module")
    attempt = get_object_or_404(found, pk=pk)
    module = Module.objects.with_outline_for(attempt.enrolment.learner).get(pk=attempt.quiz.module_id)
    outline = progress.outline(module, attempt.enrolment.learner)
    return render(
        request,
        "admin/attempt.html",
        {
            "attempt": attempt,
            "module": module,
            "learner": attempt.enrolment.learner,
            "corrections": attempt.corrections.select_related("made_by"),
            "reason_form": ReasonForm(),
            "reopen_form": ReopenForm(),
            "by_hand": set(
                attempt.responses.filter(manual_mark__isnull=False).values_list("place", flat=True)
            ),
            "reviews": pages.reviews(attempt, outline, rules.ASPECTS),
            "crumbs": [
                (reverse("admin:modules_module_change", args=[module.pk]), module.title),
                (reverse("admin:modules_module_results", args=[module.pk]), _("Results")),
            ],
        },
    )
