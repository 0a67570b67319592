"""Simulates authors who edit documents while learners study them, and compares every load with the truth.

    .venv/bin/python bench/loading.py [--quick] [--seed SEED] [--document N] [--fault NAME]
    .venv/bin/python bench/loading.py --history REPOSITORY PATH...

The second form loads the versions of real documents instead; bench/README.md describes it. Prints the figures. The exit
status is 1 if a promise is not held. The same seed gives the same run.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import history
from pages import promise, run, surroundings
from serving import ROOT

sys.path.insert(0, str(ROOT))

from tests.simulation.report import Report

DOCUMENTS, EDITS, QUICK_EDITS = 100, 200, 20
PROCESSES = 2
SHOWN = 12  # failures whose texts are written to files
FAULTS = (
    "shift",
    "greedy",
    "blind",
    "choices",
    "explanation",
    "level",
    "unsplit",
    "curious",
    "reverse",
    "literal",
)
FAULTS += ("crosswise", "whole", "forget")
SIZES = {
    "renamed": "every heading renamed",
    "rewritten": "a third of each text rewritten",
    "alike": "sections that are nearly the same",
}


def main() -> int:
    options = parse_arguments()
    if options.history:
        repository, *paths = options.history
        return history.play(repository, paths, options.seed)
    edits = options.edits or (QUICK_EDITS if options.quick else EDITS)
    numbers = range(DOCUMENTS) if options.document is None else [options.document]
    print(f"{len(numbers)} documents, {edits} edits each, seed {options.seed}\n", flush=True)
    started, report = time.monotonic(), Report()
    for outcome in simulate(options.seed, edits, options.fault, numbers):
        report.add(outcome)
        if report.documents % 10 == 0:
            print(progress(report, time.monotonic() - started), flush=True)
    print(f"\nWhat was renamed and is still the same thing\n\n{report.table()}\n")
    print("  " + "; ".join(f"{count:,} {name}" for name, count in sorted(report.figures.items())) + "\n")
    write_failures(report, options.seed, edits)
    write_silly(report)
    held = tell_promises(report)
    if options.document is None and not options.fault:
        tell_sizes()
    return 0 if held else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_EDITS} edits of each document")
    parser.add_argument("--seed", default="tuntas", help="another run; the same seed gives the same one")
    parser.add_argument("--document", type=int, help="only the document of this number, from 0")
    parser.add_argument("--edits", type=int, help="so many edits of each document")
    parser.add_argument(
        "--fault", default="", choices=FAULTS, help="a fault to plant, which has to be noticed"
    )
    parser.add_argument(
        "--history",
        nargs="+",
        metavar="PATH",
        help="a git repository, and Markdown files in it, to be played",
    )
    return parser.parse_args()


# ---------------------------------------------------------------------------------------------- simulation


def simulate(seed: str, edits: int, fault: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yields the outcome of each simulated document as it arrives. Each process has its own database."""
    shares = [share for share in (numbers[first::PROCESSES] for first in range(PROCESSES)) if share]
    messages: queue.Queue[dict[str, Any] | int] = queue.Queue()
    for share in shares:
        threading.Thread(target=follow, args=(messages, seed, edits, fault, share), daemon=True).start()
    running = len(shares)
    while running:
        message = messages.get()
        if isinstance(message, dict):
            yield message
            continue
        running -= 1
        if message:
            raise RuntimeError(f"A simulation ended with {message}.")


def follow(messages: queue.Queue[Any], seed: str, edits: int, fault: str, numbers: Sequence[int]) -> None:
    """Puts the outcomes of one process into the queue, and in the end its exit status."""
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulation", seed, str(edits), fault, *map(str, numbers)],
            cwd=ROOT,
            env=surroundings(folder),
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in process.stdout or ():
            messages.put(json.loads(line))
        messages.put(process.wait())


def progress(report: Report, seconds: float) -> str:
    share = report.share(report.outcomes())
    return (
        f"  {report.documents:>4} documents {report.loads:>7,} loads {seconds:>6.0f} s"
        f"   found {share:.2%}   failures {len(report.failures)}"
    )


# --------------------------------------------------------------------------------------------------- report


def tell_promises(report: Report) -> bool:
    print(f"{report.loads:,} loads, {report.edits.total():,} edits")
    for name, figure, held in report.promises():
        print(f"  {name:<52}{figure:>8}  {promise(held)}")
    return all(held for _name, _figure, held in report.promises())


def write_failures(report: Report, seed: str, edits: int) -> None:
    """Prints the failures, and writes the texts of the first ones into a folder."""
    if not report.failures:
        return
    folder = Path(tempfile.mkdtemp(prefix="tuntas-failures-"))
    for number, failure in enumerate(report.failures[:SHOWN], start=1):
        where = f"seed {seed}, document {failure['document']}, load {failure['load']} of {edits} edits"
        print(f"  {number}. {failure['promise']}: {failure['sentence']}")
        print(f"     {where}: {', '.join(failure['edits'])}")
        for name in ("old", "new"):
            (folder / f"{number}-{name}.md").write_bytes(failure[name].encode())
    print(f"  {len(report.failures)} in all; the texts of these are in {folder}\n")


def write_silly(report: Report) -> None:
    """Writes the silly questions into a file."""
    if report.silly:
        with tempfile.NamedTemporaryFile("w", prefix="tuntas-silly-", suffix=".txt", delete=False) as file:
            file.write("\n".join(report.silly))
        print(f"  {len(report.silly)} silly questions are in {file.name}\n")


def tell_sizes() -> None:
    print("\nPlanning a document of 2 MB with 2,000 sections, beside reading it")
    print(f"  {'':<36}{'read, s':>9}{'plan, s':>9}{'ratio':>8}{'memory, MB':>12}")
    for name, words in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder:
            size = json.loads(run(["-m", "tests.simulation.sizes", name], surroundings(folder)))
        ratio = size["plan"] / size["read"]
        print(f"  {words:<36}{size['read']:>9.2f}{size['plan']:>9.2f}{ratio:>8.2f}{size['memory']:>12.0f}")


if __name__ == "__main__":
    sys.exit(main())
