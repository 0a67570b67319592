"""Lists attempts in the admin. An instructor changes them only by corrections, each with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bounded_search import BoundedSearch
from modules.admin import attempt as page
from modules.admin import corrections, permissions
from modules.models import Attempt
from modules.quizzes import attempts, scoring


class LookOnly:
    """Keeps instructors from adding, changing and deleting the rows of an admin."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class StateFilter(admin.SimpleListFilter):
    """Filters attempts by their state. Deleted ones are shown only where they are asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"
    conditions: ClassVar[dict[str, Q]] = {
        "open": Q(submitted_at__isnull=True, abandoned_at__isnull=True),
        "passed": Q(passed_at__isnull=False),
        "missed": Q(submitted_at__isnull=False, passed_at__isnull=True),
        "abandoned": Q(abandoned_at__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("open", _("under way")),
            ("passed", _("passed")),
            ("missed", _("not passed")),
            ("abandoned", _("not submitted")),
            ("deleted", _("deleted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Attempt]) -> QuerySet[Attempt]:
        if self.value() == "deleted":
            return queryset.filter(deleted_at__isnull=False)
        return queryset.filter(self.conditions.get(self.value() or "", Q()), deleted_at__isnull=True)


@admin.register(Attempt)
class AttemptAdmin(BoundedSearch, LookOnly, admin.ModelAdmin):
    list_display = ("learner", "module", "number", "started_at", "submitted_at", "result", "passed")
    list_display_links = ("module",)  # a name leads to its learner
    list_filter = (StateFilter,)
    list_select_related = ("enrolment__learner", "quiz__module")
    list_per_page = 50
    search_fields = ("enrolment__learner__name", "enrolment__learner__email", "quiz__module__title")
    search_help_text = gettext_lazy("Search by name, e-mail or module")
    actions = None
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return permissions.attempts_for(request)

    @admin.display(description=gettext_lazy("learner"), ordering="enrolment__learner__name")
    def learner(self, attempt: Attempt) -> str:
        address = reverse("admin:modules_module_learner", args=[attempt.quiz.module_id, attempt.enrolment_id])
        return format_html('<a href="{}">{}</a>', address, attempt.enrolment.learner)

    @admin.display(description=gettext_lazy("module"), ordering="quiz__module__title")
    def module(self, attempt: Attempt) -> str:
        return attempt.quiz.module.title

    @admin.display(description=gettext_lazy("grade"))
    def result(self, attempt: Attempt) -> str:
        if attempt.grade is None:
            return _("not submitted") if attempt.is_abandoned else _("under way")
        return number_format(scoring.shown(attempt.grade))

    @admin.display(description=gettext_lazy("passed"), ordering="passed_at")
    def passed(self, attempt: Attempt) -> str:
        if attempt.submitted_at is None:
            return "–"
        return _("passed") if attempt.is_passed else _("not passed")

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/corrections/", guard(corrections.attempt), name="modules_attempt_corrections"),
            path("<int:pk>/marks/<int:slot>/", guard(corrections.mark), name="modules_attempt_mark"),
            path("<int:pk>/late/<int:late>/", guard(corrections.late), name="modules_attempt_late"),
            *super().get_urls(),
        ]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in ("quiz__module__id__exact", "enrolment__id__exact") or super().lookup_allowed(
            lookup, value, request
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        permissions.writers_only(request)
        attempts.close_late(Attempt.objects.filter(pk__in=self.get_queryset(request)), now=timezone.now())
        return super().changelist_view(request, {"title": _("Attempts")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return page.detail(request, permissions.number(object_id))
