"""Starts servers, sends them requests, and measures their processor time."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
OURS = (sys.executable, "-m", "server", "{application}")
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
    """A server on this machine. ``pid`` belongs to its first process."""

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
        return sum(_ticks(pid) for pid in self.processes()) / TICK

    def processes(self) -> list[int]:
        return [self.pid, *_descendants(self.pid)]

    def memory(self) -> float:
        """Returns the memory of the processes in MiB. What several processes share counts once."""
        return sum(_proportional(pid) for pid in self.processes()) / 1024


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


def _descendants(pid: int) -> Iterator[int]:
    """All processes under one; a thread may end while they are read."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _descendants(child)


def _proportional(pid: int) -> int:
    """The proportional set size of a process, in kB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def serve(
    application: str,
    environment: dict[str, str],
    command: Sequence[str] = OURS,
    stderr: int | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Starts a WSGI application as in production, on its own port, and stops it in the end.

    ``command`` may start another server: {application} and {port} stand for the two.
    """
    port = free_port()
    process = subprocess.Popen(
        [part.format(application=application, port=port) for part in command],
        cwd=ROOT,
        env={**environment, "HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "2", **settings},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    try:
        _wait_for(port, process)
        yield Server(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        _wait_or_kill(process)


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """Lets a server end. One that is held by a client does not end by itself, which is a figure and no fault here."""
    children = list(_descendants(process.pid))
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        for pid in (process.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
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
