"""Runs tasks one after the other until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection
from django.dispatch import Signal
from django.utils import timezone
from django_tasks.signals import task_finished, task_started

from tasks import backend, recurring
from tasks.models import StoredTask, Worker
from tasks.outcomes import Hopeless, Postponed, Unreachable

logger = logging.getLogger(__name__)

# Seconds between two looks at an empty queue. With more, mails leave later; with less, an idle worker costs more.
POLL = 1.0

# Seconds before another try if the database is away. With less, the log grows faster.
PAUSE_WITHOUT_DATABASE = 10.0

# Seconds between two signs of life. A lease has to outlast several.
BEAT = 15.0

# Seconds after which a task is interrupted. With more, a task that hangs holds the others up for longer.
LONGEST_TASK = 15 * 60.0

# A queue whose other side does not answer rests. The rest doubles from the first to the longest.
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)

# The time between two looks for recurring tasks that are missing.
TIMETABLE = timedelta(minutes=10)


class TimeUp(BaseException):
    """Says that a task ran for longer than LONGEST_TASK.

    It is no Exception, so that a task that goes on after the failure of one row does not go on after this.
    """


class Rests:
    """Remembers which queues rest, and until when."""

    def __init__(self) -> None:
        self._rests: dict[str, tuple[int, datetime]] = {}

    def begin(self, queue: str, *, now: datetime) -> None:
        times = self._rests.get(queue, (0, now))[0]
        pause = min(FIRST_REST * 2 ** min(times, 20), LONGEST_REST)
        self._rests[queue] = (times + 1, now + pause)

    def end(self, queue: str) -> None:
        self._rests.pop(queue, None)

    def resting(self, now: datetime) -> list[str]:
        return [queue for queue, (_times, until) in self._rests.items() if until > now]


class WorkerLoop:
    """Is one worker: a row in the database, a loop, and a thread that shows that the worker is alive."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self.name = f"{socket.gethostname()[:60]} {os.getpid()} {secrets.token_hex(4)}"
        self.clock = clock
        self.stopping = threading.Event()
        self._ended = threading.Event()
        self._pause = POLL
        self._rests = Rests()
        self._look_at_timetable = clock()

    def stop(self, *_signal: object) -> None:
        """Ends the loop after the current task."""
        self.stopping.set()

    def run(self) -> None:
        beats = threading.Thread(target=self._beat_until_the_end, daemon=True)
        beats.start()
        while not self.stopping.is_set():
            if not self.step():
                self.stopping.wait(self._pause)
        self._ended.set()
        beats.join(BEAT)

    def run_all(self) -> None:
        """Runs what is due, and returns when nothing is due any more."""
        while self.step():
            pass

    def step(self) -> bool:
        """Runs the next task that is due. Returns False if there is none, or if the database is away."""
        try:
            self._pause = POLL
            return self._step()
        except Error as error:
            self._pause = PAUSE_WITHOUT_DATABASE
            logger.error("The worker goes on as soon as the database answers: %s", error)
            return False
        finally:
            if not connection.in_atomic_block:
                close_old_connections()

    def _step(self) -> bool:
        now = self.clock()
        if now >= self._look_at_timetable:
            recurring.ensure_all(now=now)
            self._look_at_timetable = now + TIMETABLE
        task = StoredTask.objects.take(self.name, now=now, resting=self._rests.resting(now))
        if task is not None:
            self._perform(task)
        return task is not None

    def _perform(self, task: StoredTask) -> None:
        """Runs a task and records its outcome. A task that is interrupted is due again at once."""
        try:
            call(task)
        except Unreachable as error:
            logger.warning("Queue %s rests: %s", task.queue, error)
            self._rests.begin(task.queue, now=self.clock())
            self._record(task, task.wait_for_other_side(problem_of(error), now=self.clock()))
            return
        except (Exception, TimeUp) as error:
            self._record(task, self._failed(task, error))
        except BaseException:
            task.release(now=self.clock())
            raise
        else:
            self._record(task, recurring.finish(task, now=self.clock()))
        self._rests.end(task.queue)

    def _failed(self, task: StoredTask, error: BaseException) -> bool:
        """Records an attempt without success, and returns False if the lease was lost."""
        now, problem = self.clock(), problem_of(error)
        if isinstance(error, Hopeless):
            logger.error("Task %s (%s) failed for good: %s", task.pk, task.function, problem)
            return task.give_up(problem, now=now)
        if isinstance(error, Postponed):
            logger.warning("Task %s (%s) is tried again: %s", task.pk, task.function, problem)
        else:
            logger.warning("Task %s (%s) failed", task.pk, task.function, exc_info=error)
        return task.put_off(problem, now=now)

    def _record(self, task: StoredTask, recorded: bool) -> None:
        if not recorded:
            logger.warning("Task %s (%s) lost its lease and runs again", task.pk, task.function)
        elif task.done_at or task.failed_at:
            tell(task_finished, task)

    # ----------------------------------------------------------------------------------------- signs of life

    def _beat_until_the_end(self) -> None:
        """Shows life also while the last task is finished after a request to stop."""
        self._beat()
        while not self._ended.wait(BEAT):
            self._beat()
        self._beat(stopped=True)
        connection.close()

    def _beat(self, *, stopped: bool = False) -> None:
        try:
            self.show_life(stopped=stopped)
        except Error as error:
            logger.warning("The worker could not show that it is alive: %s", error)
            close_old_connections()

    def show_life(self, *, stopped: bool = False) -> None:
        now = self.clock()
        columns = {"seen_at": now, "stopped_at": now if stopped else None}
        Worker.objects.update_or_create(
            name=self.name, defaults=columns, create_defaults={"started_at": now, **columns}
        )
        StoredTask.objects.renew(self.name, now=now)


def call(row: StoredTask) -> None:
    task = backend.task_of(row)
    tell(task_started, row)
    with time_limit(LONGEST_TASK):
        task.call(*row.arguments["args"], **row.arguments["kwargs"])


def tell(event: Signal, row: StoredTask) -> None:
    """Sends a signal of Django's interface. The function of an old task may be gone, and then nobody listens."""
    with suppress(ImportError):
        event.send(sender=backend.RowBackend, task_result=backend.result_of(row))


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeUp in the main thread after so many seconds. Other threads, as under a reloader, have no limit."""

    def interrupt(*_signal: object) -> None:
        raise TimeUp(f"not done after {seconds:.0f} seconds")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def problem_of(error: BaseException) -> str:
    """Returns an error as one short line for administrators."""
    said = (
        str(error)
        if isinstance(error, Unreachable | Hopeless | Postponed)
        else f"{type(error).__name__}: {error}"
    )
    return said[:500]
