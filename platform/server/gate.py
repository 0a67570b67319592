"""Holds the connections of all clients, and hands whole requests to workers that are free."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import cast

from server.connection import GRACE, Connection, Headers, Request, Response
from server.frames import PIECE, Frames, body_frames, head_frame, read_head

MOST_CONNECTIONS = 10_000  # raised, idle clients take more memory: about 10 KB each
BACKLOG = 1024  # clients that the system lets wait until they are let in
MOST_WAITING = 2_000  # requests in line
MOST_RECEIVING = (
    512 * 1024 * 1024
)  # bytes of bodies at once; raised, strangers can fill more of the disk for temporary files
SMALL_BODY = 16 * 1024  # bytes; raised, 10,000 clients can fill more memory
APOLOGETIC = [
    (b"Cache-Control", b"no-store"),
    (b"Retry-After", b"5"),
    (b"X-Content-Type-Options", b"nosniff"),
]
# Clients whose connections end at one look. If hundreds came back in the same moment, others would wait for them.
MOST_ENDED = 20
SWEEP = 0.2  # seconds between two looks at the clock
SPARE_AFTER = 0.5  # seconds in line after which one more worker is asked for
SPARE_IDLE = 5.0  # seconds without work after which a worker that is one too many ends


@dataclass(frozen=True, slots=True)
class Limits:
    workers: int
    timeout: float  # seconds that a worker has for a request
    largest_body: int  # bytes


@dataclass(frozen=True, slots=True)
class Voice:
    """Says what the gate cannot say itself, because it knows nothing of the application."""

    apology: Callable[[str], tuple[Headers, bytes]]  # cookies -> headers and page of a 503
    report: Callable[[Request, int, float, str], None]  # request, status, milliseconds, reason


class Link(asyncio.Protocol):
    """The gate's end of the socket to one worker, which has at most one request."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.pid = 0
        self.job: tuple[Connection, Request] | None = None
        self.since = time.monotonic()
        self.is_late = False
        self.is_last = False  # whether the worker ends after this answer
        self.is_paused = False
        self._pieces: Iterator[bytes] = iter(())
        self._frames = Frames()
        self._response: Response | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for content in self._frames.feed(data):
            self._take_in(content)

    def _take_in(self, content: bytes) -> None:
        if not self.pid:
            (self.pid,) = read_head(content)
            self.gate.links.add(self)
            self.gate.ready(self)
        elif self._response is None:
            self.is_last, *head = read_head(content)
            self._response = Response(*head)
        elif content:
            self._keep(content)
        else:
            self._finish()

    def _keep(self, content: bytes) -> None:
        response = cast("Response", self._response)
        try:
            response.body.add(content)
        except OSError:
            # There is no room for a large answer. The worker that makes it is of no use any more.
            self.transport.abort()

    def _finish(self) -> None:
        (connection, request), self.job = cast("tuple[Connection, Request]", self.job), None
        response, self._response = cast("Response", self._response), None
        self.since = time.monotonic()
        request.body.close()
        if self.is_last:
            self.transport.close()
        else:
            self.gate.ready(self)
        try:
            connection.respond(response)
        except OSError:
            # A file that an answer names is gone, or there are too many open files.
            self.gate.apologise(connection, request, self.since, "its file cannot be opened")

    def send(self, connection: Connection, request: Request) -> None:
        self.job, self.since, self.is_late = (connection, request), time.monotonic(), False
        head = (
            request.method,
            request.target,
            request.version,
            request.headers,
            connection.address,
            connection.served,
            request.request_id,
        )
        self.transport.write(head_frame(head))
        content = request.body.opened()
        self._pieces = body_frames(iter(lambda: content.read(PIECE), b""))
        self._pump()

    def _pump(self) -> None:
        """Hands on a body as fast as the worker takes it, so that a large one is never in memory as a whole."""
        while not self.is_paused and (piece := next(self._pieces, None)):
            self.transport.write(piece)

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        self._pump()

    def connection_lost(self, error: Exception | None) -> None:
        self.gate.gone(self)
        if self.job:
            (connection, request), self.job = self.job, None
            reason = "took longer than TIMEOUT" if self.is_late else "its process ended"
            self.gate.apologise(connection, request, self.since, reason)

    def is_over(self, now: float) -> bool:
        return self.job is not None and now - self.since > self.gate.limits.timeout


@dataclass
class Gate:
    """All connections, the line of whole requests, and the workers."""

    control: socket.socket
    limits: Limits
    voice: Voice
    connections: dict[Connection, None] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    idle: list[Link] = field(default_factory=list)
    line: deque[tuple[Connection, Request]] = field(default_factory=deque)
    is_stopping: bool = False
    asked_at: float = 0.0
    received: int = 0  # bytes of the bodies that are here now
    starting: set[asyncio.Task[object]] = field(default_factory=set)  # a task that nobody keeps may vanish

    @property
    def largest_body(self) -> int:
        return self.limits.largest_body

    async def serve(self, listener: socket.socket) -> None:
        """Serves until a signal says to end, and then until every request is answered that was read whole."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        for ignored in (signal.SIGINT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        self.most_connections = raise_open_files()
        loop.add_reader(self.control, self._take_link)
        self.control.setblocking(False)
        self.server = await loop.create_server(lambda: Connection(self), sock=listener, backlog=BACKLOG)
        while not self.is_stopping or (self.connections and time.monotonic() < self.latest):
            await asyncio.sleep(SWEEP if not self.is_stopping else 0.02)
            self.sweep(time.monotonic())

    def stop(self) -> None:
        """Lets no new client in, and every connection end after the answer that it waits for."""
        self.is_stopping, self.latest = True, time.monotonic() + self.limits.timeout + 1
        self.server.close()
        for connection in list(self.connections):
            connection.stop()

    # ------------------------------------------------------------------------------------------- clients

    def opened(self, connection: Connection) -> None:
        if len(self.connections) >= self.most_connections:
            self._make_room()
        self.connections[connection] = None

    def _make_room(self) -> None:
        """Ends the connection that has been without a whole request for longest, so that a new client gets in."""
        for connection in self.connections:
            if connection.is_idle:
                del self.connections[connection]
                connection.transport.abort()
                return

    def closed(self, connection: Connection) -> None:
        self.connections.pop(connection, None)

    def may_keep(self, size: int, whole: int) -> bool:
        """Tells whether there is room for more of a body that will be ``whole`` bytes. The sum is exact after a sweep.

        A few clients cannot keep others from sending a form: a small body always has room, and a large one that has
        been arriving for long makes room for others.
        """
        self.received += size
        if self.received > MOST_RECEIVING and whole > SMALL_BODY:
            self._end_longest_body()
        return self.received <= MOST_RECEIVING or whole <= SMALL_BODY

    def _end_longest_body(self) -> None:
        now = time.monotonic()
        large = (
            each for each in self.connections if each.receiving and each.receiving.body.size > SMALL_BODY
        )
        longest = min(large, key=lambda each: each.since, default=None)
        if longest and longest.receiving and now - longest.since > GRACE:
            self.received -= longest.receiving.body.size
            longest.transport.abort()

    def _sum_up_bodies(self) -> None:
        requests = [request for _connection, request in self.line]
        requests += [link.job[1] for link in self.links if link.job]
        requests += [each.receiving for each in self.connections if each.receiving]
        self.received = sum(request.body.size for request in requests)

    def take(self, connection: Connection, request: Request) -> None:
        """Hands a request to a worker, or lets it wait."""
        # Whoever has sent a whole request is the last whose connection makes room for others.
        self.connections.pop(connection, None)
        self.connections[connection] = None
        if self.idle:
            self.idle.pop().send(connection, request)
        elif len(self.line) < MOST_WAITING:
            self.line.append((connection, request))
        else:
            asyncio.get_running_loop().call_soon(
                self.apologise, connection, request, request.whole_at, "too many requests wait"
            )

    def withdraw(self, connection: Connection) -> bool:
        """Takes a client out of the line, and tells whether it stood there."""
        for place, (waiting, request) in enumerate(self.line):
            if waiting is connection:
                del self.line[place]
                request.body.close()
                connection.current = None
                return True
        return False

    def apologise(self, connection: Connection, request: Request, since: float, reason: str) -> None:
        """Answers 503 with a page that the reader understands, and reports it."""
        request.body.close()
        self.voice.report(request, HTTPStatus.SERVICE_UNAVAILABLE, 1000 * (time.monotonic() - since), reason)
        headers, page = self.voice.apology(request.header(b"cookie").decode("latin-1"))
        response = Response(b"503 Service Unavailable", [*headers, *APOLOGETIC])
        response.body.add(page)
        request.is_kept = False
        connection.respond(response)

    # ------------------------------------------------------------------------------------------- workers

    def _take_link(self) -> None:
        """Takes the socket of a new worker from the master. Without a master, nothing may go on."""
        try:
            message, descriptors, _flags, _address = socket.recv_fds(self.control, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        if not message:
            os._exit(1)
        link = socket.socket(fileno=descriptors[0])
        link.setblocking(False)
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.connect_accepted_socket(lambda: Link(self), link))
        self.starting = {task, *(each for each in self.starting if not each.done())}

    def ready(self, link: Link) -> None:
        if self.line:
            link.send(*self.line.popleft())
        else:
            self.idle.append(link)

    def gone(self, link: Link) -> None:
        self.links.discard(link)
        if link in self.idle:
            self.idle.remove(link)

    def sweep(self, now: float) -> None:
        """Ends what has had its time: clients that are too slow, requests that run too long."""
        self._sum_up_bodies()
        over = (connection for connection in self.connections if connection.is_over(now))
        for connection in list(islice(over, MOST_ENDED)):
            connection.transport.abort()
        for link in self.links:
            if link.is_over(now) and not link.is_late:
                link.is_late = True
                os.kill(link.pid, signal.SIGKILL)
        while self.line and now - self.line[0][1].whole_at > self.limits.timeout:
            connection, request = self.line.popleft()
            self.apologise(connection, request, request.whole_at, "waited longer than TIMEOUT")
        self._balance(now)

    def _balance(self, now: float) -> None:
        """Asks for one more worker while requests wait behind slow ones, and lets it go when it is one too many."""
        waits = bool(self.line) and now - self.line[0][1].whole_at > SPARE_AFTER
        if waits and len(self.links) < 2 * self.limits.workers and now - self.asked_at > SPARE_AFTER:
            self.asked_at = now
            self.control.send(b"+")
        if self.idle and len(self.links) > self.limits.workers:
            link = min(self.idle, key=lambda each: each.since)
            if now - link.since > SPARE_IDLE:
                self.idle.remove(link)
                link.transport.close()


def raise_open_files() -> int:
    """Lets this process open as many files as the system allows, and returns how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + 500
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    # Each connection may have a file for its body too.
    return min(MOST_CONNECTIONS, max(50, (max(soft, most) - 100) // 2))
