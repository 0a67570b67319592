"""Shows administrators, and nobody else, which tasks wait, run, failed and are done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tasks.models import StoredTask, TaskQuerySet, Worker

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STATES = (
    ("waiting", pgettext_lazy("task", "Waiting")),
    ("running", pgettext_lazy("task", "Running")),
    ("failed", pgettext_lazy("task", "Failed")),
    ("done", pgettext_lazy("task", "Done")),
)


def in_state(tasks: TaskQuerySet, state: str | None) -> TaskQuerySet:
    now = timezone.now()
    states: dict[str, Callable[[], TaskQuerySet]] = {
        "waiting": lambda: tasks.waiting(now),
        "running": lambda: tasks.running(now),
        "failed": tasks.failed,
        "done": tasks.done,
    }
    return states[state]() if state in states else tasks


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> tuple[tuple[str, StrPromise], ...]:
        return STATES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return in_state(cast(TaskQuerySet, queryset), self.value())


@admin.register(StoredTask)
class StoredTaskAdmin(admin.ModelAdmin):
    """Never shows the arguments of a task, because a mail may hold a link that signs somebody in."""

    list_display = ("name", "state", "enqueued_at", "due", "attempts")
    list_filter = (StateFilter,)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-enqueued_at", "-pk")
    actions = None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Refuses filters by a column in the address. They would tell the arguments letter by letter."""
        return lookup == StateFilter.parameter_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredTask]:
        return super().get_queryset(request).defer("arguments")

    @admin.display(description=gettext_lazy("task"), ordering="function")
    def name(self, task: StoredTask) -> str:
        return str(task)

    @admin.display(description=gettext_lazy("state"))
    def state(self, task: StoredTask) -> str:
        return str(dict(STATES)[state_of(task)])

    @admin.display(description=gettext_lazy("next attempt"), ordering="due_at")
    def due(self, task: StoredTask) -> datetime | None:
        return task.due_at if state_of(task) == "waiting" else None

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/attempt/", guard(attempt), name="tasks_storedtask_attempt"),
            path("<int:pk>/removal/", guard(removal), name="tasks_storedtask_removal"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        tasks = StoredTask.objects.all()
        counts = [(state, label, in_state(tasks, state).count()) for state, label in STATES]
        return super().changelist_view(
            request,
            {
                "title": _("Background work"),
                "counts": counts,
                "unanswered": tasks.unanswered().first(),
                "worker_runs": Worker.is_running(timezone.now()),
                "last_seen": Worker.last_seen(),
                **(extra_context or {}),
            },
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: object, **kwargs: object
    ) -> HttpResponse:
        task = task_for(request, object_id)
        if task is None:
            return gone(request)
        crumbs = [(reverse("admin:tasks_storedtask_changelist"), _("Background work"))]
        state = state_of(task)
        page = {"task": task, "state": state, "state_label": dict(STATES)[state], "problem": problem_of(task)}
        return render(request, "admin/task.html", page | {"crumbs": crumbs})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@require_POST
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets a failed task be tried again."""
    task = task_for(request, pk)
    if task is None:
        return gone(request)
    if task.retry(now=timezone.now()):
        messages.success(request, _("The task is tried again."))
    else:
        messages.info(request, _("The task has not failed, or the same task waits already."))
    return redirect("admin:tasks_storedtask_changelist")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Discards a failed task. A task that waits or runs is left alone."""
    task = task_for(request, pk)
    if task is None:
        return gone(request)
    if StoredTask.objects.failed().filter(pk=task.pk).delete()[0]:
        messages.success(request, _("The task is discarded."))
    else:
        messages.info(request, _("Only a failed task can be discarded."))
    return redirect("admin:tasks_storedtask_changelist")


def task_for(request: HttpRequest, pk: str | int) -> StoredTask | None:
    if not is_administrator(request):
        raise PermissionDenied
    number = int(pk) if str(pk).isdecimal() and len(str(pk)) < 19 else 0
    return StoredTask.objects.defer("arguments").filter(pk=number).first()


def gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("This task is no longer kept."))
    return redirect("admin:tasks_storedtask_changelist")


def state_of(task: StoredTask) -> str:
    if task.failed_at:
        return "failed"
    if task.done_at:
        return "done"
    return "running" if task.holder and task.due_at > timezone.now() else "waiting"


def problem_of(task: StoredTask) -> str:
    """Translates problems that this project words itself. Others are words of a server or a library."""
    return _(task.problem) if task.problem else ""


def is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
