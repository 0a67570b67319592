"""Measures the overview of a module and the table of its questions, in a school of 50,000 learners.

    .venv/bin/python bench/insights.py [--quick] [--database sqlite|postgres]

There are 200 modules and 100,000 attempts of 20 questions. One module has 20,000 learners. The worker counts the
figures of that module before the pages are asked for. The exit status is 1 if a promise is not held.
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

SCHOOL, QUICK_SCHOOL = ("50000", "200", "100000"), ("2500", "10", "5000")  # learners, modules, attempts
ROUNDS, QUICK_ROUNDS = 40, 10
MOST_MILLISECONDS = 500.0  # for 19 of 20 requests
MOST_MEGABYTES = 50.0
ROW = "  {:<24}{:>8}{:>9}{:>9}{:>9}"


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    held = [tell(measure(kind, options)) for kind in kinds]
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a twentieth of the school, fewer requests")
    parser.add_argument("--database", choices=KINDS)
    return parser.parse_args()


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    school, rounds = (QUICK_SCHOOL, QUICK_ROUNDS) if options.quick else (SCHOOL, ROUNDS)
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        settings = {"DATABASE_URL": place.base_address, "ALLOWED_HOSTS": "testserver", "DEBUG": "off"}
        environment = surroundings(folder) | settings
        run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
        run(["bench/school.py", "fill", *school], environment)
        counted = json.loads(run(["bench/school.py", "count"], environment))
        asked = json.loads(run(["bench/school.py", "ask", str(rounds)], environment))
        return {"name": place.name, "worker": counted, **asked}


def tell(result: dict[str, Any]) -> bool:
    print(f"{result['name']}, {result['learners']:,} learners in a module")
    worker = result["worker"]
    print(f"  the worker counts for {worker['seconds']:.1f} s, in {worker['megabytes']:.0f} MB")
    print(ROW.format("milliseconds", "queries", "p50", "p95", "MB"))
    pages = result["pages"]
    for name, page in pages.items():
        figures = [f"{value:.1f}" for value in (*page["page"], page["megabytes"])]
        print(ROW.format(name, page["queries"], *figures))
    slowest = max(page["page"][1] for page in pages.values())
    memory = max(page["megabytes"] for page in pages.values())
    promises = {
        f"19 of 20 requests within {MOST_MILLISECONDS:.0f} ms": slowest < MOST_MILLISECONDS,
        f"less than {MOST_MEGABYTES:.0f} MB of Python objects for each request": memory < MOST_MEGABYTES,
    }
    for words, held in promises.items():
        print(f"  {words}: {promise(held)}")
    print()
    return all(promises.values())


if __name__ == "__main__":
    sys.exit(main())
