"""Kills workers that send mails, lets the mail server fall silent for an hour, and measures an idle worker.

    .venv/bin/python bench/worker.py [--quick] [--seed SEED] [--database sqlite|postgres]
        [--part killed|silent|idle] [--fault early|direct]

*Killed*: 2,000 mails go to a mail server of its own. A worker is killed 200 times in the middle of that. Each mail has
to arrive. A mail may arrive twice only if it was in flight at a kill.

*Silent*: the mail server accepts connections and says nothing for an hour of the worker's clock. People ask for new
passwords and sign up all the while. No request may take a second, and all mails have to arrive afterwards.

The exit status is 1 where any of this is not so.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from databases import KINDS, database
from pages import promise, run, surroundings
from serving import PATIENCE, ROOT, Server, serve

from tests.mail_sink import Sink, mail_sink

KILLS, MAILS = 200, 2_000
QUICK_KILLS, QUICK_MAILS = 20, 200
PHASE = 0.03  # seconds; a kill comes at a random moment of the work for one mail
HOUR, QUICK_HOUR = 60.0, 15.0  # seconds that the hour lasts
IDLE, QUICK_IDLE = 60.0, 15.0  # seconds
PEOPLE = 200
SLOWEST = 1.0  # seconds for a request
LATEST = 180.0  # seconds until every mail has arrived, more than a lease
PASSWORD = "angin-laut-77-perahu"


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    parts = {"killed": killed, "silent": silent}
    held = [parts[part](kind, given) for kind in kinds for part in parts if given.part in ("", part)]
    if given.part in ("", "idle"):
        idle(given)
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills, and a shorter hour")
    parser.add_argument("--seed", default="tuntas", help="other moments")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--part", choices=["killed", "silent", "idle"], default="")
    parser.add_argument("--fault", choices=["", "early", "direct"], default="")
    return parser.parse_args()


@contextmanager
def ground(kind: str) -> Iterator[tuple[Sink, dict[str, str]]]:
    """A mail server, and the environment of a new installation that sends through it."""
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
        mail_sink() as sink,
    ):
        environment = surroundings(folder) | {"DATABASE_URL": place.base_address, "PROXIES": "1"}
        yield sink, environment | {"EMAIL_URL": sink.url, "LOG_LEVEL": "ERROR"}


def mailer(*command: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "bench/mailer.py", *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def mails_that_wait(environment: dict[str, str]) -> int:
    return int(run(["bench/mailer.py", "open"], environment))


# ------------------------------------------------------------------------------------------------- killed


@dataclass
class Nurse:
    """Starts workers one after the other."""

    process: subprocess.Popen[str]
    pid: int = 0

    def start(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while Path(f"/proc/{self.pid}").exists() and time.monotonic() < end:
            time.sleep(0.001)


def killed(kind: str, given: argparse.Namespace) -> bool:
    kills, mails = (QUICK_KILLS, QUICK_MAILS) if given.quick else (KILLS, MAILS)
    dice = random.Random(f"{given.seed}-{kind}")
    with ground(kind) as (sink, environment):
        run(["bench/mailer.py", "mails", str(mails)], environment)
        sink.pause = 0.003
        early = ["early"] if given.fault == "early" else []
        with mailer("nurse", *early, environment=environment) as process:
            nurse = Nurse(process)
            in_flight = [kill(nurse, sink, dice, 0.95 * mails * n / kills) for n in range(1, kills + 1)]
            nurse.start()
            wait_for_all(sink, mails, environment)
            nurse.kill()
            process.stdin.close()  # type: ignore[union-attr]
        return tell_killed(kind, sink, mails, in_flight, mails_that_wait(environment))


def kill(nurse: Nurse, sink: Sink, dice: random.Random, delivered: float) -> int:
    """Kills a worker when so many mails were delivered. Returns the place of the delivery that may be in flight."""
    nurse.start()
    end = time.monotonic() + PATIENCE
    while len(sink.deliveries) < delivered and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, PHASE))
    nurse.kill()
    time.sleep(0.02)  # until the mail server has noticed
    return len(sink.deliveries) - 1


def wait_for_all(sink: Sink, mails: int, environment: dict[str, str]) -> None:
    """Waits until every mail has arrived, and until no task is leased by a worker that was killed."""
    end = time.monotonic() + LATEST
    while len(set(numbers(sink))) < mails and time.monotonic() < end:
        time.sleep(0.1)
    while mails_that_wait(environment) and time.monotonic() < end:
        time.sleep(1)


def numbers(sink: Sink) -> list[int]:
    """The number of each mail that was delivered, in the order of delivery."""
    return [
        int(found[1]) for one in sink.deliveries if (found := re.search(r"Subject: mail (\d+)", one.text))
    ]


def tell_killed(kind: str, sink: Sink, mails: int, in_flight: list[int], open_tasks: int) -> bool:
    order = numbers(sink)
    copies = Counter(order)
    lost = mails - len(copies)
    twice = [place for place, number in enumerate(order) if number in order[place + 1 :]]
    unread = sum(not sink.deliveries[place].farewell for place in twice)
    unexplained = len(set(twice) - set(in_flight))
    print(f"{kind}: {len(in_flight)} kills while {mails} mails are sent", flush=True)
    print(f"  lost: {lost}; still waiting: {open_tasks}; held: {promise(lost == open_tasks == 0)}")
    print(
        f"  sent twice: {len(twice)} (acknowledgement not read: {unread}, read and not yet stored:"
        f" {len(twice) - unread}); not in flight at a kill: {unexplained}; held: {promise(unexplained == 0)}",
        flush=True,
    )
    return lost == open_tasks == unexplained == 0


# ------------------------------------------------------------------------------------------------- silent


@dataclass
class Crowd:
    """People who ask for mails through the pages of the site."""

    port: int
    waits: list[tuple[float, str]] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    mails: int = 0
    requests: int = 0

    def reset(self) -> None:
        self.post("/accounts/password/reset/", {"email": f"sari{self.requests % PEOPLE}@example.com"})

    def sign_up(self) -> None:
        form = {"name": "Rina", "password1": PASSWORD, "password2": PASSWORD}
        self.post("/accounts/signup/", form | {"email": f"rina{self.requests}@example.com"})

    def post(self, path: str, form: dict[str, str]) -> None:
        self.requests += 1
        token = "x" * 32
        head = {
            "Cookie": f"csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.0.{self.requests // 250}.{self.requests % 250 + 1}",
            "X-Forwarded-Proto": "http",
        }
        status = self.ask("POST", path, urlencode(form | {"csrfmiddlewaretoken": token}), head)
        if status == 302:
            self.mails += 1
        else:
            self.refused[status] += 1

    def ask(self, method: str, path: str, body: str | None = None, head: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.perf_counter()
        try:
            connection.request(method, path, body, head or {})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            self.waits.append((time.perf_counter() - began, path))
            connection.close()


def silent(kind: str, given: argparse.Namespace) -> bool:
    seconds = QUICK_HOUR if given.quick else HOUR
    with ground(kind) as (sink, environment):
        run(["bench/mailer.py", "people", str(PEOPLE)], environment)
        application = "direct" if given.fault == "direct" else "config.wsgi"
        with (
            serve(application, environment) as server,
            mailer("hour", str(seconds), environment=environment) as worker,
        ):
            usual = ask_for(server, seconds / 3)
            sink.mode, before = "silent", sink.connections
            crowd = ask_for(server, seconds)
            tried = sink.connections - before
            sink.mode = "accept"
            wanted = usual.mails + crowd.mails
            took = wait_for_mails(sink, wanted)
            worker.send_signal(signal.SIGTERM)
            worker.wait(PATIENCE)
        arrived = len({one.message_id for one in sink.deliveries})
        return tell_silent(kind, usual, crowd, tried, arrived=arrived, took=took * 3600 / seconds)


def ask_for(server: Server, seconds: float) -> Crowd:
    """Lets people ask for mails, and look at a page, for so many seconds."""
    crowd = Crowd(server.port)
    # Another hour, other people: no limit of allauth is reached, and no name is used twice.
    crowd.requests = int(time.monotonic() * 10) % 20_000
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        crowd.reset()
        crowd.ask("GET", "/")
        crowd.sign_up()
        time.sleep(0.3)
    return crowd


def wait_for_mails(sink: Sink, wanted: int) -> float:
    """Waits until so many mails have arrived. Returns the seconds that it took."""
    began = time.monotonic()
    while len({one.message_id for one in sink.deliveries}) < wanted and time.monotonic() < began + LATEST:
        time.sleep(0.05)
    return time.monotonic() - began


def tell_silent(kind: str, usual: Crowd, crowd: Crowd, tried: int, *, arrived: int, took: float) -> bool:
    (slowest, path), middle = max(crowd.waits), median(crowd)
    wanted = usual.mails + crowd.mails
    print(
        f"{kind}: the mail server is silent for an hour; {crowd.mails} mails are asked for meanwhile",
        flush=True,
    )
    print(
        f"  {len(crowd.waits)} requests: median {1000 * middle:.0f} ms, {middle / median(usual):.2f} times that of"
        f" the usual minutes; refused: {dict(crowd.refused)}"
    )
    print(
        f"  slowest: {1000 * slowest:.0f} ms for {path}, in the usual minutes {1000 * max(usual.waits)[0]:.0f} ms;"
        f" at most {SLOWEST:.0f} s: {promise(slowest < SLOWEST)}"
    )
    print(
        f"  arrived: {arrived} of {wanted}, within {took / 60:.1f} minutes after the hour, after {tried} trials in it;"
        f" all: {promise(arrived == wanted)}",
        flush=True,
    )
    return slowest < SLOWEST and arrived == wanted and not crowd.refused


def median(crowd: Crowd) -> float:
    return statistics.median(wait for wait, _path in crowd.waits)


# ------------------------------------------------------------------------------------------------- idle


def idle(given: argparse.Namespace) -> None:
    """Compares a worker that has nothing to do with the server beside it."""
    seconds = QUICK_IDLE if given.quick else IDLE
    with ground("sqlite") as (_sink, environment):
        run(["bench/mailer.py", "people", "1"], environment)
        with serve("config.wsgi", environment) as server:
            command = [sys.executable, "manage.py", "work"]
            with subprocess.Popen(command, cwd=ROOT, env=environment) as worker:
                time.sleep(5)
                both = Server(worker.pid, 0), server
                before = [one.processor() for one in both]
                time.sleep(seconds)
                spent = [one.processor() - earlier for one, earlier in zip(both, before, strict=True)]
                memory = [sum(map(share, family(one.pid))) for one in both]
                worker.terminate()
    print(f"idle on SQLite for {seconds:.0f} s: a worker against a server of two processes")
    print(f"  processor: {100 * spent[0] / seconds:.2f} % against {100 * spent[1] / seconds:.2f} %")
    print(f"  memory: {memory[0]:.0f} MiB against {memory[1]:.0f} MiB, {memory[0] / memory[1]:.2f} times")


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def share(pid: int) -> float:
    """Memory of a process in MiB. Pages that several processes share count in parts."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
