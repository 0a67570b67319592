"""Kills processes that are applying a load, and looks whether a module is ever left half loaded.

    .venv/bin/python bench/killing.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault autocommit]

Each trial has a copy of the same database. A process plans the same load and applies it; a SIGKILL comes at a random
moment of that. Then everything that stands in the tables is what stood there before, or what stands there after an
unharmed load, and nothing else. A kill that comes when the load has said that it is done is drawn again, but that load
has to stand. The exit status is 1 where any of this is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from databases import KINDS, Postgres, Sqlite, database, digest
from pages import promise, run, surroundings
from serving import ROOT

KILLS, QUICK_KILLS = 100, 10
UNHARMED = 3  # loads that show how long one takes
LATEST = 1.2  # of the time that a load takes: some kills should find it done
PATIENCE = 60  # seconds for a load
BROKEN = ("HALF LOADED", "LOST", "unsound")


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    held = [trials(kind, given) for kind in kinds]
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills on each database")
    parser.add_argument("--seed", default="tuntas", help="other moments")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "autocommit"], default="", help="apply without a transaction")
    return parser.parse_args()


def trials(kind: str, given: argparse.Namespace) -> bool:
    """Kill as often as was asked for, print what was found, and say whether the promise was held."""
    moments = random.Random(f"{given.seed}-{kind}")
    kills = QUICK_KILLS if given.quick else KILLS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        ground = surroundings(folder)
        run(["bench/victim.py", "fill"], ground | {"DATABASE_URL": place.base_address})
        place.copy()
        before = digest(place)
        after, duration = unharmed(place, ground)
        found: Counter[str] = Counter()
        while found.total() - found["too late"] < kills:
            ended = killed(place, ground, given.fault, moments.uniform(0, LATEST * duration))
            found[verdict(state(place, before, after), ended=ended)] += 1
    return tell(place, kills, duration, found)


def unharmed(place: Sqlite | Postgres, ground: dict[str, str]) -> tuple[str, float]:
    """What stands there after a load that nothing disturbs, and how many seconds such a load takes."""
    durations, states = [], set()
    for _load in range(UNHARMED):
        with victim(place.copy(), ground, "") as process:
            began = begin(process)
            assert said(process, PATIENCE) == "done"
            durations.append(time.monotonic() - began)
        states.add(digest(place))
    if len(states) != 1:
        raise RuntimeError("The same load does not always end in the same state.")
    return states.pop(), statistics.median(durations)


def killed(place: Sqlite | Postgres, ground: dict[str, str], fault: str, delay: float) -> bool:
    """Kill a load so many seconds after it has begun, and say whether it had ended before."""
    with victim(place.copy(), ground, fault) as process:
        begin(process)
        ended = said(process, delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return ended == "done"


def victim(address: str, ground: dict[str, str], fault: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "bench/victim.py", "apply", *(["--fault", fault] if fault else [])]
    environment = ground | {"DATABASE_URL": address}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def begin(process: subprocess.Popen[bytes]) -> float:
    """Let a load that is planned begin; the moment when it has."""
    assert said(process, PATIENCE) == "ready"
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.flush()
    assert said(process, PATIENCE) == "begun"
    return time.monotonic()


def said(process: subprocess.Popen[bytes], patience: float) -> str:
    """The next line that the process says within so many seconds, or nothing. One that failed is no kill."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], patience)
    if not ready:
        return ""
    line = os.read(process.stdout.fileno(), 100).decode().strip()
    if not line:
        raise RuntimeError("The load ended by itself.")
    return line


def state(place: Sqlite | Postgres, before: str, after: str) -> str:
    if place.unsound():
        return "unsound"
    return {before: "as before", after: "wholly loaded"}.get(digest(place), "HALF LOADED")


def verdict(stands: str, *, ended: bool) -> str:
    if not ended:
        return stands
    return "too late" if stands == "wholly loaded" else "LOST"


def tell(place: Sqlite | Postgres, kills: int, duration: float, found: Counter[str]) -> bool:
    held = not any(found[broken] for broken in BROKEN)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(found.items()))
    print(f"{place.name}: {kills} kills within the {1000 * duration:.0f} ms of a load: {counts}", flush=True)
    print(f"  never half loaded, never lost: {promise(held)}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
