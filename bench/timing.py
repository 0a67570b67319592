"""Compares the time of a known and of an unknown address: signing in, asking for a new password, signing up.

Each action is tried 200 times with each kind, in turn, in this process. A second series of unknown addresses says how
far two series of the same kind differ on this machine. It exits with 1 if known and unknown can be told apart.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("known", "unknown", "unknown again")
PASSWORD = "angin-laut-77"
# The share of pairs in which the known address took longer. 0.5 means that the times tell nothing. Two series of 200
# of the same kind stay within 0.5 ± 0.11 in 9,999 of 10,000 runs.
FAIR = 0.11
MOST = 1.25  # the ratio of the medians; chance moves it more than the share of pairs
SAY = "{:<16} {:>9.2f} ms {:>9.2f} ms {:>8.3f} {:>8.3f} {:>8.3f}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tries", type=int, default=200)
    arguments.add_argument("--quick", action="store_true", help="40 tries")
    options = arguments.parse_args()
    tries = 40 if options.quick else options.tries
    with tempfile.TemporaryDirectory(prefix="tuntas-timing-") as folder:
        prepare(Path(folder))
        results = [compare(name, action, tries) for name, action in actions(tries)]
        return 0 if all(results) else 1


def prepare(folder: Path) -> None:
    """Sets up Tuntas on a new database, with mails that wait for a worker."""
    os.environ.update(
        SECRET_KEY="only-for-a-bench-" + "x" * 50,
        DATA_DIR=str(folder),
        HTTPS="off",
        ALLOWED_HOSTS="testserver",
        EMAIL_URL="smtp://localhost",
    )
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    django.setup()
    from django.core.management import call_command

    (folder / "static").mkdir()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


Action = Callable[[str, int], tuple[str, dict[str, str]]]


def actions(tries: int) -> list[tuple[str, Action]]:
    """Returns what is tried. The known accounts are made first, as many as tries, since limits count by account."""
    from accounts.roles import Role, open_account

    for number in range(tries):
        open_account(f"known-{number}@example.com", name="Sari", role=Role.LEARNER)

    def sign_in(kind: str, number: int) -> tuple[str, dict[str, str]]:
        return "/accounts/login/", {"login": address(kind, number), "password": "not the password"}

    def reset(kind: str, number: int) -> tuple[str, dict[str, str]]:
        return "/accounts/password/reset/", {"email": address(kind, number)}

    def sign_up(kind: str, number: int) -> tuple[str, dict[str, str]]:
        fields = {"name": "Sari", "email": address(kind, number)}
        return "/accounts/signup/", fields | {"password1": PASSWORD, "password2": PASSWORD}

    return [("wrong password", sign_in), ("new password", reset), ("sign-up", sign_up)]


def address(kind: str, number: int) -> str:
    name = {"known": "known", "unknown": "other", "unknown again": "third"}[kind]
    return f"{name}-{number}@example.com"


def compare(name: str, action: Action, tries: int) -> bool:
    """Prints the medians, their ratio, and the share of pairs, with the same of two series of one kind."""
    times = measure(action, tries)
    known, unknown, again = (times[kind] for kind in KINDS)
    if name == "wrong password":
        print(f"{tries} tries each       known      unknown    ratio   longer  (same kind)")
    ratio, share = median(known) / median(unknown), longer(known, unknown)
    print(
        SAY.format(name, 1000 * median(known), 1000 * median(unknown), ratio, share, longer(again, unknown))
    )
    return abs(share - 0.5) <= FAIR and 1 / MOST <= ratio <= MOST


def measure(action: Action, tries: int) -> dict[str, list[float]]:
    from django.test import Client

    order = random.Random(1)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(-5, tries):
        for kind in order.sample(KINDS, len(KINDS)):
            path, fields = action(kind, number)
            client = Client(REMOTE_ADDR=f"10.{number & 127}.{KINDS.index(kind)}.{len(times[kind]) % 250}")
            began = time.perf_counter()
            response = client.post(path, fields)
            seconds = time.perf_counter() - began
            assert response.status_code in (200, 302), response.status_code
            if number >= 0:  # the first ones fill the caches of the process
                times[kind].append(seconds)
    return times


def longer(first: list[float], second: list[float]) -> float:
    return sum(a > b for a in first for b in second) / (len(first) * len(second))


if __name__ == "__main__":
    sys.exit(main())
