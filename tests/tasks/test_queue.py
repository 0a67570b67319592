"""Tests that a task is a row of its transaction, leased to one worker and tried again after growing pauses."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, default_task_backend
from django_tasks.exceptions import TaskResultDoesNotExist

from tasks import models
from tasks.backend import enqueue_once
from tasks.models import LEASE, MOST_ATTEMPTS, StoredTask
from tasks.worker import WorkerLoop
from tests.cast import NOON, at, run_tasks
from tests.tasks.functions import call_far_away, fail, give_up, note

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "lines"


def enqueue(task, *arguments: str) -> StoredTask:
    """Enqueues a task as if it were NOON."""
    row = StoredTask.objects.get(pk=task.enqueue(*arguments).id)
    StoredTask.objects.filter(pk=row.pk).update(enqueued_at=NOON, due_at=NOON)
    return row


def take(holder: str, now=NOON) -> StoredTask | None:
    return StoredTask.objects.take(holder, now=now)


def test_task_disappears_with_its_transaction():
    with transaction.atomic():
        fail.enqueue()
        transaction.set_rollback(True)

    assert not StoredTask.objects.exists()


def test_task_waits_until_a_worker_runs_it(file):
    result = note.enqueue(str(file), line="ran")
    assert (result.status, file.exists()) == (TaskResultStatus.READY, False)

    run_tasks()

    result.refresh()
    assert (result.status, file.read_text()) == (TaskResultStatus.SUCCESSFUL, "ran\n")


def test_done_task_forgets_its_arguments(file):
    row = enqueue(note, str(file), "secret")

    run_tasks(at(0))

    row.refresh_from_db()
    assert (row.arguments, row.done_at, row.holder) == ({}, at(0), "")


def test_unknown_result_does_not_exist():
    for result_id in ("0", "x", ""):
        with pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(result_id)


def test_urgent_task_comes_first_and_then_the_older():
    later, earlier, urgent = (
        StoredTask(function="x", queue="default", enqueued_at=NOON) for _row in range(3)
    )
    later.due_at, earlier.due_at, urgent.due_at = at(-1), at(-2), at(0)
    urgent.priority = 5
    StoredTask.objects.bulk_create([later, earlier, urgent])

    assert [take("a").pk for _turn in range(3)] == [urgent.pk, earlier.pk, later.pk]


def test_task_of_the_future_is_not_due():
    note.using(run_after=at(5)).enqueue("", "")

    assert take("a", now=at(4)) is None
    assert take("a", now=at(5)) is not None


def test_leased_task_is_taken_once():
    enqueue(fail)

    assert take("a") is not None
    assert take("b") is None


def test_task_of_a_dead_worker_is_taken_after_its_lease():
    enqueue(fail)
    take("dead")

    assert take("b", now=NOON + LEASE - SECOND) is None
    assert take("b", now=NOON + LEASE).attempts == 2


def test_living_worker_keeps_its_lease():
    enqueue(fail)
    worker = WorkerLoop(clock=lambda: NOON + LEASE - SECOND)
    take(worker.name)

    worker.show_life()

    assert take("b", now=NOON + LEASE) is None


def test_worker_that_lost_its_lease_changes_nothing():
    enqueue(fail)
    late = take("late")
    again = take("b", now=NOON + LEASE)

    assert late.finish(now=at(2)) is False
    assert late.put_off("too late", now=at(2)) is False
    again.refresh_from_db()
    assert (again.holder, again.done_at, again.problem) == ("b", None, "")


def test_pauses_after_failures_double():
    row = enqueue(fail)
    pauses = []
    now = NOON
    for _attempt in range(12):
        run_tasks(now)
        row.refresh_from_db()
        pauses.append((row.due_at - now).total_seconds())
        now = row.due_at

    assert pauses == [10 * 2**number for number in range(11)] + [4 * 60 * 60]
    assert row.problem == "ValueError: no luck"


def test_task_fails_after_the_last_attempt():
    row = enqueue(fail)
    StoredTask.objects.update(attempts=MOST_ATTEMPTS - 1)

    run_tasks(NOON)

    row.refresh_from_db()
    assert (row.failed_at, row.done_at) == (NOON, None)
    assert default_task_backend.get_result(str(row.pk)).errors[0].traceback == "ValueError: no luck"


def test_task_that_always_kills_its_worker_fails():
    row = enqueue(fail)
    StoredTask.objects.update(attempts=MOST_ATTEMPTS)

    assert take("a") is None

    row.refresh_from_db()
    assert (row.failed_at, row.problem) == (NOON, models.KILLED)


def test_hopeless_task_fails_at_once():
    row = enqueue(give_up)

    run_tasks(NOON)

    row.refresh_from_db()
    assert (row.failed_at, row.attempts, row.problem) == (NOON, 1, "never")


def test_queue_rests_while_the_other_side_is_away(file):
    """A hundred mails cost one time-out for each rest, and other tasks do not wait."""
    for _mail in range(3):
        enqueue(call_far_away, str(file))
    other = enqueue(give_up)
    times = iter([0.0, *[seconds / 60 for seconds in (1, 4, 6, 10, 14, 16, 600)]])
    moments = []
    worker = WorkerLoop(clock=lambda: moments[-1] if moments else NOON)
    calls = []
    for minutes in times:
        moments.append(at(minutes))
        worker.run_all()
        calls.append(len(file.read_text().splitlines()))

    assert calls == [1, 1, 1, 2, 2, 2, 3, 4]
    assert set(StoredTask.objects.unfinished().values_list("attempts", flat=True)) == {0}
    other.refresh_from_db()
    assert other.failed_at == NOON


def test_unreachable_task_is_given_up_after_days(file):
    row = enqueue(call_far_away, str(file))

    run_tasks(NOON + models.PATIENCE)
    row.refresh_from_db()
    assert row.failed_at is None

    run_tasks(NOON + models.PATIENCE + SECOND)
    row.refresh_from_db()
    assert row.failed_at is not None


def test_equal_call_waits_once(file):
    for line in ("a", "a", "b"):
        enqueue_once(note, str(file), line, now=NOON)
    run_tasks(NOON)
    enqueue_once(note, str(file), "a", now=NOON)
    run_tasks(NOON)

    assert file.read_text().splitlines() == ["a", "b", "a"]


def test_retried_task_is_due_at_once():
    row = enqueue(give_up)
    run_tasks(NOON)
    row.refresh_from_db()

    assert row.retry(now=at(1)) is True
    assert row.retry(now=at(1)) is False
    assert take("a", now=at(1)).attempts == 1


def test_task_is_not_retried_beside_an_equal_one():
    enqueue_once(fail, now=NOON)
    row = StoredTask.objects.get()
    row.give_up("never", now=NOON)
    enqueue_once(fail, now=NOON)

    assert row.retry(now=NOON) is False


def test_removed_function_fails_softly():
    row = enqueue(fail)
    StoredTask.objects.update(function="tests.tasks.functions.removed_function", attempts=MOST_ATTEMPTS - 1)

    run_tasks(NOON)

    row.refresh_from_db()
    assert row.failed_at == NOON
    assert row.problem.startswith("ImportError")


def test_only_functions_that_are_tasks_are_called(file):
    row = enqueue(note, str(file), "x")
    StoredTask.objects.update(function="os.remove", arguments={"args": [str(file)], "kwargs": {}})
    file.write_text("kept")

    run_tasks(NOON)

    row.refresh_from_db()
    assert (file.read_text(), row.problem) == ("kept", "ImportError: os.remove is no task.")


def test_enqueued_row_takes_the_time_of_now(at_noon):
    row = StoredTask.objects.get(pk=fail.enqueue().id)
    assert (row.enqueued_at, row.due_at) == (timezone.now(), NOON)
