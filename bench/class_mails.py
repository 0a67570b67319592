"""The processes of ``mailing.py``: they fill classes, and send their invitations and reminders.

python bench/class_mails.py fill NUMBER     a new database where so many people are to be invited or reminded
python bench/class_mails.py nurse [apart]   starts a worker for each line of the standard input, and prints its number
python bench/class_mails.py state           prints how many mails wait, and how many rows say that one was made
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from modules.classes import inviting, reminder_rules, reminding, sending  # noqa: E402
from modules.classes.roster import read_roster  # noqa: E402
from modules.models import Assignment, Invitation, Module, Reminder, StudyClass  # noqa: E402
from tasks import models, worker  # noqa: E402
from tasks.models import StoredTask  # noqa: E402

CLASSES = 10
BATCH = 10  # mails in one transaction, so that kills find many of them
LEASE, BEAT, POLL = (
    timedelta(seconds=1),
    0.2,
    0.02,
)  # the task of a killed worker waits a second, not a minute


def main(command: str, *rest: str) -> None:
    commands = {"fill": fill, "nurse": nurse, "state": tell_state}
    commands[command](*rest)  # type: ignore[operator]


def fill(number: str) -> None:
    """Makes classes. Half of the people are members who have a due date, and half are invited by a list."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now, share = timezone.now(), int(number) // CLASSES // 2
    by = User.objects.create(email="budi@example.com", name="Budi Hartono", is_staff=True)
    module = Module.objects.create(slug="tata-surya", title="Tata surya", published_at=now)
    for index in range(CLASSES):
        study_class = StudyClass.objects.create(
            group=Group.objects.create(name=f"X-TKR {index}"), reminds_since=now - timedelta(days=1)
        )
        study_class.group.user_set.add(*_members(index, share))
        Assignment.objects.create(study_class=study_class, module=module, due_at=now + timedelta(days=1))
        lines = [f"baru{index}-{person}@example.com" for person in range(share)]
        inviting.apply_roster(study_class, read_roster("\n".join(lines)), by=by, now=now)
    Assignment.objects.update(assigned_at=now - timedelta(days=1))


def _members(index: int, share: int) -> list[User]:
    users = User.objects.bulk_create(
        [User(email=f"sari{index}-{person}@example.com", name="Sari") for person in range(share)]
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    )
    return users


def nurse(fault: str = "") -> None:
    """Forks workers from a process that has loaded the code and has no connection to the database."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    models.LEASE, worker.BEAT, worker.POLL = LEASE, BEAT, POLL
    reminder_rules.BY_DAY = range(24)
    reminding.BATCH = sending.BATCH = BATCH
    if fault == "apart":  # a planted fault: a reminder and its mail are not one step
        reminding._remind_some = reminding._remind_some.__wrapped__  # type: ignore[attr-defined]
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            worker.WorkerLoop().run()
            os._exit(0)
        print(pid, flush=True)


def tell_state() -> None:
    """Prints the tasks that are not done, without those that recur, and the rows of mails that were made."""
    waiting = StoredTask.objects.unfinished().exclude(function__in=worker.recurring.pauses())
    made = Reminder.objects.count() + Invitation.objects.filter(sent_at__isnull=False).count()
    print(waiting.count(), made)


if __name__ == "__main__":
    main(*sys.argv[1:])
