"""Starts servers, sends them requests, and measures their processor time."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 30  # seconds in which a server has to start, and to answer a request


Request = tuple[str, str, str | None, dict[str, str]]  # method, path, body, head


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class Burst:
    """The cost of a series of requests, in seconds: processor time of the server, clock time, and the wait of each."""

    requests: int
    processor: float
    clock: float
    waits: tuple[float, ...] = ()

    @property
    def milliseconds(self) -> float:
        """Returns the processor time of one request, in milliseconds."""
        return 1000 * self.processor / self.requests

    @property
    def per_second(self) -> float:
        return self.requests / self.clock


@dataclass(frozen=True)
class Server:
    """A gunicorn on this machine. ``pid`` belongs to its first process."""

    pid: int
    port: int

    def get(self, path: str, cookie: str = "") -> Answer:
        """Returns the answer to one request over its own connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            return _ask(connection, path, {"Cookie": cookie, "Accept-Encoding": "identity"})
        finally:
            connection.close()

    def burst(self, path: str, cookie: str, requests: int) -> Burst:
        """Requests a page ``requests`` times over one connection. Raises RuntimeError if an answer is not 200."""
        head = {"Cookie": cookie, "Accept-Encoding": "identity"}
        return self.series(lambda _request: ("GET", path, None, head), requests)

    def series(self, request: Callable[[int], Request], requests: int) -> Burst:
        """Sends ``requests`` requests over one connection, each made from its number. Raises as :meth:`burst`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            processor, times = self.processor(), [time.perf_counter()]
            for number in range(requests):
                if (status := _send(connection, *request(number)).status) != 200:
                    raise RuntimeError(f"{request(number)[1]} answered {status}")
                times.append(time.perf_counter())
            waits = tuple(after - before for before, after in pairwise(times))
            return Burst(requests, self.processor() - processor, times[-1] - times[0], waits)
        finally:
            connection.close()

    def processor(self) -> float:
        """Returns the processor time of the server's processes so far, user and system, in seconds."""
        return sum(_ticks(pid) for pid in (self.pid, *_children(self.pid))) / TICK


def _ask(connection: http.client.HTTPConnection, path: str, head: dict[str, str]) -> Answer:
    return _send(connection, "GET", path, None, head)


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, sent: str | None, head: dict[str, str]
) -> Answer:
    connection.request(method, path, sent, head)
    response = connection.getresponse()
    return Answer(response.status, response.read())


def _ticks(pid: int) -> int:
    # The name of the program, in brackets, may hold blanks, so the fields are counted after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def serve(application: str, environment: dict[str, str]) -> Iterator[Server]:
    """Starts a WSGI application as in production, on its own port, and stops it in the end."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application],
        cwd=ROOT,
        env={**environment, "HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "2"},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Server(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")
