"""Makes files of a class of 20,000 learners who have taken a quiz of twenty questions: CSV, XLSX and ODS.

    .venv/bin/python bench/exports.py [--quick] [--database sqlite|postgres]

Prints the seconds and the memory of the worker for each file. The reference of the same run is Python's own csv.writer
with as many cells that are in memory already. The exit status is 1 if a promise is not held.
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

LEARNERS, QUICK_LEARNERS = 20_000, 2_000
MOST_MEMORY = 60.0  # MiB over the idle process
LONGEST_REQUEST = 1.0  # seconds of the processor, which other work on the machine changes little
FILES = [(table, form) for table in ("questions", "class") for form in ("csv", "xlsx", "ods")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_LEARNERS:,} learners")
    parser.add_argument("--database", choices=KINDS)
    options = parser.parse_args()
    kinds = [options.database] if options.database else KINDS
    held = [measure(kind, QUICK_LEARNERS if options.quick else LEARNERS) for kind in kinds]
    return 0 if all(held) else 1


def measure(kind: str, learners: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder, database(kind, Path(folder)) as place:
        environment = surroundings(folder) | {"DATABASE_URL": place.base_address}
        run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
        run(["bench/big_class.py", "fill", str(learners), "0"], environment)
        run(["bench/big_exports.py", "gather"], environment)
        print(f"\n{place.name}, {learners:,} learners\n")
        print("table      form      cells   seconds  csv.writer  ratio  idle MiB  peak MiB  file MiB")
        files = [
            tell(json.loads(run(["bench/big_exports.py", "make", *file], environment))) for file in FILES
        ]
        waits = json.loads(run(["bench/big_exports.py", "requests"], environment))
        print("\nrequest                          seconds  processor")
        for name, (seconds, processor) in waits.items():
            print(f"{name:<32} {seconds:>7.2f} {processor:>10.2f}")
        memory = max(file["peak"] - file["idle"] for file in files)
        wait = max(processor for _seconds, processor in waits.values())
        print(
            f"memory over the idle worker {memory:.0f} MiB, at most {MOST_MEMORY:.0f}: {promise(memory <= MOST_MEMORY)}"
        )
        print(
            f"longest request {wait:.2f} s, at most {LONGEST_REQUEST:.0f}: {promise(wait <= LONGEST_REQUEST)}"
        )
        return memory <= MOST_MEMORY and wait <= LONGEST_REQUEST


def tell(file: dict[str, Any]) -> dict[str, Any]:
    ratio = file["seconds"] / file["reference"]
    print(
        f"{file['table']:<10} {file['form']:<5} {file['cells']:>9,} {file['seconds']:>9.1f} {file['reference']:>11.2f} "
        f"{ratio:>6.1f} {file['idle']:>9.0f} {file['peak']:>9.0f} {file['size']:>9.1f}"
    )
    return file


if __name__ == "__main__":
    sys.exit(main())
