"""Tests the worker's loop, its recurring tasks, and the worker that is killed or stopped."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, connections
from django.utils import timezone

from modules.models import Attempt
from modules.quizzes import attempts
from tasks import housekeeping, recurring, worker
from tasks.models import LEASE, StoredTask, TaskQuerySet, Worker
from tasks.worker import WorkerLoop
from tests.cast import NOON, a_quiz, at, run_tasks
from tests.tasks.functions import fail, hang_at_first, last, note

PATIENCE = 60  # seconds for a process to do its part
TIMED = "### Apa?\n\n- [x] a\n- [ ] b\n"


def in_a_process(loop: WorkerLoop) -> int:
    """Runs a worker in a process of its own, and returns its number."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
    if (pid := os.fork()) == 0:
        signal.signal(signal.SIGTERM, loop.stop)
        loop.run()
        os._exit(0)
    return pid


def wait_until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_task_of_a_killed_worker_runs_again(tmp_path):
    file = tmp_path / "lines"
    hang_at_first.enqueue(str(file))
    pid = in_a_process(WorkerLoop())
    wait_until(lambda: file.exists() and file.read_text())

    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    run_tasks()
    assert StoredTask.objects.get(function__contains="hang").done_at is None
    assert Worker.is_running(timezone.now())
    later = timezone.now() + LEASE
    assert not Worker.is_running(later)
    run_tasks(later)
    assert StoredTask.objects.get(function__contains="hang").done_at is not None
    assert file.read_text().split() == ["begun", "begun", "ended"]


@pytest.mark.django_db(transaction=True)
def test_stopped_worker_says_so_at_once(tmp_path):
    file = tmp_path / "lines"
    note.enqueue(str(file), "ran")
    pid = in_a_process(WorkerLoop())
    wait_until(file.exists)
    assert Worker.is_running(timezone.now())

    os.kill(pid, signal.SIGTERM)
    assert os.waitpid(pid, 0)[1] == 0

    assert not Worker.is_running(timezone.now())
    assert StoredTask.objects.get(function__contains="note").done_at is not None


@pytest.mark.django_db(transaction=True)
def test_stopped_worker_keeps_its_lease_until_its_last_task_ends(monkeypatch, tmp_path):
    monkeypatch.setattr(worker, "BEAT", 0.05)
    file = tmp_path / "lines"
    last.enqueue(str(file))
    pid = in_a_process(WorkerLoop())
    wait_until(lambda: file.exists() and file.read_text())
    os.kill(pid, signal.SIGTERM)
    asked_to_stop = timezone.now()

    wait_until(lambda: "ended" in file.read_text())
    assert Worker.objects.get().seen_at > asked_to_stop
    os.waitpid(pid, 0)
    assert StoredTask.objects.get(function__contains="last").done_at is not None


@pytest.mark.django_db
def test_interrupted_task_is_given_back(monkeypatch, tmp_path):
    note.enqueue(str(tmp_path / "lines"), "x")

    def interrupt(_row: StoredTask) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "call", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_tasks()
    monkeypatch.undo()
    run_tasks()
    assert (tmp_path / "lines").read_text() == "x\n"


@pytest.mark.django_db
def test_task_that_takes_too_long_is_interrupted(monkeypatch, tmp_path):
    monkeypatch.setattr(worker, "LONGEST_TASK", 0.05)
    hang_at_first.enqueue(str(tmp_path / "lines"))

    run_tasks()

    row = StoredTask.objects.get(function__contains="hang")
    assert (row.holder, row.problem) == ("", "TimeUp: not done after 0 seconds")


@pytest.mark.django_db
def test_worker_outlives_a_database_that_is_away(monkeypatch, tmp_path):
    note.enqueue(str(tmp_path / "lines"), "x")
    loop = WorkerLoop()

    def away(*_arguments: object, **_options: object) -> None:
        raise InterfaceError("away")

    monkeypatch.setattr(TaskQuerySet, "take", away)
    assert loop.step() is False
    monkeypatch.undo()
    loop.run_all()
    assert (tmp_path / "lines").read_text() == "x\n"


@pytest.mark.django_db
def test_recurring_tasks_keep_one_row_each():
    for minutes in (0, 1, 6, 60 * 25):
        run_tasks(at(minutes))

    assert set(StoredTask.objects.values_list("function", flat=True)) == set(recurring.pauses())
    assert StoredTask.objects.count() == len(recurring.pauses())
    late = StoredTask.objects.get(function__contains="close_late")
    assert (late.started_at, late.due_at) == (at(60 * 25), at(60 * 25 + 5))


@pytest.mark.django_db
def test_recurring_task_that_failed_comes_again():
    run_tasks(NOON)
    StoredTask.objects.update(failed_at=NOON)

    recurring.ensure_all(now=at(1))

    assert StoredTask.objects.unfinished().count() == len(recurring.pauses())


@pytest.mark.django_db
def test_old_rows_are_pruned():
    now = timezone.now()
    for days, field in ((8, "done_at"), (6, "done_at"), (31, "failed_at"), (29, "failed_at")):
        StoredTask.objects.filter(pk=fail.enqueue().id).update(**{field: now - timedelta(days=days)})
    for name, days in (("old", 20), ("newest", 10)):
        Worker.objects.create(name=name, started_at=now, seen_at=now - timedelta(days=days))

    housekeeping.prune_tasks.call()

    assert StoredTask.objects.count() == 2
    assert [str(kept) for kept in Worker.objects.all()] == ["newest"]


@pytest.mark.django_db
def test_old_sessions_are_cleared():
    for key, days in (("old", -1), ("new", 1)):
        expires = timezone.now() + timedelta(days=days)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)

    housekeeping.clear_sessions.call()

    assert [session.session_key for session in Session.objects.all()] == ["new"]


@pytest.mark.django_db
def test_late_attempt_is_closed_though_nobody_looks(learner):
    quiz = a_quiz(TIMED, front_matter="time_limit: 10\n")
    attempts.start(learner, quiz, now=NOON)

    run_tasks()
    run_tasks()

    closed = Attempt.objects.get()
    assert closed.is_open is False
    assert closed.submitted_at is None or closed.outcome_recorded_at is not None


def test_server_and_worker_stop_together(tmp_path):
    """A worker that crashes is started again, and stops when the server stops."""
    file = tmp_path / "workers"
    server = "import time; time.sleep(60)"
    crashing = (
        "import pathlib, sys, time, os\n"
        f"file = pathlib.Path({str(file)!r})\n"
        "lines = file.read_text() if file.exists() else ''\n"
        "file.write_text(lines + f'{os.getpid()}\\n')\n"
        "sys.exit(1) if not lines else time.sleep(60)\n"
    )
    program = (
        "import sys; from tasks import beside; beside.FIRST_PAUSE = 0.01;"
        f"sys.exit(beside.main([sys.executable, '-c', {server!r}], [sys.executable, '-c', {crashing!r}]))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2] / "platform")
    wait_until(lambda: file.exists() and file.read_text().count("\n") == 2)

    process.send_signal(signal.SIGTERM)

    assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in file.read_text().split()))
