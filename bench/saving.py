"""Measures the cost of saving an answer, compared with a bare Django view with a token and one update-or-create.

    .venv/bin/python bench/saving.py [--quick] [--database sqlite|postgres]

Both run on the same kind of server in the same run, in turn. It measures the processor time of an answer, and the wait
of 1, 10 and 50 people who answer at once. The exit status is 1 if a promise is not held.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from databases import KINDS, database
from pages import BARE, promise, run, surroundings
from serving import Burst, Request, Server, serve

CLIENTS = (1, 10, 50)
AIM, MOST_PROCESSOR = 1.5, 2.0  # times the processor time of the bare view
ROUNDS = 3  # of waiting; the middle one counts
MOST_WAIT = (
    2.0  # growth from 1 client to 50 of the wait of the slowest twentieth, divided by that of the bare view
)


@dataclass(frozen=True)
class Answering:
    """A server, and the people who answer there."""

    server: Server
    people: Sequence[Callable[[int], Request]]

    def burst(self, requests: int) -> Burst:
        return self.server.series(self.people[0], requests)

    def wait(self, clients: int, requests: int) -> float:
        """Returns how long 19 of 20 answers take at most, in milliseconds, while ``clients`` people answer at once."""
        with ThreadPoolExecutor(clients) as threads:
            bursts = threads.map(
                lambda person: self.server.series(person, requests // clients), self.people[:clients]
            )
            waits = [seconds for burst in bursts for seconds in burst.waits]
        return 1000 * statistics.quantiles(waits, n=20)[-1]


def main() -> int:
    options = parse_arguments()
    kinds = [options.database] if options.database else KINDS
    return 0 if all(compare(kind, is_quick=options.quick) for kind in kinds) else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer requests")
    parser.add_argument("--database", choices=KINDS)
    return parser.parse_args()


def compare(kind: str, *, is_quick: bool) -> bool:
    rounds, requests, crowded = (3, 100, 300) if is_quick else (9, 300, 1_000)
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        database(kind, Path(folder) / kind) as place,
    ):
        environment = surroundings(folder) | {"DATABASE_URL": place.base_address}
        bare_environment = environment | {
            "DATABASE_URL": place.another("bare"),
            "DJANGO_SETTINGS_MODULE": "bare.settings",
        }
        tickets = json.loads(run(["bench/examinees.py", "fill", str(max(CLIENTS))], environment))
        cookies = run(["-m", "bare", str(max(CLIENTS))], bare_environment, stdin="-").splitlines()
        with serve("config.wsgi", environment) as server, serve(BARE, bare_environment) as bare_server:
            ours = Answering(server, [examinee(ticket) for ticket in tickets])
            bare = Answering(bare_server, [bare_person(cookie) for cookie in cookies])
            print(
                f"{place.name}: an answer saved, beside one update-or-create, {rounds} rounds of {requests}"
            )
            return all([tell_processor(ours, bare, rounds, requests), tell_waits(ours, bare, crowded)])


def examinee(ticket: dict[str, Any]) -> Callable[[int], Request]:
    """Returns a function that makes requests as js/answers.js does. Each answer follows the one before."""
    sent = dict.fromkeys(ticket["keys"], 0)

    def request(number: int) -> Request:
        place = str(number % len(sent) + 1)
        keys, sent[place] = ticket["keys"][place], sent[place] + 1
        fields = {"answer": keys[number % len(keys)], "sequence": sent[place], "base": sent[place] - 1}
        return _post(
            f"/attempts/{ticket['pk']}/questions/{place}/", fields, ticket["cookie"], ticket["token"]
        )

    return request


def bare_person(cookie: str) -> Callable[[int], Request]:
    token = cookie.rpartition("csrftoken=")[2]
    return lambda number: _post(
        f"/answers/{number % 10 + 1}/", {"answer": f"{number % 4:010}"}, cookie, token
    )


def _post(path: str, fields: dict[str, Any], cookie: str, token: str) -> Request:
    head = {
        "Cookie": cookie,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return "POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}), head


# ------------------------------------------------------------------------------------------------- figures


def tell_processor(ours: Answering, bare: Answering, rounds: int, requests: int) -> bool:
    for answering in (ours, bare):
        answering.burst(requests)
    pairs = [(ours.burst(requests), bare.burst(requests)) for _round in range(rounds)]
    ratio = statistics.median(our.milliseconds / their.milliseconds for our, their in pairs)
    our, their = (statistics.median(pair[side].milliseconds for pair in pairs) for side in (0, 1))
    held = ratio <= MOST_PROCESSOR
    reached = "reached" if ratio <= AIM else "not reached"
    print(
        f"  processor, ms an answer: {our:.2f} beside {their:.2f}, ratio {ratio:.2f}; the aim of {AIM} is {reached}"
    )
    print(f"  at most {MOST_PROCESSOR} times the processor time: {promise(held)}", flush=True)
    return held


def tell_waits(ours: Answering, bare: Answering, requests: int) -> bool:
    waits = {}
    for clients in CLIENTS:
        pairs = [(ours.wait(clients, requests), bare.wait(clients, requests)) for _round in range(ROUNDS)]
        waits[clients] = [statistics.median(side) for side in zip(*pairs, strict=True)]
    print(
        "  19 of 20 answers within, ms: "
        + "; ".join(
            f"{our:.0f} beside {their:.0f} with {clients} at once" for clients, (our, their) in waits.items()
        )
    )
    few, many = waits[CLIENTS[0]], waits[CLIENTS[-1]]
    growth = (many[0] / few[0]) / (many[1] / few[1])
    held = growth <= MOST_WAIT
    print(
        f"  the wait grows {growth:.2f} times as much as that of the bare view: {promise(held)}", flush=True
    )
    return held


if __name__ == "__main__":
    sys.exit(main())
