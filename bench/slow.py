"""Lets slow clients hold the server if they can, and measures how long everybody else waits.

    .venv/bin/python bench/slow.py [--seconds 60] [--server "gunicorn gthread"] [--kind "slow head"] [--clients 2]

For each kind of client (a head at a byte every two seconds, a form whose body never comes, a reader of a byte every two
seconds, an idle connection), 2, 20 and 200 of them stay for a minute. Meanwhile others ask for a page, save an answer
and ask for health, each time over a new connection. The exit status is 1 if one of these waits for more than a second,
and half as long again as the longest wait before the slow clients came.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from abusers import KINDS
from candidates import OUR_NAME, installed
from pages import promise, run, surroundings
from saving import examinee
from serving import ROOT, Request, serve

CLIENTS = (2, 20, 200)
MOST_WAIT = 1.0  # seconds
# On a busy machine, requests also wait where nobody is slow. That is measured first, for a third of the time.
BUSY = 1.5  # times the longest wait without slow clients
QUIET = 3
PATIENCE = 10.0  # seconds after which a request counts as never answered
PAUSE = 0.2  # seconds between two requests of one kind
PAGE = "/modules/ujian/bacaan/"
LARGE = "0" * 32 + ".png"  # a stored image of the largest size that an upload may have
LARGE_SIZE = 10 * 1024 * 1024


@dataclass
class Waits:
    """How long the requests of one kind waited, in seconds."""

    name: str
    request: Callable[[int], Request]
    waits: list[float] = field(default_factory=list)
    failures: int = 0

    def probe(self, port: int, end: float) -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                method, path, body, head = self.request(len(self.waits))
                connection.request(method, path, body, head)
                self.failures += connection.getresponse().status != 200
            except (OSError, http.client.HTTPException):
                self.failures += 1
            finally:
                connection.close()
            self.waits.append(time.monotonic() - began)
            time.sleep(PAUSE)

    def held(self, quiet: float) -> bool:
        return not self.failures and max(self.waits) <= max(MOST_WAIT, BUSY * quiet)


def main() -> int:
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder:
        environment = surroundings(folder)
        run(["manage.py", "prepare", "--examples"], environment)
        people = json.loads(run(["bench/examinees.py", "fill", "1"], environment))
        media = Path(folder) / "media"
        media.mkdir(exist_ok=True)
        (media / LARGE).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(LARGE_SIZE))
        print(
            f"{given.server}: {given.seconds:g} s each; waits of others in ms, median and longest, and the longest before"
        )
        held = [
            hold(kind, count, given, environment, examinee(people[0]), people[0]["cookie"])
            for kind in ([given.kind] if given.kind else KINDS)
            for count in ([given.clients] if given.clients else CLIENTS)
        ]
    print(f"everybody else is answered within {MOST_WAIT:g} s, or as soon as before: {promise(all(held))}")
    return 0 if all(held) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="for each kind and number of clients")
    parser.add_argument("--server", choices=installed(), default=OUR_NAME)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--clients", type=int, choices=CLIENTS)
    return parser.parse_args()


def hold(
    kind: str,
    count: int,
    given: argparse.Namespace,
    environment: dict[str, str],
    answer: Callable[[int], Request],
    cookie: str,
) -> bool:
    """Measures one kind and number of slow clients against a server of its own."""
    with serve(
        "config.wsgi:application", environment, installed()[given.server], subprocess.DEVNULL
    ) as server:
        server.get(PAGE, cookie)
        reference = probe_all(probes_of(answer, cookie), server.port, given.seconds / QUIET)
        quiet = max(max(probe.waits) for probe in reference)
        command = [
            "bench/abusers.py",
            kind,
            str(count),
            str(server.port),
            str(given.seconds),
            f"/media/{LARGE}",
        ]
        abusers = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
        try:
            time.sleep(1)  # until all have connected
            probes = probe_all(probes_of(answer, cookie), server.port, given.seconds - 1)
        finally:
            abusers.terminate()
            abusers.wait()
        memory = server.memory()
    return tell(kind, count, probes, quiet, memory)


def probes_of(answer: Callable[[int], Request], cookie: str) -> list[Waits]:
    return [
        Waits("page", lambda _number: ("GET", PAGE, None, {"Cookie": cookie})),
        Waits("answer", answer),
        Waits("health", lambda _number: ("GET", "/health/", None, {})),
    ]


def probe_all(probes: list[Waits], port: int, seconds: float) -> list[Waits]:
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=probe.probe, args=(port, end)) for probe in probes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return probes


def tell(kind: str, count: int, probes: list[Waits], quiet: float, memory: float) -> bool:
    held = all(probe.held(quiet) for probe in probes)
    figures = "; ".join(
        f"{probe.name} {1000 * statistics.median(probe.waits):.0f}, {1000 * max(probe.waits):.0f}"
        + (f" ({probe.failures} of {len(probe.waits)} failed)" if probe.failures else "")
        for probe in probes
    )
    print(
        f"  {count:>3} {kind:<13} {figures}; before {1000 * quiet:.0f}; {memory:.0f} MiB  {promise(held)}",
        flush=True,
    )
    return held


if __name__ == "__main__":
    sys.exit(main())
