"""Kills the server again and again while people answer, and checks that no acknowledged answer is lost.

    .venv/bin/python bench/attempts.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault early]

Fifty clients answer against the production server as its pages do, and try again until an answer is acknowledged. All
processes of the server get SIGKILL at random moments, and the server is started again. If a file system may be mounted,
the disk is also filled and freed. Each time, every acknowledged answer has to be stored before a client continues. In
the end all clients submit, twice at once. The exit status is 1 if something was lost.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clients import Examinee, submit_until_accepted
from databases import BASE, KINDS, Postgres, Sqlite, database
from pages import promise, run, surroundings
from serving import PATIENCE, ROOT

CLIENTS = 50
KILLS, QUICK_KILLS = 200, 20
LONGEST_LIFE = 1.0  # seconds that a server lives after it answers
DISK = 300  # MB of the file system that is filled
FULL_FOR = 12.0  # seconds that the disk stays full, once nothing more is stored
NORMAL_FOR = 4.0  # seconds that are measured before the disk is full, and after it is free
MOST_AWAY = 10.0  # seconds until answers are acknowledged again
STORED = "SELECT attempt_id, slot, sequence, answer FROM modules_response"


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [survive(kind, options, is_full=is_full) for kind in kinds for is_full in (False, True)]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills")
    parser.add_argument("--seed", default="tuntas", help="other moments and answers")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "early"], default="", help="acknowledge before storing")
    return parser.parse_args()


def survive(kind: str, options: argparse.Namespace, *, is_full: bool) -> bool:
    """Kills the server or fills the disk. Prints the figures, and tells whether all promises were held."""
    with work_folder(is_full) as folder:
        if folder is None:
            print(f"{kind}, disk full: not measured, a file system cannot be mounted here", flush=True)
            return True
        with database(kind, folder / kind) as place:
            environment = surroundings(str(folder)) | {"DATABASE_URL": place.base_address}
            tickets = json.loads(run(["bench/examinees.py", "fill", str(CLIENTS)], environment))
            people = [Examinee(ticket, f"{options.seed}-{kind}-{n}") for n, ticket in enumerate(tickets)]
            exam = Exam(place, people, Server(environment, "early" if options.fault else "config.wsgi"))
            dice, kills = random.Random(f"{options.seed}-{kind}"), QUICK_KILLS if options.quick else KILLS
            attend(exam, lambda: fill_and_free(exam, folder) if is_full else kill(exam, dice, kills))
            place.revive()
            exam.note_lost_answers()
            return tell(exam, json.loads(run(["bench/examinees.py", "rows"], environment)))


@contextmanager
def work_folder(is_small: bool) -> Iterator[Path | None]:
    """Makes a folder to work in. A small one has its own file system, and is ``None`` if none can be mounted."""
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder:
        if not is_small:
            yield Path(folder)
            return
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", folder], check=False, capture_output=True
        )
        if mounted.returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=False)


# ------------------------------------------------------------------------------------------------- the server


@dataclass
class Server:
    """The production server. It can be killed with all its processes, and started again on the same port."""

    environment: dict[str, str]
    application: str
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        if not self.port:
            with socket.socket() as trial:
                trial.bind(("127.0.0.1", 0))
                self.port = int(trial.getsockname()[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", self.application],
            cwd=ROOT,
            env={**self.environment, "HOST": "127.0.0.1", "PORT": str(self.port), "WORKERS": "2"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        """Waits until the server answers, not only until it listens, so that a kill finds it at work."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                connection.request("GET", "/health/")
                connection.getresponse().read()
                return
            time.sleep(0.02)
        raise RuntimeError("The server did not start.")

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


# ------------------------------------------------------------------------------------------------- the exam


@dataclass
class Exam:
    """The people who answer, the database that stores the answers, and the figures of the run."""

    place: Sqlite | Postgres
    people: list[Examinee]
    server: Server
    lost: set[tuple[int, int, int]] = field(default_factory=set)  # attempt, slot, number of the answer
    summary: str = ""
    refused: int | None = None  # answers, while the disk was full
    away: float = 0.0  # seconds from then on until an answer was acknowledged again

    def note_lost_answers(self) -> None:
        """Notes each acknowledged answer that is not stored, unless a later answer is stored in its slot.

        This is called after every kill, because the next answer in a slot hides a lost one.
        """
        acknowledged = {person.ticket["pk"]: dict(person.acknowledged) for person in self.people}
        rows = {(attempt, slot): stored for attempt, slot, *stored in self.place.ask(STORED)}
        for attempt, answers in acknowledged.items():
            for slot, item in answers.items():
                sequence, answer = rows[attempt, slot]
                answer = json.loads(answer) if isinstance(answer, str) else answer
                if sequence < item.sequence or (sequence == item.sequence and answer != item.answer):
                    self.lost.add((attempt, slot, item.sequence))

    def count_answers(self, seconds: float) -> tuple[int, int]:
        """Returns how many answers are acknowledged and how many are refused within a number of seconds."""
        before = self.sums()
        time.sleep(seconds)
        after = self.sums() - before
        return after["acknowledged"], after["tried again"]

    def sums(self) -> Counter[str]:
        return sum((person.counts.copy() for person in self.people), start=Counter())


def attend(exam: Exam, disturb: Callable[[], None]) -> None:
    """Lets everybody answer while the server is disturbed, and then submit, twice at once."""
    exam.server.start()
    try:
        for person in exam.people:
            person.port = exam.server.port
            person.start()
        disturb()
        if not all(person.is_alive() for person in exam.people):
            raise RuntimeError("A client got an answer that it does not understand.")
        for person in exam.people:
            person.is_over.set()
        for person in exam.people:
            person.join(PATIENCE)
        twice = [threading.Thread(target=submit_until_accepted, args=(person,)) for person in exam.people * 2]
        for thread in twice:
            thread.start()
        for thread in twice:
            thread.join(PATIENCE)
    finally:
        exam.server.kill()


def kill(exam: Exam, dice: random.Random, kills: int) -> None:
    for _kill in range(kills):
        time.sleep(dice.uniform(0, LONGEST_LIFE))
        exam.server.kill()
        exam.note_lost_answers()
        exam.server.start()
    exam.summary = f"the server killed {kills} times"


def fill_and_free(exam: Exam, folder: Path) -> None:
    """Fills the disk while people answer, and frees it. Notes the acknowledged and the refused answers meanwhile."""
    ballast = folder / "ballast"
    counts = [exam.count_answers(NORMAL_FOR)]
    fill(ballast)
    end = time.monotonic() + PATIENCE
    while exam.count_answers(0.5)[0] and time.monotonic() < end:
        exam.place.shrink_log()
        fill(ballast)
    counts.append(exam.count_answers(FULL_FOR))
    fill(ballast)
    if os.statvfs(folder).f_bavail:
        raise RuntimeError(f"The disk was never full: {counts}")
    free_disk(exam, ballast)
    counts.append(exam.count_answers(NORMAL_FOR))
    exam.refused = counts[1][1]
    exam.summary = "disk filled and freed; acknowledged / refused before, while full, after: " + ", ".join(
        f"{acknowledged:,} / {refused:,}" for acknowledged, refused in counts
    )


def free_disk(exam: Exam, ballast: Path) -> None:
    """Frees the disk, checks the stored answers while nobody answers, and waits until answers are accepted again."""
    for person in exam.people:
        person.may_answer.clear()
    ballast.unlink()
    exam.place.revive()
    exam.note_lost_answers()
    for person in exam.people:
        person.may_answer.set()
    freed = time.monotonic()
    while not exam.count_answers(0.1)[0]:
        exam.away = time.monotonic() - freed
        if exam.away > PATIENCE:
            raise RuntimeError("No answer is stored any more, though the disk is free.")


def fill(ballast: Path) -> None:
    block = b"\0" * 65_536
    with ballast.open("ab", buffering=0) as file:
        for size in (len(block), 512):
            try:
                while file.write(block[:size]):
                    pass
            except OSError:
                continue


# ------------------------------------------------------------------------------------------------- verdict


def tell(exam: Exam, stored: list[dict[str, Any]]) -> bool:
    extra_attempts = len(stored) - len({attempt["learner"] for attempt in stored})
    slots = [[slot for slot, *_answer in attempt["responses"]] for attempt in stored]
    extra_answers = sum(len(of_attempt) - len(set(of_attempt)) for of_attempt in slots)
    sums = exam.sums()
    print(f"{exam.place.name}: {len(exam.people)} clients, {exam.summary}")
    print(f"  {sums['acknowledged']:,} answers acknowledged, {sums['tried again']:,} tried again")
    promises = [
        ("acknowledged answers lost", len(exam.lost), 0),
        ("duplicates of attempts or answers", extra_attempts + extra_answers, 0),
        ("attempts without a result", sum(not attempt["is_submitted"] for attempt in stored), 0),
        ("faults of the database", len(exam.place.faults(BASE)), 0),
    ]
    held = [tell_promise(name, count, held=count == wanted) for name, count, wanted in promises]
    if exam.refused is not None:
        held.append(tell_promise("refused while the disk was full", exam.refused, held=exam.refused > 0))
        held.append(tell_promise("seconds until it answers again", exam.away, held=exam.away <= MOST_AWAY))
    return all(held)


def tell_promise(name: str, figure: float, *, held: bool) -> bool:
    print(f"  {name}: {round(figure):,}  {promise(held)}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
