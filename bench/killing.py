"""Kills processes that are applying a load, and checks that no module is ever left half loaded.

    .venv/bin/python bench/killing.py [--quick] [--seed SEED] [--database sqlite|postgres] [--fault autocommit]

Each trial has a copy of the same database. A process plans the same load and applies it, and gets SIGKILL at a random
moment. Afterwards the tables have to hold either the rows from before, or the rows after an undisturbed load. If the
load was done before the kill, its rows have to be stored, and the trial is repeated. The exit status is 1 if a promise
is not held.
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
UNDISTURBED = 3  # loads that show how long a load takes
LATEST = 1.2  # times the duration of a load: some kills should come when it is done
PATIENCE = 60  # seconds for a load
BROKEN = ("HALF LOADED", "LOST", "unsound")


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [run_trials(kind, options) for kind in kinds]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_KILLS} kills on each database")
    parser.add_argument("--seed", default="tuntas", help="other moments")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "autocommit"], default="", help="apply without a transaction")
    return parser.parse_args()


def run_trials(kind: str, options: argparse.Namespace) -> bool:
    """Kills as many loads as the options say, prints the verdicts, and tells whether the promise was held."""
    moments = random.Random(f"{options.seed}-{kind}")
    kills = QUICK_KILLS if options.quick else KILLS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        environment = surroundings(folder)
        run(["bench/victim.py", "fill"], environment | {"DATABASE_URL": place.base_address})
        place.copy()
        before = digest(place)
        after, duration = load_undisturbed(place, environment)
        verdicts: Counter[str] = Counter()
        while verdicts.total() - verdicts["too late"] < kills:
            was_done = kill_load(place, environment, options.fault, moments.uniform(0, LATEST * duration))
            verdicts[verdict(state(place, before, after), was_done=was_done)] += 1
    return tell(place, kills, duration, verdicts)


def load_undisturbed(place: Sqlite | Postgres, environment: dict[str, str]) -> tuple[str, float]:
    """Returns the fingerprint of the tables after an undisturbed load, and its duration in seconds."""
    durations, fingerprints = [], set()
    for _load in range(UNDISTURBED):
        with victim(place.copy(), environment, "") as process:
            began = begin(process)
            assert next_line(process, PATIENCE) == "done"
            durations.append(time.monotonic() - began)
        fingerprints.add(digest(place))
    if len(fingerprints) != 1:
        raise RuntimeError("The same load does not always end in the same state.")
    return fingerprints.pop(), statistics.median(durations)


def kill_load(place: Sqlite | Postgres, environment: dict[str, str], fault: str, delay: float) -> bool:
    """Kills a load ``delay`` seconds after it has begun, and tells whether it was done before."""
    with victim(place.copy(), environment, fault) as process:
        begin(process)
        last_line = next_line(process, delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return last_line == "done"


def victim(address: str, environment: dict[str, str], fault: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "bench/victim.py", "apply", *(["--fault", fault] if fault else [])]
    environment = environment | {"DATABASE_URL": address}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def begin(process: subprocess.Popen[bytes]) -> float:
    """Lets a planned load begin, and returns the moment when it has begun."""
    assert next_line(process, PATIENCE) == "ready"
    assert process.stdin
    process.stdin.write(b"go\n")
    process.stdin.flush()
    assert next_line(process, PATIENCE) == "begun"
    return time.monotonic()


def next_line(process: subprocess.Popen[bytes], patience: float) -> str:
    """Returns the next line that the process prints within ``patience`` seconds, or an empty text.

    Raises :class:`RuntimeError` if the process has ended by itself, which is no kill.
    """
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], patience)
    if not ready:
        return ""
    line = os.read(process.stdout.fileno(), 100).decode().strip()
    if not line:
        raise RuntimeError("The load ended by itself.")
    return line


def state(place: Sqlite | Postgres, before: str, after: str) -> str:
    if place.faults():
        return "unsound"
    return {before: "as before", after: "wholly loaded"}.get(digest(place), "HALF LOADED")


def verdict(stored: str, *, was_done: bool) -> str:
    if not was_done:
        return stored
    return "too late" if stored == "wholly loaded" else "LOST"


def tell(place: Sqlite | Postgres, kills: int, duration: float, verdicts: Counter[str]) -> bool:
    held = not any(verdicts[broken] for broken in BROKEN)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(verdicts.items()))
    print(f"{place.name}: {kills} kills within the {1000 * duration:.0f} ms of a load: {counts}", flush=True)
    print(f"  never half loaded, never lost: {promise(held)}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())
