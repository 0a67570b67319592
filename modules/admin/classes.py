"""Lists the classes of an instructor, and shows a class: how far its members are, its settings, its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.bounded_search import BoundedSearch
from accounts.site_address import site_address
from modules.admin import (
    class_link,
    class_modules,
    class_people,
    class_slips,
    due_dates,
    files,
    learners,
    permissions,
    unsaved_input,
)
from modules.admin.class_access import class_for, class_page, classes_of, frame, person_of
from modules.admin.overrides import differences
from modules.admin.sorting import LONGEST_SEARCH, column
from modules.classes import joining
from modules.classes.joining import LinkState
from modules.forms.classes import ClassForm, ClassSettingsForm
from modules.insights.class_progress import STATES, USUAL_ORDER, ProgressPage, ProgressQuery, progress_page
from modules.models import Module, Override, StudyClass
from modules.pages.qr_code import code_image
from modules.reading import access

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices
    from django.contrib.admin.views.main import ChangeList

View = Callable[..., HttpResponseBase]


class ArchivedFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", _("Archived"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StudyClass]) -> QuerySet[StudyClass]:
        return queryset.filter(archived_at__isnull=self.value() != "yes")

    def choices(self, changelist: ChangeList) -> Iterator[_ListFilterChoices]:
        """Names the first choice for what it shows: classes that are not archived, and never all."""
        first, *others = super().choices(changelist)
        first["display"] = _("Active")
        yield from (first, *others)


@admin.register(StudyClass)
class StudyClassAdmin(BoundedSearch, admin.ModelAdmin):
    list_display = ("name", "members", "modules")
    list_filter = (ArchivedFilter,)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("group__name",)
    search_help_text = gettext_lazy("Search by name")
    ordering = ("group__name",)
    actions = None
    delete_confirmation_template = "admin/class_deletion.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StudyClass]:
        return classes_of(request.user).annotate(
            member_total=Count("group__user", distinct=True), module_total=Count("assignments", distinct=True)
        )

    @admin.display(description=gettext_lazy("class"), ordering="group__name")
    def name(self, study_class: StudyClass) -> str:
        return study_class.name

    @admin.display(description=gettext_lazy("members"), ordering="member_total")
    def members(self, study_class: Any) -> int:
        return int(study_class.member_total)

    @admin.display(description=gettext_lazy("modules"), ordering="module_total")
    def modules(self, study_class: Any) -> int:
        return int(study_class.module_total)

    def get_urls(self) -> list[URLPattern]:
        guard: Callable[[View], View] = self.admin_site.admin_view
        views: dict[str, tuple[str, View]] = {
            "settings": ("<int:pk>/settings/", settings),
            "archiving": ("<int:pk>/archiving/", archiving),
            "people": ("<int:pk>/people/", class_people.people),
            "member": ("<int:pk>/members/<int:member>/", learners.member_page),
            "due_date": ("<int:pk>/members/<int:member>/due/<int:assignment>/", due_dates.due_date),
            "due_date_removal": (
                "<int:pk>/members/<int:member>/due/<int:assignment>/removal/",
                due_dates.removal,
            ),
            "removal": ("<int:pk>/members/<int:member>/removal/", class_people.removal),
            "sending": ("<int:pk>/invitations/<int:invitation>/sending/", class_people.sending),
            "withdrawal": ("<int:pk>/invitations/<int:invitation>/withdrawal/", class_people.withdrawal),
            "slips": ("<int:pk>/slips/", class_slips.slips),
            "slip_renewal": ("<int:pk>/slips/<int:member>/renewal/", class_slips.renewal),
            "modules": ("<int:pk>/modules/", class_modules.modules),
            "assignment": ("<int:pk>/modules/<int:assignment>/", class_modules.assignment),
            "unassigning": ("<int:pk>/modules/<int:assignment>/removal/", class_modules.removal),
            "link": ("<int:pk>/link/", class_link.link),
            "link_closing": ("<int:pk>/link/closing/", class_link.closing),
        }
        own = [
            path(route, guard(view), name=f"modules_studyclass_{name}")
            for name, (route, view) in views.items()
        ]
        return [*own, *files.urls_of_class(guard), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Classes")} | (extra_context or {}))

    def add_view(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        permissions.writers_only(request)
        return add(request)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: object, **kwargs: object
    ) -> HttpResponse:
        return members(request, object_id)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names the overrides of a class, which go with it: who may delete the class may delete them."""
        groups = [study_class.group_id for study_class in objs]
        overrides = [
            str(override)
            for override in Override.objects.filter(group__in=groups).select_related("quiz", "group")
        ]
        counts = {_("classes"): len(objs), Override._meta.verbose_name_plural: len(overrides)}
        return [*(str(study_class) for study_class in objs), *overrides], counts, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says what goes with a class and what stays, and offers to archive it."""
        study_class = class_for(request, object_id)
        overrides = Override.objects.filter(group=study_class.group_id).count()
        page = frame(study_class) | {
            "override_total": overrides,
            "pending": study_class.invitations.pending().count(),
        }
        page["crumbs"] = [*page["crumbs"], (class_page(study_class), study_class.name)]
        return super().delete_view(request, object_id, page | (extra_context or {}))

    def delete_model(self, request: HttpRequest, obj: StudyClass) -> None:
        obj.group.delete()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def add(request: HttpRequest) -> HttpResponse:
    form = ClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        study_class = form.make(by=person_of(request))
        return redirect("admin:modules_studyclass_people", study_class.pk)
    crumbs = [(reverse("admin:modules_studyclass_changelist"), _("Classes"))]
    return render(request, "admin/class_new.html", {"form": form, "crumbs": crumbs})


@require_safe
def members(request: HttpRequest, pk: str) -> HttpResponse:
    """Shows how far the members of a class are, and how more people get in."""
    study_class = class_for(request, pk)
    query = _query(request)
    now = timezone.now()
    progress = progress_page(study_class, query, now=now, number=request.GET.get("page", "1"))
    address = site_address(request) + reverse("join", args=[study_class.join_code or "-"])
    link_state = joining.link_state(study_class, now=now)
    page = {
        "tab": "members",
        "progress": progress,
        "states": STATES.items(),
        "query": query,
        "is_filtered": bool(query.search or query.state),
        "columns": _columns(progress, query.sort),
        "pending": study_class.invitations.pending().count(),
        "link_state": link_state,
        "code_image": code_image(address) if link_state is LinkState.OPEN else "",
        "address": address,
    }
    return render(request, "admin/class.html", frame(study_class) | page)


def _query(request: HttpRequest) -> ProgressQuery:
    """Reads from an address which members to show. It leaves unknown values out."""
    state = request.GET.get("state", "")
    return ProgressQuery(
        search=request.GET.get("q", "").strip()[:LONGEST_SEARCH],
        state=state if state in STATES else "",
        module=permissions.number(request.GET.get("module", "")) or None,
        sort=request.GET.get("sort", "") or USUAL_ORDER,
    )


def _columns(progress: ProgressPage, sort: str) -> dict[str, Any]:
    """Returns the heads of the columns: of the names, of each assigned module, and of the last visit."""
    return {
        "name": column(_("Member"), "name", sort),
        "modules": [
            (each, column(each.module.title, f"m{each.module_id}", sort, first_down=True))
            for each in progress.assignments
        ],
        "seen": column(_("Last seen"), "seen", sort, first_down=True),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    study_class = class_for(request, pk)
    form = ClassSettingsForm(request.POST or None, study_class=study_class, by=person_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The class is saved."))
        return redirect("admin:modules_studyclass_settings", pk)
    overrides = Override.objects.filter(group=study_class.group_id).select_related("quiz__module")
    changeable = {*Module.objects.changeable_by(request.user).values_list("pk", flat=True)}
    rows = [
        (override, override.quiz.module_id in changeable, differences(override.quiz, override))
        for override in overrides
    ]
    page = {"tab": "settings", "form": form, "overrides": rows}
    return render(request, "admin/class_settings.html", frame(get_object_or_404(StudyClass, pk=pk)) | page)


@permissions.by_a_form_of("admin:modules_studyclass_settings")
def archiving(request: HttpRequest, pk: int) -> HttpResponse:
    """Archives a class, or brings it back. Both keep everything."""
    study_class = class_for(request, pk)
    if request.POST.get("do") == "restore":
        study_class.restore()
        messages.success(request, _("The class goes on."))
    else:
        study_class.archive(now=timezone.now())
        messages.success(request, _("The class is archived. Its members and what they did are kept."))
    return redirect("admin:modules_studyclass_settings", pk)
