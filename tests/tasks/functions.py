"""Holds the task functions that the tests of this folder enqueue."""

import time
from pathlib import Path

from django_tasks import task

from tasks.outcomes import Hopeless, Unreachable


@task()
def note(file: str, line: str) -> None:
    """Appends a line to a file, so that a test sees each run."""
    with Path(file).open("a") as out:
        out.write(f"{line}\n")


@task()
def hang_at_first(file: str) -> None:
    """Hangs in its first run, and ends at once in the later ones."""
    is_first = not Path(file).exists()
    note.func(file, "begun")
    if is_first:
        time.sleep(60)
    note.func(file, "ended")


@task()
def last(file: str) -> None:
    """Takes a second, in which its worker is told to stop."""
    note.func(file, "begun")
    time.sleep(1)
    note.func(file, "ended")


@task()
def fail() -> None:
    raise ValueError("no luck")


@task()
def give_up() -> None:
    raise Hopeless("never")


@task(queue_name="mail")
def call_far_away(file: str) -> None:
    note.func(file, "called")
    raise Unreachable("nobody answers")
