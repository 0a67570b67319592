"""Kills workers while they invite and remind a thousand people, and counts which mails arrive.

    .venv/bin/python bench/mailing.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault apart]

Half of the people are invited by lists, and half are members who have not finished. Workers make the mails and send
them to a mail server of this benchmark. They get SIGKILL at random moments of both. Each mail has to arrive, and nobody
may have two mails with different names. A mail may arrive twice only if its worker was killed before it stored the
acknowledgement; the mail server knows whether the worker had read it. The exit status is 1 where any of this is not so.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass

from databases import KINDS
from pages import promise, run
from serving import ROOT
from worker import Nurse, ground

from tests.mail_sink import Delivery, Sink

KILLS, MAILS = 100, 1_000
QUICK_KILLS, QUICK_MAILS = 20, 200
LONGEST_LIFE = 3.0  # seconds in which a worker may deliver nothing, as while a lease of another one runs out
PHASE = 0.03  # seconds; a kill comes at a random moment of the work for one mail
LATEST = 120.0  # seconds until every mail has arrived


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    counts = [killed(kind, given) for kind in kinds]
    print(
        "| kills on | lost | made twice | sent twice | acknowledgement not read | read, not stored | unexplained |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, count in zip(kinds, counts, strict=True):
        print(count.row(kind))
    held = all(count.held for count in counts)
    print(f"each mail arrives, and twice only where the acknowledgement was cut: {promise(held)}", flush=True)
    return 0 if held else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills, {QUICK_MAILS} mails")
    parser.add_argument("--seed", default="tuntas", help="other moments")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "apart"], default="", help="on SQLite")
    return parser.parse_args()


@dataclass(frozen=True)
class Count:
    """Says what became of the mails. ``waiting`` tasks are left in the database, and ``made`` rows name a mail."""

    kills: int
    mails: int
    lost: int
    made_twice: int
    sent_twice: int
    unread: int
    unexplained: int
    waiting: int
    made: int

    @property
    def held(self) -> bool:
        return self.made == self.mails and not (
            self.lost or self.made_twice or self.unexplained or self.waiting
        )

    def row(self, kind: str) -> str:
        read = self.sent_twice - self.unread
        cells = (self.made_twice, self.sent_twice, self.unread, read, self.unexplained)
        return f"| {kind}, {self.kills} | {self.lost} of {self.mails} | {' | '.join(map(str, cells))} |"


def killed(kind: str, given: argparse.Namespace) -> Count:
    """Sends the mails of a new installation on one kind of database, and counts them."""
    kills, mails = (QUICK_KILLS, QUICK_MAILS) if given.quick else (KILLS, MAILS)
    dice = random.Random(f"{given.seed}-{kind}")
    with ground(kind) as (sink, environment):
        run(["bench/class_mails.py", "fill", str(mails)], environment)
        sink.pause = 0.003
        command = [sys.executable, "bench/class_mails.py", "nurse", *([given.fault] if given.fault else [])]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            nurse = Nurse(process)
            in_flight = {kill(nurse, sink, dice, 2 * mails / kills) for _kill in range(kills)}
            nurse.start()
            state = wait_for_all(sink, mails, environment)
            nurse.kill()
            process.stdin.close()  # type: ignore[union-attr]
        return count(sink, kills, mails, in_flight, state)


def kill(nurse: Nurse, sink: Sink, dice: random.Random, most: float) -> int:
    """Kills a worker after a random number of mails. Returns the place of the delivery that may be in flight."""
    nurse.start()
    wanted = len(sink.deliveries) + dice.uniform(0, 0.95 * most)
    end = time.monotonic() + dice.uniform(0, LONGEST_LIFE)
    while len(sink.deliveries) < wanted and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, PHASE))
    nurse.kill()
    time.sleep(0.02)  # until the mail server has noticed
    return len(sink.deliveries) - 1


def wait_for_all(sink: Sink, mails: int, environment: dict[str, str]) -> tuple[int, int]:
    """Waits until nothing waits any more. Returns the tasks that wait and the rows that were made."""
    end = time.monotonic() + LATEST
    waiting, made = state_of(environment)
    while (waiting or made < mails) and time.monotonic() < end:
        time.sleep(1)
        waiting, made = state_of(environment)
    return waiting, made


def state_of(environment: dict[str, str]) -> tuple[int, int]:
    waiting, made = run(["bench/class_mails.py", "state"], environment).split()
    return int(waiting), int(made)


def count(sink: Sink, kills: int, mails: int, in_flight: set[int], state: tuple[int, int]) -> Count:
    places: dict[str, list[int]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for place, delivery in enumerate(sink.deliveries):
        places[reader(delivery)].append(place)
        names[reader(delivery)].add(delivery.message_id)
    twice = [place for copies in places.values() for place in copies[:-1]]
    return Count(
        kills=kills,
        mails=mails,
        lost=mails - len(places),
        made_twice=sum(len(ids) > 1 for ids in names.values()),
        sent_twice=len(twice),
        unread=sum(not sink.deliveries[place].farewell for place in twice),
        unexplained=len(set(twice) - in_flight),
        waiting=state[0],
        made=state[1],
    )


def reader(delivery: Delivery) -> str:
    """Returns the one person to whom a mail goes. Each person of this benchmark gets one mail."""
    found = re.search(r"<([^>]+)>", delivery.recipients[0])
    return found[1] if found else delivery.recipients[0]


if __name__ == "__main__":
    sys.exit(main())
