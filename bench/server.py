"""Measures the server of Tuntas beside other servers, on the same database in the same run, in turn.

    .venv/bin/python bench/server.py [--quick] [--database sqlite|postgres] [--server granian ...]

Each server has two processes, of one thread where it has threads. For each, and for 1, 16 and 64 clients at once: the
requests in a second and the processor time of a section page and of a saved answer. A round measures every server, so
that what else the machine does falls on all alike, and the ratios to the server of Tuntas are taken within a round.
Only servers that are installed are measured. The exit status is 1 if the idle server takes too much memory, or if the
former server does more than a fifth more requests, or takes less than four fifths of the processor time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from candidates import OUR_NAME, installed
from databases import KINDS, database
from pages import promise, run, surroundings
from saving import examinee
from serving import Burst, Request, Server, serve

BEFORE = "gunicorn gthread"
CLIENTS = (1, 16, 64)
REQUESTS, QUICK_REQUESTS = 384, 128
ROUNDS, QUICK_ROUNDS = 7, 2
MOST_MEMORY = 187.0  # MiB
TOLERANCE = 1.2  # times
TASKS = ("page", "answer")

Person = Callable[[int], Request]
Figures = dict[tuple[str, int], list[Burst]]  # of a task and a number of clients, a burst for each round


@dataclass
class Measured:
    """One server, what it took when it was idle, and its bursts."""

    name: str
    server: Server
    idle: float = 0.0
    bursts: Figures = field(default_factory=dict)


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    results = [compare(kind, given) for kind in kinds]
    return 0 if all(results) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and requests")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--server", nargs="*", choices=installed(), help="all that are installed")
    return parser.parse_args()


def compare(kind: str, given: argparse.Namespace) -> bool:
    rounds, requests = (QUICK_ROUNDS, QUICK_REQUESTS) if given.quick else (ROUNDS, REQUESTS)
    names = dict.fromkeys((OUR_NAME, *(given.server or installed())))
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
        ExitStack() as servers,
    ):
        environment = surroundings(folder) | {"DATABASE_URL": place.base_address}
        told = json.loads(run(["bench/examinees.py", "fill", str(max(CLIENTS))], environment))
        run(["manage.py", "prepare", "--examples"], environment)
        answers = [examinee(person) for person in told]
        pages = [reader(person["cookie"]) for person in told]
        place.admit(200)
        measured = []
        for name in names:
            server = servers.enter_context(
                serve("config.wsgi:application", environment, installed()[name], subprocess.DEVNULL)
            )
            measured.append(Measured(name, server))
        warm_up(measured, pages, answers)
        for _round in range(rounds):
            for one in measured:
                measure(one, pages, answers, requests)
        return tell(place.name, measured, rounds, requests)


def reader(cookie: str) -> Person:
    return lambda _number: ("GET", "/modules/ujian/bacaan/", None, {"Cookie": cookie})


def warm_up(measured: Sequence[Measured], pages: Sequence[Person], answers: Sequence[Person]) -> None:
    for one in measured:
        crowd(one.server, pages[:16], 64)
        crowd(one.server, answers[:16], 64)
    time.sleep(2)
    for one in measured:
        one.idle = one.server.memory()


def measure(one: Measured, pages: Sequence[Person], answers: Sequence[Person], requests: int) -> None:
    for clients in CLIENTS:
        for task, people in zip(TASKS, (pages, answers), strict=True):
            burst = crowd(one.server, people[:clients], requests if clients > 1 else requests // 2)
            one.bursts.setdefault((task, clients), []).append(burst)


def crowd(server: Server, people: Sequence[Person], requests: int) -> Burst:
    """Lets so many people ask at once, each over a connection that is kept."""
    each = max(1, requests // len(people))
    processor, began = server.processor(), time.perf_counter()
    with ThreadPoolExecutor(len(people)) as pool:
        bursts = list(pool.map(lambda person: server.series(person, each), people))
    clock = time.perf_counter() - began
    waits = tuple(wait for burst in bursts for wait in burst.waits)
    return Burst(each * len(people), server.processor() - processor, clock, waits)


# ------------------------------------------------------------------------------------------------- figures


def tell(place: str, measured: Sequence[Measured], rounds: int, requests: int) -> bool:
    ours = measured[0]
    print(f"{place}: {rounds} rounds of {requests} requests; medians, in brackets the ratio to {OUR_NAME}")
    for task in TASKS:
        for clients in CLIENTS:
            print(
                f"  {task}, {clients} at once: requests a second; processor, ms a request; spread of rounds"
            )
            for one in measured:
                tell_row(one, ours, (task, clients))
    print("  memory when idle, MiB: " + "; ".join(f"{one.name} {one.idle:.0f}" for one in measured))
    print("  and after the run: " + "; ".join(f"{one.name} {one.server.memory():.0f}" for one in measured))
    held = [tell_promise(f"at most {MOST_MEMORY:g} MiB when idle", held=ours.idle <= MOST_MEMORY)]
    before = next((one for one in measured if one.name == BEFORE), None)
    if before:
        held += [tell_against(before, ours, figure) for figure in ("requests", "processor")]
    return all(held)


def tell_row(one: Measured, ours: Measured, key: tuple[str, int]) -> None:
    mine, theirs = one.bursts[key], ours.bursts[key]
    speed = statistics.median(burst.per_second for burst in mine)
    cost = statistics.median(burst.milliseconds for burst in mine)
    spread = statistics.pstdev([burst.per_second for burst in mine]) / speed
    print(
        f"    {one.name:<17}{speed:>7.0f} ({ratio(mine, theirs, 'per_second'):.2f})"
        f"{cost:>8.2f} ({ratio(mine, theirs, 'milliseconds'):.2f})  ±{100 * spread:.0f} %",
        flush=True,
    )


def ratio(mine: Sequence[Burst], theirs: Sequence[Burst], figure: str) -> float:
    """Returns the median of the ratios within each round."""
    pairs = zip(mine, theirs, strict=True)
    return statistics.median(getattr(one, figure) / getattr(other, figure) for one, other in pairs)


def tell_against(before: Measured, ours: Measured, figure: str) -> bool:
    """Compares all tasks with the former server: their median ratio decides, since single ones are noisy."""
    name = {"requests": "per_second", "processor": "milliseconds"}[figure]
    middle = statistics.median(ratio(ours.bursts[key], before.bursts[key], name) for key in ours.bursts)
    held = middle >= 1 / TOLERANCE if figure == "requests" else middle <= TOLERANCE
    return tell_promise(f"{figure} beside {BEFORE}: {middle:.2f} times", held=held)


def tell_promise(name: str, *, held: bool) -> bool:
    print(f"  {name}: {promise(held)}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
