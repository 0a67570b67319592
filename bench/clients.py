"""People who answer a quiz over the network as its pages do, and try again until an answer is acknowledged."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from serving import PATIENCE

CHANGES_MIND = 0.2  # of the answers that are not acknowledged at once


@dataclass
class Item:
    """An answer on its way, as js/answers.js sends it."""

    answer: list[str]
    sequence: int
    base: int


class Examinee(threading.Thread):
    """Answers at random, one answer after the other, and notes what was acknowledged."""

    def __init__(self, told: dict[str, Any], seed: str) -> None:
        super().__init__(daemon=True)
        self.told, self.random = told, random.Random(seed)
        self.acknowledged: dict[int, Item] = {}
        self.known: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.port, self.is_over, self.is_free = 0, threading.Event(), threading.Event()
        self.is_free.set()
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.is_over.is_set():
            place = self.random.randint(1, len(self.told["keys"]))
            self._answer(place)

    def _answer(self, place: int) -> None:
        item = Item(self._choice(place), self.known[place] + 1, self.known[place])
        while not self.is_over.is_set():
            self.is_free.wait()
            reply = self._post(place, item)
            if reply is None:
                self.counts["tried again"] += 1
                time.sleep(self.random.uniform(0.02, 0.3))
                if self.random.random() < CHANGES_MIND:
                    item = Item(self._choice(place), item.sequence + 1, item.base)
            elif reply["accepted"]:
                self.known[place] = item.sequence
                self.acknowledged[place] = item
                self.counts["acknowledged"] += 1
                return
            else:  # stored before the acknowledgement was lost: this one is newer
                item = Item(item.answer, max(item.sequence, reply["sequence"] + 1), reply["sequence"])

    def _choice(self, place: int) -> list[str]:
        return [self.random.choice(self.told["keys"][str(place)])]

    def _post(self, place: int, item: Item) -> dict[str, Any] | None:
        fields = {"answer": item.answer, "sequence": item.sequence, "base": item.base}
        status, body = self._send(f"/attempts/{self.told['pk']}/questions/{place}/", fields)
        return dict(json.loads(body)) if status == 200 else None

    def submit(self) -> int:
        status, _body = self._send(f"/attempts/{self.told['pk']}/submission/", {})
        return status

    def _send(self, path: str, fields: dict[str, Any]) -> tuple[int, bytes]:
        """The status and the body of a reply; no status where there is none."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.told["token"]}, doseq=True)
        head = {
            "Cookie": self.told["cookie"],
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self.connection.request("POST", path, body, head)
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, b""


def submit_for_good(one: Examinee) -> None:
    twin = Examinee(one.told, "")
    twin.port = one.port
    for _try in range(100):
        if twin.submit() == 302:
            return
        time.sleep(0.2)
