"""The processes of ``worker.py``: they write mails down, and send them.

python bench/mailer.py mails NUMBER      a new database with so many mails that wait
python bench/mailer.py people NUMBER     a new database with so many accounts
python bench/mailer.py nurse [early]     starts a worker for each line of the standard input, and prints its number
python bench/mailer.py hour SECONDS      a worker for whom an hour lasts so many seconds
python bench/mailer.py open              prints how many mails wait
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import confirm_address  # noqa: E402
from tasks import worker  # noqa: E402
from tasks.models import StoredTask  # noqa: E402

POLL = 0.02  # seconds; the kills should find a worker that works, not one that waits


def main(command: str, *rest: str) -> None:
    commands = {"mails": mails, "people": people, "nurse": nurse, "hour": hour, "open": count_open}
    commands[command](*rest)  # type: ignore[operator]


def mails(number: str) -> None:
    prepare()
    for n in range(int(number)):
        mail.send_mail(f"mail {n}", "Isi surat.", None, [f"sari{n}@example.com"])


def people(number: str) -> None:
    prepare()
    for n in range(int(number)):
        confirm_address(User.objects.create(email=f"sari{n}@example.com"))


def prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def nurse(fault: str = "") -> None:
    """Forks workers from a process that has loaded the code and has no connection to the database."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    worker.POLL = POLL
    if fault == "early":
        worker.call = call_after_the_end
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            worker.WorkerLoop().run()
            os._exit(0)
        print(pid, flush=True)


def call_after_the_end(row: StoredTask, sound=worker.call) -> None:  # type: ignore[no-untyped-def]
    """A planted fault: says that a task is done before it is."""
    arguments, holder = row.arguments, row.holder
    row.finish(now=timezone.now())
    row.arguments, row.holder = arguments, holder
    sound(row)


def hour(seconds: str) -> None:
    """Works with a clock that runs as much faster. Time-outs and signs of life are shorter by the same factor."""
    factor = 3600 / float(seconds)
    began, began_at = time.monotonic(), timezone.now()

    def clock() -> datetime:
        return began_at + timedelta(seconds=factor * (time.monotonic() - began))

    settings.EMAIL_TIMEOUT = settings.EMAIL_TIMEOUT / factor
    worker.BEAT, worker.POLL = worker.BEAT / factor, POLL
    loop = worker.WorkerLoop(clock=clock)
    signal.signal(signal.SIGTERM, loop.stop)
    loop.run()


def count_open() -> None:
    print(StoredTask.objects.unfinished().filter(queue="mail").count())


if __name__ == "__main__":
    main(*sys.argv[1:])
