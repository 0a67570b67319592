"""Measures the learner's pages with Lighthouse, on its simulated phone.

    .venv/bin/python bench/lighthouse.py [--quick] [--page NAME]

Serves a new installation with three modules, and prints a table with four scores for each page, the layout shift, and
the largest contentful paint. Needs npm and Chromium; the first run installs Lighthouse beside the packages of Python.
The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pages import promise
from serving import ROOT

sys.path.insert(0, str(ROOT))

from tests.journeys.server import served
from tests.journeys.showcase import furnished, signed_in

VERSION = "12.8.2"  # of Lighthouse; later ones need a newer Node.js
FOLDER = ROOT / ".venv" / "lighthouse"
CHROMIUM = shutil.which("chromium") or "chromium"
ROUNDS = 5
TRIES = 3  # on a busy machine, Lighthouse now and then misses the beginning of a page
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LATEST = 1.5  # seconds until the largest part is painted
# Pages that lack a point, with the reason.
EXCUSED = {("proof", "seo"): "a proof has a name on it, and asks search engines to leave it out"}


@dataclass(frozen=True)
class Figures:
    """What Lighthouse says of a page: scores from 0 to 100, the layout shift, and the paint in seconds."""

    scores: Mapping[str, int]
    shift: float
    paint: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one round instead of five")
    parser.add_argument("--page", help="only the page with this name")
    options = parser.parse_args()
    install()
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder, served(Path(folder)) as site:
        pages = {name: page for name, page in furnished(site).items() if options.page in (None, name)}
        cookie = signed_in(site)
        rounds = 1 if options.quick else ROUNDS
        figures = {
            name: measured(site.address + page.path, cookie if page.is_private else "", rounds)
            for name, page in pages.items()
        }
    print(table(figures))
    return 0 if tell(figures) else 1


def install() -> None:
    """Installs Lighthouse, unless this version is there."""
    stated = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if not stated.exists() or json.loads(stated.read_text(encoding="utf-8"))["version"] != VERSION:
        packages = ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(FOLDER)]
        subprocess.run([*packages, f"lighthouse@{VERSION}"], check=True, stdout=sys.stderr)


# -------------------------------------------------------------------------------------------------- figures


def measured(address: str, cookie: str, rounds: int) -> Figures:
    """Returns the median of some rounds; of the layout shift, the highest."""
    reports = [report(address, cookie) for _round in range(rounds)]
    scores = {
        name: round(statistics.median(100 * (each["categories"][name]["score"] or 0) for each in reports))
        for name in CATEGORIES
    }
    paints = [each["audits"]["largest-contentful-paint"]["numericValue"] / 1000 for each in reports]
    shifts = [each["audits"]["cumulative-layout-shift"]["numericValue"] for each in reports]
    return Figures(scores, max(shifts), statistics.median(paints))


def report(address: str, cookie: str) -> dict[str, Any]:
    """Returns what Lighthouse says of one visit."""
    command = [
        str(FOLDER / "node_modules" / ".bin" / "lighthouse"),
        address,
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless=new --no-sandbox",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    if cookie:
        command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    for _try in range(TRIES):
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
    raise RuntimeError(f"Lighthouse could not look at {address}.")


def table(figures: Mapping[str, Figures]) -> str:
    """Returns the figures as a table in Markdown."""
    rows = [
        [name, *map(str, each.scores.values()), f"{each.shift:.3f}", f"{each.paint:.1f} s"]
        for name, each in figures.items()
    ]
    head = ["page", *CATEGORIES, "layout shift", "largest paint"]
    return "\n".join(map(row_of, [head, ["---"] * len(head), *rows]))


def row_of(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def tell(figures: Mapping[str, Figures]) -> bool:
    """Prints which promises are held, and returns whether all are."""
    lacking = [
        f"{name}: {category} {score}"
        for name, each in figures.items()
        for category, score in each.scores.items()
        if score < 100 and (name, category) not in EXCUSED
    ]
    shifting = [name for name, each in figures.items() if each.shift > 0]
    late = [name for name, each in figures.items() if each.paint > LATEST]
    promises = {
        "100 points in all four": lacking,
        "nothing shifts": shifting,
        f"painted within {LATEST} s": late,
    }
    print()
    for name, broken in promises.items():
        print(f"  {name:30} {promise(not broken)}  {', '.join(broken)}")
    for (name, category), reason in EXCUSED.items():
        print(f"  {name}, {category}: {reason}")
    return not any(promises.values())


if __name__ == "__main__":
    sys.exit(main())
