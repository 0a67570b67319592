"""Stores tasks of Django's interface as rows, in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from tasks.models import StoredTask


class RowBackend(BaseTaskBackend):
    """Is the backend for ``settings.TASKS``. django-tasks-db has no lease, no retry and no key; see bench/README.md."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task, args: Sequence[object], kwargs: Mapping[str, object]) -> TaskResult:
        self.validate_task(task)
        row = row_of(task, args, kwargs, now=timezone.now())
        row.save(force_insert=True)
        result = result_of(row)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult:
        row = StoredTask.objects.filter(pk=result_id).first() if str(result_id).isdecimal() else None
        if row is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(row)


def enqueue_once(task: Task, *args: object, now: datetime) -> None:
    """Enqueues a call of a task, unless the same call waits or runs already."""
    row = row_of(task, args, {}, now=now)
    row.key = _key(task, args)
    row.due_at = now
    StoredTask.objects.bulk_create([row], ignore_conflicts=True)


def has_gone_wrong(task: Task, *args: object) -> bool:
    """Tells whether a call that :func:`enqueue_once` has made was tried without success, and is tried again."""
    return StoredTask.objects.unfinished().filter(key=_key(task, args)).exclude(problem="").exists()


def _key(task: Task, args: Sequence[object]) -> str:
    return f"{task.module_path} {tuple(args)!r}"


def row_of(task: Task, args: Sequence[object], kwargs: Mapping[str, object], *, now: datetime) -> StoredTask:
    return StoredTask(
        function=task.module_path,
        arguments=normalize_json({"args": args, "kwargs": kwargs}),
        queue=task.queue_name,
        priority=task.priority,
        enqueued_at=now,
        due_at=task.run_after or now,
    )


def task_of(row: StoredTask) -> Task:
    """Returns the task function of a row. Raises ImportError if this version of the code has none."""
    return named(row.function).using(priority=row.priority, queue_name=row.queue)


def named(path: str) -> Task:
    task = import_string(path)
    if not isinstance(task, Task):
        raise ImportError(f"{path} is no task.")
    return task


def result_of(row: StoredTask) -> TaskResult:
    return TaskResult(
        task=task_of(row),
        id=str(row.pk),
        status=_status(row),
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
        finished_at=row.done_at or row.failed_at,
        last_attempted_at=row.started_at,
        args=row.arguments.get("args", []),
        kwargs=row.arguments.get("kwargs", {}),
        backend="default",
        errors=[TaskError(exception_class_path="builtins.Exception", traceback=row.problem)]
        if row.failed_at
        else [],
        worker_ids=[row.holder] * row.attempts,
    )


def _status(row: StoredTask) -> TaskResultStatus:
    if row.done_at:
        return TaskResultStatus.SUCCESSFUL
    if row.failed_at:
        return TaskResultStatus.FAILED
    return TaskResultStatus.RUNNING if row.holder else TaskResultStatus.READY
