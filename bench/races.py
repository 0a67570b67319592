"""Lets a hundred processes do the same at the same moment, and checks that the effect is that of one.

    .venv/bin/python bench/races.py [--quick] [--database sqlite|postgres] [--fault unlocked]

They start an attempt, submit it, answer one slot, or take the last attempt that is allowed. In other races some
processes read, submit or load while others correct. Each process has its own connection, and waits until all are
ready. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from databases import BASE, KINDS, database
from pages import promise, run, surroundings

ROUNDS, QUICK_ROUNDS = 5, 1
CONNECTIONS = 200  # at most, on PostgreSQL, whose default is only the number of processes in the crowd
SHOWN = 3  # sentences on what was wrong in a race


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [run_races(kind, options) for kind in kinds]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round of each race")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "unlocked"], default="", help="no transactions and no locks")
    return parser.parse_args()


def run_races(kind: str, options: argparse.Namespace) -> bool:
    """Runs all races on one database, prints the figures, and tells whether all promises were held."""
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        place.admit(CONNECTIONS)
        command = ["bench/crowd.py", str(rounds), *(["--fault", options.fault] if options.fault else [])]
        wrong = json.loads(run(command, surroundings(folder) | {"DATABASE_URL": place.base_address}))
        print(f"{place.name}: rounds of each race: {rounds}")
        held = [tell(name, sentences) for name, sentences in wrong.items()]
        faults = place.faults(BASE)
        print(f"  faults of the database: {len(faults)}  {promise(not faults)}", flush=True)
        return all(held) and not faults


def tell(name: str, wrong: list[list[str]]) -> bool:
    """Says in how many rounds of a race all was right, and what was wrong in the others."""
    right = sum(not sentences for sentences in wrong)
    print(f"  {name}: {right} of {len(wrong)} times  {promise(right == len(wrong))}")
    for sentence in [sentence for sentences in wrong for sentence in sentences][:SHOWN]:
        print(f"    {sentence}")
    return right == len(wrong)


if __name__ == "__main__":
    sys.exit(main())
