"""Repeats tasks. Each recurring task is one row that is never done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_tasks import default_task_backend

from tasks.backend import enqueue_once, named
from tasks.models import StoredTask


def pauses() -> dict[str, timedelta]:
    """Returns the pause between two runs of each recurring task, by the path of its function."""
    recurring: dict[str, timedelta] = default_task_backend.options["recurring"]
    return recurring


def ensure_all(*, now: datetime) -> None:
    """Enqueues each recurring task that has no unfinished row, for example in a new installation."""
    unfinished = set(StoredTask.objects.unfinished().values_list("function", flat=True).distinct())
    for path in pauses():
        if path not in unfinished:
            enqueue_once(named(path), now=now)


def finish(task: StoredTask, *, now: datetime) -> bool:
    """Records that a task is done. A recurring task keeps its row and waits for its next run."""
    pause = pauses().get(task.function)
    return task.finish(now=now) if pause is None else task.repeat(due=now + pause)
