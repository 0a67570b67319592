"""Measures the search in a library of 10,000 sections, beside the full-text search of the database itself.

    .venv/bin/python bench/search.py [--quick] [--seed SEED] [--database sqlite|postgres]

It searches for rare and common words, several words, phrases and nothing, on both databases. Both have to find the same
sections in the same order. Words that are planted where learners may not read have to be found nowhere. The exit status
is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from databases import KINDS, database
from pages import promise, run, surroundings

SECTIONS, QUICK_SECTIONS = 10_000, 1_000
ROUNDS, QUICK_ROUNDS = 60, 25  # queries of each kind
MOST_MILLISECONDS = 50.0  # for 19 of 20 searches of every kind
ROW = "  {:<16}{:>8}" + "{:>10}" * 10


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    results = {kind: measure(kind, options) for kind in kinds}
    held = [tell(kind, result) for kind, result in results.items()]
    if len(results) == 2:
        sqlite, postgres = (result["answers"] for result in results.values())
        differing = [text for text in sqlite if sqlite[text] != postgres[text]]
        print(
            f"{len(sqlite)} queries find the same sections in the same order on both: {promise(not differing)}"
        )
        held.append(not differing)
    return 0 if all(held) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECTIONS:,} sections, fewer queries")
    parser.add_argument("--seed", default="tuntas", help="other words")
    parser.add_argument("--database", choices=KINDS)
    return parser.parse_args()


def measure(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    sections, rounds = (QUICK_SECTIONS, QUICK_ROUNDS) if options.quick else (SECTIONS, ROUNDS)
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        settings = {"DATABASE_URL": place.base_address, "ALLOWED_HOSTS": "testserver", "DEBUG": "off"}
        environment = surroundings(folder) | settings
        run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
        filled = json.loads(run(["bench/library.py", "fill", str(sections), options.seed], environment))
        found = json.loads(run(["bench/library.py", "search", str(rounds), options.seed], environment))
        return {"name": place.name, "sections": sections, **filled, **found}


def tell(kind: str, result: dict[str, Any]) -> bool:
    print(
        f"{result['name']}, {result['sections']:,} sections; the index of {result['written']:,} is made in {result['seconds']:.0f} s"
    )
    print(
        ROW.format(
            "milliseconds",
            "hits",
            "p50",
            "p95",
            "own p50",
            "p95",
            "page p50",
            "p95",
            "bare p50",
            "p95",
            "ratio p50",
            "p95",
        )
    )
    slowest = 0.0
    for name, kind_result in result["kinds"].items():
        search, own, page, bare = (kind_result[part] for part in ("search", "processor", "page", "bare"))
        slowest = max(slowest, search[1])
        ratios = [ours / theirs for ours, theirs in zip(search, bare, strict=True)]
        figures = [f"{value:.1f}" for value in (*search, *own, *page, *bare, *ratios)]
        print(ROW.format(name, f"{kind_result['hits']:,.0f}", *figures))
    hidden = {word: count for word, count in result["planted"].items() if word != "terbuka"}
    is_fast, is_clean = slowest < MOST_MILLISECONDS, not any(hidden.values())
    print(f"  19 of 20 searches of each kind within {MOST_MILLISECONDS:.0f} ms: {promise(is_fast)}")
    print(
        f"  of {len(hidden)} planted words, found in the index or by a search: {sum(hidden.values())}: {promise(is_clean)}"
    )
    is_planted = result["planted"]["terbuka"] > 0
    print(f"  a word planted where learners may read is found: {promise(is_planted)}")
    everything = hashlib.sha256(json.dumps(result["answers"], sort_keys=True).encode()).hexdigest()
    print(f"  all hits of {len(result['answers'])} queries in their order: {everything[:16]}\n")
    return is_fast and is_clean and is_planted


if __name__ == "__main__":
    sys.exit(main())
