"""Measures the pages of results and classes, beside a bare list of a hundred rows on the same server in the same run.

    .venv/bin/python bench/classes.py [--quick] [--database sqlite|postgres]

One module has 20,000 learners, and a class of 300 studies ten modules. Nine other modules have four times as many
learners, so that an index is worth its while. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from databases import KINDS, database
from pages import promise, run, surroundings

LEARNERS, QUICK_LEARNERS = 20_000, 1_000
ROUNDS, QUICK_ROUNDS = 60, 15
MOST_MILLISECONDS = 300.0  # for 19 of 20 requests
MOST_TIMES = 4.0  # the median of the bare list
MOST_MEGABYTES = 30.0
ROW = "  {:<24}{:>8}{:>9}{:>9}{:>10}{:>9}{:>9}"


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [tell(measure(kind, options)) for kind in kinds]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_LEARNERS:,} learners, fewer requests")
    parser.add_argument("--database", choices=KINDS)
    return parser.parse_args()


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    learners, rounds = (QUICK_LEARNERS, QUICK_ROUNDS) if options.quick else (LEARNERS, ROUNDS)
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        settings = {"DATABASE_URL": place.base_address, "ALLOWED_HOSTS": "testserver", "DEBUG": "off"}
        environment = surroundings(folder) | settings
        run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
        run(["bench/classroom.py", "fill", str(learners)], environment)
        return {
            "name": place.name,
            **json.loads(run(["bench/classroom.py", "ask", str(rounds)], environment)),
        }


def tell(result: dict[str, Any]) -> bool:
    print(f"{result['name']}, {result['learners']:,} learners in a module")
    print(ROW.format("milliseconds", "queries", "p50", "p95", "bare p50", "ratio", "MB"))
    pages = result["pages"]
    for name, page in pages.items():
        (middle, slow), bare = page["page"], page["bare"][0]
        figures = [f"{value:.1f}" for value in (middle, slow, bare, middle / bare, page["megabytes"])]
        print(ROW.format(name, page["queries"], *figures))
    slowest = max(page["page"][1] for page in pages.values())
    ratio = max(page["page"][0] / page["bare"][0] for page in pages.values())
    memory = max(page["megabytes"] for page in pages.values())
    scanned = {name: page["scans"] for name, page in pages.items() if page["scans"]}
    promises = {
        f"19 of 20 requests within {MOST_MILLISECONDS:.0f} ms": slowest < MOST_MILLISECONDS,
        f"at most {MOST_TIMES:.0f} times the bare list": ratio <= MOST_TIMES,
        f"less than {MOST_MEGABYTES:.0f} MB of Python objects for each request": memory < MOST_MEGABYTES,
        "no large table is read whole": not scanned,
    }
    for words, held in promises.items():
        print(f"  {words}: {promise(held)}")
    for name, lines in scanned.items():
        print(f"    {name}: {'; '.join(lines)}")
    print()
    return all(promises.values())


if __name__ == "__main__":
    sys.exit(main())
