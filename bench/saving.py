"""What saving an answer costs, beside a bare Django view that checks the token and does one update-or-create.

    .venv/bin/python bench/saving.py [--quick] [--database sqlite|postgres]

The same server, the same run, the two in turn: processor time of an answer, and how long people wait when 1, 10 and 50
of them answer at once. The exit status is 1 where a promise is not held.
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
MOST_WAIT = 2.0  # times as much does the wait of the slowest twentieth grow, from 1 client to 50, as that of the bare view


@dataclass(frozen=True)
class Answering:
    """A server, and who answers there."""

    server: Server
    people: Sequence[Callable[[int], Request]]

    def burst(self, requests: int) -> Burst:
        return self.server.series(self.people[0], requests)

    def crowd(self, clients: int, requests: int) -> float:
        """Within how many milliseconds 19 of 20 answers are acknowledged when so many people answer at once."""
        with ThreadPoolExecutor(clients) as crowd:
            bursts = crowd.map(
                lambda one: self.server.series(one, requests // clients), self.people[:clients]
            )
            waits = [wait for burst in bursts for wait in burst.waits]
        return 1000 * statistics.quantiles(waits, n=20)[-1]


def main() -> int:
    given = arguments()
    kinds = [given.database] if given.database else KINDS
    return 0 if all(compare(kind, is_quick=given.quick) for kind in kinds) else 1


def arguments() -> argparse.Namespace:
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
        ours = surroundings(folder) | {"DATABASE_URL": place.base_address}
        theirs = ours | {"DATABASE_URL": place.another("bare"), "DJANGO_SETTINGS_MODULE": "bare.settings"}
        told = json.loads(run(["bench/examinees.py", "fill", str(max(CLIENTS))], ours))
        cookies = run(["-m", "bare", str(max(CLIENTS))], theirs, given="-").splitlines()
        with serve("config.wsgi", ours) as one, serve(BARE, theirs) as other:
            mine = Answering(one, [examinee(person) for person in told])
            bare = Answering(other, [bare_person(cookie) for cookie in cookies])
            print(
                f"{place.name}: an answer saved, beside one update-or-create, {rounds} rounds of {requests}"
            )
            return all([tell_processor(mine, bare, rounds, requests), tell_waits(mine, bare, crowded)])


def examinee(told: dict[str, Any]) -> Callable[[int], Request]:
    """Requests as js/answers.js makes them; the numbers go on, since each answer follows the one before."""
    sent = dict.fromkeys(told["keys"], 0)

    def request(number: int) -> Request:
        place = str(number % len(sent) + 1)
        keys, sent[place] = told["keys"][place], sent[place] + 1
        fields = {"answer": keys[number % len(keys)], "sequence": sent[place], "base": sent[place] - 1}
        return _post(f"/attempts/{told['pk']}/questions/{place}/", fields, told["cookie"], told["token"])

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


def tell_processor(mine: Answering, bare: Answering, rounds: int, requests: int) -> bool:
    for one in (mine, bare):
        one.burst(requests)
    pairs = [(mine.burst(requests), bare.burst(requests)) for _round in range(rounds)]
    ratio = statistics.median(our.milliseconds / their.milliseconds for our, their in pairs)
    our, their = (statistics.median(pair[side].milliseconds for pair in pairs) for side in (0, 1))
    held = ratio <= MOST_PROCESSOR
    reached = "reached" if ratio <= AIM else "not reached"
    print(
        f"  processor, ms an answer: {our:.2f} beside {their:.2f}, ratio {ratio:.2f}; the aim of {AIM} is {reached}"
    )
    print(f"  at most {MOST_PROCESSOR} times the processor time: {promise(held)}", flush=True)
    return held


def tell_waits(mine: Answering, bare: Answering, requests: int) -> bool:
    waits = {}
    for clients in CLIENTS:
        pairs = [(mine.crowd(clients, requests), bare.crowd(clients, requests)) for _round in range(ROUNDS)]
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
