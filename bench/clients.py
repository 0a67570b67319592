"""Answers a quiz over the network as its pages do, and tries again until an answer is acknowledged."""

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

CHANGES_MIND = 0.2  # share of the answers without acknowledgement that the learner replaces


@dataclass
class Item:
    """An answer as js/answers.js sends it."""

    answer: list[str]
    sequence: int
    base: int


class Examinee(threading.Thread):
    """Gives one random answer after the other, and notes the acknowledged ones."""

    def __init__(self, ticket: dict[str, Any], seed: str) -> None:
        super().__init__(daemon=True)
        self.ticket, self.random = ticket, random.Random(seed)
        self.acknowledged: dict[int, Item] = {}
        self.known: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.port, self.is_over, self.may_answer = 0, threading.Event(), threading.Event()
        self.may_answer.set()
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.is_over.is_set():
            place = self.random.randint(1, len(self.ticket["keys"]))
            self._answer(place)

    def _answer(self, place: int) -> None:
        item = Item(self._choice(place), self.known[place] + 1, self.known[place])
        while not self.is_over.is_set():
            self.may_answer.wait()
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
        return [self.random.choice(self.ticket["keys"][str(place)])]

    def _post(self, place: int, item: Item) -> dict[str, Any] | None:
        fields = {"answer": item.answer, "sequence": item.sequence, "base": item.base}
        status, body = self._send(f"/attempts/{self.ticket['pk']}/questions/{place}/", fields)
        return dict(json.loads(body)) if status == 200 else None

    def submit(self) -> int:
        status, _body = self._send(f"/attempts/{self.ticket['pk']}/submission/", {})
        return status

    def _send(self, path: str, fields: dict[str, Any]) -> tuple[int, bytes]:
        """Returns the status and the body of a reply. The status is 0 if there is no reply."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.ticket["token"]}, doseq=True)
        head = {
            "Cookie": self.ticket["cookie"],
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


def submit_until_accepted(person: Examinee) -> None:
    twin = Examinee(person.ticket, "")
    twin.port = person.port
    for _try in range(100):
        if twin.submit() == 302:
            return
        time.sleep(0.2)
