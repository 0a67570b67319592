"""Measures the cost of a learner's section page, compared with a bare Django page on the same server in the same run.

    .venv/bin/python bench/pages.py [--quick]

Prints the figures. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from serving import ROOT, Burst, Server, serve

AIM = 1.5  # times the processor time of the bare page
MOST_PROCESSOR = 2.5  # beyond this, something is wrong; a busy machine alone adds up to 0.5
MOST_QUERIES = 6
MOST_REQUESTS = 8  # and one more for each font of formulas
MOST_BYTES = 80_000  # without the fonts of formulas

BARE = "bare.wsgi:application"


@dataclass(frozen=True)
class Page:
    """A page that a signed-in person requests from a server."""

    server: Server
    path: str
    cookie: str

    def burst(self, requests: int) -> Burst:
        return self.server.burst(self.path, self.cookie, requests)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds; under a minute")
    rounds, requests = (9, 100) if parser.parse_args().quick else (25, 300)
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder:
        environment = surroundings(folder)
        run(["manage.py", "prepare", "--examples"], environment)
        facts = json.loads(run(["bench/learners.py"], environment))
        with serve("config.wsgi", environment) as server:
            held = [
                tell_queries(facts["queries"]),
                tell_cold_view(server, facts["cookie"], facts["sections"], environment),
                tell_ratio(Page(server, facts["section"], facts["cookie"]), environment, rounds, requests),
            ]
    return 0 if all(held) else 1


def surroundings(folder: str) -> dict[str, str]:
    """Returns the environment of a new installation in ``folder``, without the settings of this one."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    source_roots = os.pathsep.join(str(ROOT / name) for name in ("", "platform", "bench"))
    secret = "only-for-measuring-" + "x" * 50
    return {
        **kept,
        "PYTHONPATH": source_roots,
        "DATA_DIR": folder,
        "SECRET_KEY": secret,
        "HTTPS": "off",
        "ENV_FILE": os.devnull,
    }


def run(arguments: list[str], environment: dict[str, str], stdin: str = "") -> str:
    """Runs a Python program with ``stdin`` as its input, and returns its standard output."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        input=stdin,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def promise(held: bool) -> str:
    return "held" if held else "NOT HELD"


# ------------------------------------------------------------------------------------------------- queries


def tell_queries(queries: dict[str, list[str]]) -> bool:
    print("Queries of a section page")
    for size, asked in queries.items():
        print(f"  {size:<32}{len(asked):>4}")
    counts = {len(asked) for asked in queries.values()}
    held = len(counts) == 1 and max(counts) <= MOST_QUERIES
    print(f"  at most {MOST_QUERIES}, the same at every size: {promise(held)}\n")
    return held


# ----------------------------------------------------------------------------------------------- cold view


def tell_cold_view(server: Server, cookie: str, sections: Iterable[str], environment: dict[str, str]) -> bool:
    """Says what the heaviest section page of the modules that ship takes for a browser with an empty cache."""
    origin = f"http://127.0.0.1:{server.port}"
    weights = json.loads(run(["bench/cold.py", origin, cookie, *sections], environment))
    plain = {section: without_formulas(answers) for section, answers in weights.items()}
    heaviest = max(plain, key=lambda section: sum(plain[section].values()))
    requests = max(len(answers) for answers in plain.values())
    weight = sum(plain[heaviest].values())
    print(f"Cold view, heaviest of {len(weights)} section pages ({heaviest})")
    for address, size in weights[heaviest].items():
        print(f"  {re.sub(r'[.][0-9a-f]{12}[.]', '.', address):<64}{size:>8,}")
    held = requests <= MOST_REQUESTS and weight <= MOST_BYTES
    print(
        f"  {requests} requests of at most {MOST_REQUESTS}, {weight:,} bytes of at most {MOST_BYTES:,}: {promise(held)}\n"
    )
    return held


def without_formulas(answers: dict[str, int]) -> dict[str, int]:
    return {address: size for address, size in answers.items() if "noto-sans-math" not in address}


# --------------------------------------------------------------------------------------------------- ratio


def tell_ratio(ours: Page, environment: dict[str, str], rounds: int, requests: int) -> bool:
    """Says how a section page compares to a bare page of the very same HTML."""
    html = ours.server.get(ours.path, ours.cookie).body.decode()
    cookie = run(["-m", "bare"], environment, stdin=html).strip()
    with serve(BARE, {**environment, "DJANGO_SETTINGS_MODULE": "bare.settings"}) as server:
        bare = Page(server, "/pages/page/", cookie)
        pairs = list(compare(ours, bare, rounds, requests))
    ratios = [our.milliseconds / their.milliseconds for our, their in pairs]
    ratio = statistics.median(ratios)
    held = ratio <= MOST_PROCESSOR
    print(
        f"{ours.path} beside a bare page, {len(html.encode()):,} bytes each, {rounds} rounds of {requests} requests"
    )
    print(f"  {'':<32}{'section':>9}{'bare':>9}{'ratio':>9}")
    tell_row("processor, ms a request", pairs, lambda burst: burst.milliseconds)
    tell_row("requests a second, one client", pairs, lambda burst: burst.per_second)
    print(f"  processor ratio of the rounds: {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"  the aim of {AIM} times the processor time is {'' if ratio <= AIM else 'not '}reached")
    print(f"  at most {MOST_PROCESSOR} times the processor time: {promise(held)}")
    return held


def compare(ours: Page, bare: Page, rounds: int, requests: int) -> Iterable[tuple[Burst, Burst]]:
    """Yields bursts of the two pages in turn, so that other load on the machine affects both alike."""
    for page in (ours, bare, ours, bare):
        page.burst(50)
    for _round in range(rounds):
        yield ours.burst(requests), bare.burst(requests)


def tell_row(name: str, pairs: list[tuple[Burst, Burst]], figure: Callable[[Burst], Any]) -> None:
    our, their = (statistics.median(figure(pair[side]) for pair in pairs) for side in (0, 1))
    ratio = statistics.median(figure(ours) / figure(bare) for ours, bare in pairs)
    print(f"  {name:<32}{our:>9.2f}{their:>9.2f}{ratio:>9.2f}")


if __name__ == "__main__":
    sys.exit(main())
