"""Kills the server again and again while people answer, and looks whether an acknowledged answer is ever lost.

    .venv/bin/python bench/attempts.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault early]

Fifty clients answer against the production server as its pages do, and try again until an answer is acknowledged. The
server, all its processes, gets SIGKILL at random moments and is started again. Where a file system may be mounted, the
disk is also filled and freed. In the end all submit, twice at once. The exit status is 1 where something was lost.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from databases import BASE, KINDS, Postgres, Sqlite, database
from pages import promise, run, surroundings
from serving import PATIENCE, ROOT

CLIENTS = 50
KILLS, QUICK_KILLS = 200, 20
LONGEST_LIFE = 1.0  # seconds that a server lives after it answers
DISK = 300  # MB of the file system that is filled
FULL_FOR = 4.0  # seconds that the disk stays full
CHANGES_MIND = 0.2  # of the answers that are not acknowledged at once


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    runs = (False,) if given.fault else (False, True)
    held = [survive(kind, given, is_full=is_full) for kind in kinds for is_full in runs]
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
            server = Server(environment, "early" if given.fault else "config.wsgi")
            dice = random.Random(f"{given.seed}-{kind}")
            disturb = (
                (lambda: fill_and_free(folder, place, people))
                if is_full
                else (lambda: kill(server, dice, given.quick))
            )
            told = attend(server, people, disturb)
            place.revive()
            stored = json.loads(run(["bench/examinees.py", "rows"], environment))
            return tell(place, told, people, stored)


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


# ------------------------------------------------------------------------------------------------- people


@dataclass
class Item:
    """An answer on its way, as js/answers.js sends it."""

    answer: list[str]
    sequence: int
    base: int


class Examinee(threading.Thread):
    """Answers at random, one answer after the other, and notes what was acknowledged."""

    def __init__(self, told: dict[str, Any], seed: str) -> None:
        super().__init__(daemon=True)
        self.told, self.random = told, random.Random(seed)
        self.acknowledged: dict[int, Item] = {}
        self.known: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.port, self.is_over = 0, threading.Event()
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.is_over.is_set():
            place = self.random.randint(1, len(self.told["keys"]))
            self._answer(place)

    def _answer(self, place: int) -> None:
        item = Item(self._choice(place), self.known[place] + 1, self.known[place])
        while not self.is_over.is_set():
            reply = self._post(place, item)
            if reply is None:
                self.counts["tried again"] += 1
                time.sleep(self.random.uniform(0.02, 0.3))
                if self.random.random() < CHANGES_MIND:
                    item = Item(self._choice(place), item.sequence + 1, item.base)
            elif reply["accepted"]:
                self.known[place] = item.sequence
                self.acknowledged[place] = item
                self.counts["acknowledged"] += 1
                return
            else:  # stored before the acknowledgement was lost: this one is newer
                item = Item(item.answer, max(item.sequence, reply["sequence"] + 1), reply["sequence"])

    def _choice(self, place: int) -> list[str]:
        return [self.random.choice(self.told["keys"][str(place)])]

    def _post(self, place: int, item: Item) -> dict[str, Any] | None:
        fields = {"answer": item.answer, "sequence": item.sequence, "base": item.base}
        status, body = self._send(f"/attempts/{self.told['pk']}/questions/{place}/", fields)
        return dict(json.loads(body)) if status == 200 else None

    def submit(self) -> int:
        status, _body = self._send(f"/attempts/{self.told['pk']}/submission/", {})
        return status

    def _send(self, path: str, fields: dict[str, Any]) -> tuple[int, bytes]:
        """The status and the body of a reply; no status where there is none."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.told["token"]}, doseq=True)
        head = {
            "Cookie": self.told["cookie"],
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self.connection.request("POST", path, body, head)
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, b""


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
            [sys.executable, "-m", "gunicorn", self.application],
            cwd=ROOT,
            env={**self.environment, "HOST": "127.0.0.1", "PORT": str(self.port), "WORKERS": "2"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("The server did not start.")

    def kill(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def kill(server: Server, dice: random.Random, is_quick: bool) -> str:
    kills = QUICK_KILLS if is_quick else KILLS
    for _kill in range(kills):
        time.sleep(dice.uniform(0, LONGEST_LIFE))
        server.kill()
        server.start()
    return f"the server killed {kills} times"


def fill_and_free(folder: Path, place: Sqlite | Postgres, people: list[Examinee]) -> str:
    """Fill the disk while people answer, and free it; say how many answers were acknowledged and refused meanwhile."""
    ballast = folder / "ballast"
    counts = [counted(people, FULL_FOR)]
    fill(ballast)
    end = time.monotonic() + PATIENCE
    while is_at_work(*counted(people, 0.5)) and time.monotonic() < end:
        place.press()
        fill(ballast)
    counts.append(counted(people, FULL_FOR))
    ballast.unlink()
    place.revive()
    counts.append(counted(people, FULL_FOR))
    if is_at_work(*counts[1]) or not counts[2][0]:
        raise RuntimeError(f"The disk was never full, or never freed: {counts}")
    return "disk filled and freed; acknowledged / refused before, while full, after: " + ", ".join(
        f"{given:,} / {refused:,}" for given, refused in counts
    )


def is_at_work(acknowledged: int, refused: int) -> bool:
    """Whether answers are stored as if nothing were; on a full disk they are refused, or wait."""
    return acknowledged > 0 and not refused


def counted(people: list[Examinee], seconds: float) -> tuple[int, int]:
    """How many answers are acknowledged, and how many refused, within so many seconds."""
    before = [sum(one.counts[word] for one in people) for word in ("acknowledged", "tried again")]
    time.sleep(seconds)
    after = [sum(one.counts[word] for one in people) for word in ("acknowledged", "tried again")]
    return after[0] - before[0], after[1] - before[1]


def fill(ballast: Path) -> None:
    block = b"\0" * 65_536
    with ballast.open("ab", buffering=0) as file:
        for size in (len(block), 512):
            try:
                while file.write(block[:size]):
                    pass
            except OSError:
                continue


def attend(server: Server, people: list[Examinee], disturb: Any) -> str:
    """Let everybody answer while the server is disturbed, and then submit, twice at once."""
    server.start()
    try:
        for one in people:
            one.port = server.port
            one.start()
        said = str(disturb())
        for one in people:
            one.is_over.set()
        for one in people:
            one.join(PATIENCE)
        twice = [
            threading.Thread(target=submit_for_good, args=(one,)) for one in people for _time in range(2)
        ]
        for thread in twice:
            thread.start()
        for thread in twice:
            thread.join(PATIENCE)
        return said
    finally:
        server.kill()


def submit_for_good(one: Examinee) -> None:
    twin = Examinee(one.told, "")
    twin.port = one.port
    for _try in range(100):
        if twin.submit() == 302:
            return
        time.sleep(0.2)


# ------------------------------------------------------------------------------------------------- verdict


def tell(place: Sqlite | Postgres, said: str, people: list[Examinee], stored: list[dict[str, Any]]) -> bool:
    found = {one["pk"]: one for one in stored}
    lost = [fate for one in people for fate in lost_of(one, found[one.told["pk"]])]
    doubles = len(stored) - len({one["learner"] for one in stored})
    slots = [
        place for one in stored for place in Counter(row[0] for row in one["responses"]).values() if place > 1
    ]
    open_ones = sum(not one["is_submitted"] for one in stored)
    unsound = place.unsound(BASE)
    sums = sum((one.counts for one in people), start=Counter())
    print(f"{place.name}: {len(people)} clients, {said}")
    print(f"  {sums['acknowledged']:,} answers acknowledged, {sums['tried again']:,} tried again")
    for name, count in (
        ("acknowledged answers lost", len(lost)),
        ("duplicates of attempts or answers", doubles + len(slots)),
        ("attempts without a result", open_ones),
        ("faults of the database", len(unsound)),
    ):
        print(f"  {name}: {count}  {promise(not count)}", flush=True)
    return not (lost or doubles or slots or open_ones or unsound)


def lost_of(one: Examinee, stored: dict[str, Any]) -> Iterator[str]:
    """The acknowledged answers that are not stored, nor a later one."""
    rows = {place: (sequence, answer) for place, sequence, answer in stored["responses"]}
    for place, item in one.acknowledged.items():
        sequence, answer = rows[place]
        if sequence < item.sequence or (sequence == item.sequence and answer != item.answer):
            yield f"{one.told['pk']}, slot {place}"


if __name__ == "__main__":
    sys.exit(main())
