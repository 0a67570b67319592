"""Kills the server again and again while people answer, and looks whether an acknowledged answer is ever lost.

    .venv/bin/python bench/attempts.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault early]

Fifty clients answer against the production server as its pages do, and try again until an answer is acknowledged. The
server, all its processes, gets SIGKILL at random moments and is started again. Where a file system may be mounted, the
disk is also filled and freed. Each time, before anybody goes on, everything that was acknowledged has to be stored. In
the end all submit, twice at once. The exit status is 1 where something was lost.
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

from clients import Examinee, submit_for_good
from databases import BASE, KINDS, Postgres, Sqlite, database
from pages import promise, run, surroundings
from serving import PATIENCE, ROOT

CLIENTS = 50
KILLS, QUICK_KILLS = 200, 20
LONGEST_LIFE = 1.0  # seconds that a server lives after it answers
DISK = 300  # MB of the file system that is filled
FULL_FOR = 12.0  # seconds that the disk stays full, once nothing more is stored
BESIDE = 4.0  # seconds that are looked at before and after
MOST_AWAY = 10.0  # seconds until answers are acknowledged again
STORED = "SELECT attempt_id, slot, sequence, answer FROM modules_response"


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    held = [survive(kind, given, is_full=is_full) for kind in kinds for is_full in (False, True)]
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills")
    parser.add_argument("--seed", default="tuntas", help="other moments and answers")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "early"], default="", help="acknowledge before storing")
    return parser.parse_args()


def survive(kind: str, given: argparse.Namespace, *, is_full: bool) -> bool:
    """One run on one database: killing, or filling the disk; says what was found and whether all was held."""
    with ground(is_full) as folder:
        if folder is None:
            print(f"{kind}, disk full: not measured, a file system cannot be mounted here", flush=True)
            return True
        with database(kind, folder / kind) as place:
            environment = surroundings(str(folder)) | {"DATABASE_URL": place.base_address}
            told = run(["bench/examinees.py", "fill", str(CLIENTS)], environment)
            people = [Examinee(one, f"{given.seed}-{kind}-{n}") for n, one in enumerate(json.loads(told))]
            exam = Exam(place, people, Server(environment, "early" if given.fault else "config.wsgi"))
            dice, kills = random.Random(f"{given.seed}-{kind}"), QUICK_KILLS if given.quick else KILLS
            attend(exam, lambda: fill_and_free(exam, folder) if is_full else kill(exam, dice, kills))
            place.revive()
            exam.look()
            return tell(exam, json.loads(run(["bench/examinees.py", "rows"], environment)))


@contextmanager
def ground(is_small: bool) -> Iterator[Path | None]:
    """A folder to work in; a small one, of its own file system, where that can be mounted."""
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
    """The production server, which can be killed with all its processes, and started again on the same port."""

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
        """Until it answers, which is later than when it listens: a kill should find it at work."""
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
    """Who answers, where it is stored, and what was found out about that."""

    place: Sqlite | Postgres
    people: list[Examinee]
    server: Server
    lost: set[tuple[int, int, int]] = field(default_factory=set)  # attempt, slot, number of the answer
    said: str = ""
    refused: int | None = None  # answers, while the disk was full
    away: float = 0.0  # seconds from then on until an answer was acknowledged again

    def look(self) -> None:
        """Note the acknowledged answers that are not stored, nor a later one.

        A later look may not find them: where an answer was lost, the next one in its slot hides it.
        """
        given = {one.told["pk"]: dict(one.acknowledged) for one in self.people}
        rows = {(attempt, slot): stored for attempt, slot, *stored in self.place.ask(STORED)}
        for attempt, answers in given.items():
            for slot, item in answers.items():
                sequence, answer = rows[attempt, slot]
                answer = json.loads(answer) if isinstance(answer, str) else answer
                if sequence < item.sequence or (sequence == item.sequence and answer != item.answer):
                    self.lost.add((attempt, slot, item.sequence))

    def counted(self, seconds: float) -> tuple[int, int]:
        """How many answers are acknowledged, and how many refused, within so many seconds."""
        before = self.sums()
        time.sleep(seconds)
        after = self.sums() - before
        return after["acknowledged"], after["tried again"]

    def sums(self) -> Counter[str]:
        return sum((one.counts.copy() for one in self.people), start=Counter())


def attend(exam: Exam, disturb: Callable[[], None]) -> None:
    """Let everybody answer while the server is disturbed, and then submit, twice at once."""
    exam.server.start()
    try:
        for one in exam.people:
            one.port = exam.server.port
            one.start()
        disturb()
        if not all(one.is_alive() for one in exam.people):
            raise RuntimeError("A client got an answer that it does not understand.")
        for one in exam.people:
            one.is_over.set()
        for one in exam.people:
            one.join(PATIENCE)
        twice = [threading.Thread(target=submit_for_good, args=(one,)) for one in exam.people * 2]
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
        exam.look()
        exam.server.start()
    exam.said = f"the server killed {kills} times"


def fill_and_free(exam: Exam, folder: Path) -> None:
    """Fill the disk while people answer, and free it; note how many answers were acknowledged and refused meanwhile."""
    ballast = folder / "ballast"
    counts = [exam.counted(BESIDE)]
    fill(ballast)
    end = time.monotonic() + PATIENCE
    while exam.counted(0.5)[0] and time.monotonic() < end:
        exam.place.press()
        fill(ballast)
    counts.append(exam.counted(FULL_FOR))
    fill(ballast)
    if os.statvfs(folder).f_bavail:
        raise RuntimeError(f"The disk was never full: {counts}")
    let_go(exam, ballast)
    counts.append(exam.counted(BESIDE))
    exam.refused = counts[1][1]
    exam.said = "disk filled and freed; acknowledged / refused before, while full, after: " + ", ".join(
        f"{given:,} / {refused:,}" for given, refused in counts
    )


def let_go(exam: Exam, ballast: Path) -> None:
    """Free the disk, look what is stored before anybody answers again, and wait until somebody can."""
    for one in exam.people:
        one.is_free.clear()
    ballast.unlink()
    exam.place.revive()
    exam.look()
    for one in exam.people:
        one.is_free.set()
    freed = time.monotonic()
    while not exam.counted(0.1)[0]:
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
    attempts = len(stored) - len({one["learner"] for one in stored})
    slots = sum(len(one["responses"]) - len({row[0] for row in one["responses"]}) for one in stored)
    sums = exam.sums()
    print(f"{exam.place.name}: {len(exam.people)} clients, {exam.said}")
    print(f"  {sums['acknowledged']:,} answers acknowledged, {sums['tried again']:,} tried again")
    promises = [
        ("acknowledged answers lost", len(exam.lost), 0),
        ("duplicates of attempts or answers", attempts + slots, 0),
        ("attempts without a result", sum(not one["is_submitted"] for one in stored), 0),
        ("faults of the database", len(exam.place.unsound(BASE)), 0),
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
