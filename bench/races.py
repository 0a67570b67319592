"""Lets a hundred processes do the same in the same moment, and looks whether it is ever done twice.

    .venv/bin/python bench/races.py [--quick] [--database sqlite|postgres] [--fault unlocked]

They start an attempt, submit one, answer one slot, take the last attempt that is allowed; or some read, submit or
load while others correct. Each process has a connection of its own, held back until all are ready. The exit status is 1
where a promise is not held.
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
CONNECTIONS = 200  # at most, on PostgreSQL, whose default is as many as the crowd
SHOWN = 3  # sentences on what was wrong in a race


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    held = [race(kind, given) for kind in kinds]
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round of each race")
    parser.add_argument("--database", choices=KINDS)
    parser.add_argument("--fault", choices=["", "unlocked"], default="", help="no transactions and no locks")
    return parser.parse_args()


def race(kind: str, given: argparse.Namespace) -> bool:
    """All races on one database; says what was found and whether all promises were held."""
    rounds = QUICK_ROUNDS if given.quick else ROUNDS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        place.admit(CONNECTIONS)
        command = ["bench/crowd.py", str(rounds), *(["--fault", given.fault] if given.fault else [])]
        wrong = json.loads(run(command, surroundings(folder) | {"DATABASE_URL": place.base_address}))
        print(f"{place.name}: rounds of each race: {rounds}")
        held = [tell(name, found) for name, found in wrong.items()]
        unsound = place.unsound(BASE)
        print(f"  faults of the database: {len(unsound)}  {promise(not unsound)}", flush=True)
        return all(held) and not unsound


def tell(name: str, wrong: list[list[str]]) -> bool:
    """Says in how many rounds of a race all was right, and what was wrong in the others."""
    right = sum(not sentences for sentences in wrong)
    print(f"  {name}: {right} of {len(wrong)} times  {promise(right == len(wrong))}")
    for sentence in [sentence for sentences in wrong for sentence in sentences][:SHOWN]:
        print(f"    {sentence}")
    return right == len(wrong)


if __name__ == "__main__":
    sys.exit(main())
