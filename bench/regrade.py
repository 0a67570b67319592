"""Loads another key for a class that has taken the quiz, while others answer, and kills the worker that regrades.

    .venv/bin/python bench/regrade.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault whole]

10,000 attempts of twenty questions are graded again. Twenty learners answer meanwhile through the production server.
The worker gets SIGKILL twenty times at random moments, and another one goes on. In the end, everything that a regrade
decides has to be as after a run without kills. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attempts import Server
from clients import Examinee, Item
from databases import KINDS, Postgres, Sqlite, database
from pages import promise, run, surroundings
from serving import PATIENCE, ROOT

ATTEMPTS, QUICK_ATTEMPTS = 10_000, 1_000
KILLS, QUICK_KILLS = 20, 5
LEARNERS = 20
THINKING = (0.3, 1.5)  # seconds between two answers of a learner
BEFORE = 10.0  # seconds of answers before the load
LONGEST_LIFE = 3.0  # seconds of a worker that is killed
MOST_SECONDS = 900.0  # until the job has to be done
LONGEST_WAIT = 1.0  # seconds
MOST_MEMORY = 250.0  # MiB
MOST_PROCESSOR = 3.0  # seconds for a plan


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [measure(kind, options) for kind in kinds]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    quick = f"{QUICK_ATTEMPTS:,} attempts and {QUICK_KILLS} kills"
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--seed", default="tuntas", help="other moments and answers")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "whole"], default="", help="regrade in one transaction")
    return parser.parse_args()


@dataclass
class Figures:
    """What a run was like. ``waits`` are seconds, of the answers before the load and of those from then on."""

    plan: dict[str, Any] = field(default_factory=dict)
    load: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    kills: int = 0
    memory: float = 0.0
    before: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    is_equal: bool = False


def measure(kind: str, options: argparse.Namespace) -> bool:
    attempts = QUICK_ATTEMPTS if options.quick else ATTEMPTS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        environment = surroundings(folder) | {"LOG_LEVEL": "ERROR"}
        base = environment | {"DATABASE_URL": place.base_address}
        tickets = json.loads(run(["bench/big_class.py", "fill", str(attempts), str(LEARNERS)], base))
        unharmed = digest_unharmed(environment | {"DATABASE_URL": place.copy()})
        figures = regrade(environment | {"DATABASE_URL": place.copy()}, tickets, options)
        figures.is_equal = figures.is_equal and ask("digest", environment, place) == unharmed
        return tell(place, attempts, figures)


def digest_unharmed(environment: dict[str, str]) -> str:
    for command in (["load", "1"], ["work"]):
        run(["bench/big_class.py", *command], environment)
    return run(["bench/big_class.py", "digest"], environment).strip()


def ask(command: str, environment: dict[str, str], place: Sqlite | Postgres) -> str:
    address = place.address(place.trial if isinstance(place, Sqlite) else "trial")  # type: ignore[arg-type]
    return run(["bench/big_class.py", command], environment | {"DATABASE_URL": address}).strip()


# ------------------------------------------------------------------------------------------------- a run


class Learner(Examinee):
    """Answers like an :class:`Examinee`, but thinks meanwhile, and notes how long each answer took."""

    def __init__(self, ticket: dict[str, Any], seed: str) -> None:
        super().__init__(ticket, seed)
        self.waits: list[tuple[float, float]] = []

    def _post(self, place: int, item: Item) -> dict[str, Any] | None:
        self.is_over.wait(self.random.uniform(*THINKING))
        began = time.monotonic()
        reply = super()._post(place, item)
        self.waits.append((began, time.monotonic() - began))
        return reply


def regrade(
    environment: dict[str, str], tickets: list[dict[str, Any]], options: argparse.Namespace
) -> Figures:
    """Lets people answer, loads the other key, and kills the workers that carry the job out."""
    figures, dice = Figures(), random.Random(options.seed)
    figures.plan = json.loads(run(["bench/big_class.py", "plan", "1"], environment))
    people = [Learner(ticket, f"{options.seed}-{n}") for n, ticket in enumerate(tickets)]
    with answering(people, environment), nurse(environment) as workers:
        time.sleep(BEFORE)
        began = time.monotonic()
        fault = [options.fault] if options.fault else []
        figures.load = json.loads(run(["bench/big_class.py", "load", "1", *fault], environment))
        kills = QUICK_KILLS if options.quick else KILLS
        figures.kills, figures.memory, figures.is_equal = kill_workers(workers, environment, dice, kills)
        figures.seconds = time.monotonic() - began
    waits = [wait for person in people for wait in person.waits]
    figures.before = [seconds for start, seconds in waits if start + seconds < began]
    figures.waits = [seconds for start, seconds in waits if start + seconds >= began]
    figures.refused = sum(person.counts["tried again"] for person in people)
    return figures


@contextmanager
def answering(people: list[Learner], environment: dict[str, str]) -> Iterator[None]:
    server = Server(environment, "config.wsgi")
    server.start()
    try:
        for person in people:
            person.port = server.port
            person.start()
        yield
        if not all(person.is_alive() for person in people):
            raise RuntimeError("A client got an answer that it does not understand.")
        for person in people:
            person.is_over.set()
        for person in people:
            person.join(PATIENCE)
    finally:
        server.kill()


@contextmanager
def nurse(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that starts workers. Its end is the end of its input."""
    process = subprocess.Popen(
        [sys.executable, "bench/big_class.py", "nurse"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()  # type: ignore[union-attr]
        process.wait(PATIENCE)


def kill_workers(
    workers: subprocess.Popen[str], environment: dict[str, str], dice: random.Random, kills: int
) -> tuple[int, float, bool]:
    """Kills workers until the job is done. Returns the kills, the most memory in MiB, and whether it was done."""
    end, killed, most = time.monotonic() + MOST_SECONDS, 0, 0.0
    pid, dies = start_worker(workers), time.monotonic() + dice.uniform(0, LONGEST_LIFE)
    is_done = False
    while not is_done and time.monotonic() < end:
        time.sleep(0.05)
        most = max(most, memory(pid))
        if killed < kills and time.monotonic() >= dies:
            os.kill(pid, signal.SIGKILL)
            killed += 1
            pid, dies = start_worker(workers), time.monotonic() + dice.uniform(0, LONGEST_LIFE)
        elif killed == kills:
            time.sleep(2)
            is_done = bool(json.loads(run(["bench/big_class.py", "job"], environment))[2])
    os.kill(pid, signal.SIGKILL)
    return killed, most, is_done


def start_worker(workers: subprocess.Popen[str]) -> int:
    assert workers.stdin
    assert workers.stdout
    workers.stdin.write("go\n")
    workers.stdin.flush()
    return int(workers.stdout.readline())


def memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


# ------------------------------------------------------------------------------------------------- verdict


def tell(place: Sqlite | Postgres, attempts: int, figures: Figures) -> bool:
    most_memory = max(figures.memory, figures.plan["memory"], figures.load["memory"])
    print(f"{place.name}: {attempts:,} attempts of 20 questions, {LEARNERS} learners answer meanwhile")
    print(
        f"  the load took {figures.load['seconds']:.2f} s, all {figures.seconds:.0f} s with {figures.kills} kills"
    )
    for name, waits in (("before", figures.before), ("during", figures.waits)):
        print(
            f"  {name}: {len(waits):,} answers, wait in the median {middle(waits):.3f} s, longest {max(waits):.3f} s"
        )
    promises = [
        (f"longest wait of an answer {max(figures.waits):.2f} s", max(figures.waits) < LONGEST_WAIT),
        (f"refused answers: {figures.refused}", figures.refused == 0),
        (f"memory {most_memory:.0f} MiB", most_memory < MOST_MEMORY),
        (
            f"processor time of a plan {figures.plan['processor']:.2f} s",
            figures.plan["processor"] < MOST_PROCESSOR,
        ),
        ("result as without kills", figures.is_equal),
    ]
    for sentence, held in promises:
        print(f"  {sentence}: {promise(held)}", flush=True)
    return all(held for _sentence, held in promises)


def middle(waits: list[float]) -> float:
    return sorted(waits)[len(waits) // 2] if waits else 0.0


if __name__ == "__main__":
    sys.exit(main())
