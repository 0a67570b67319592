"""Reads the requests of one client, and writes the answers to them."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import IO, Protocol, cast

import httptools

from server.frames import PIECE, Body

LONGEST_TARGET = 8_190  # bytes; an answer to practise with stands in the address, and takes up to 4,500 there
LONGEST_HEAD = 32 * 1024  # bytes, with what comes after a body; raised, one client takes more memory
SLICE = 16 * 1024  # bytes between two looks at the limits; raised, one client takes more memory
PIPELINED = 8  # requests that a client may send before it has read the answers

IDLE = 75.0  # seconds that a connection may wait for a request; a proxy in front usually closes after 60
HEAD = 20.0  # seconds for a head, from its first byte; raised, unfinished requests stay longer
GRACE = 30.0  # seconds before the speed of a client counts
SLOWEST = 1024  # bytes in a second that a client has to send or to read after that
LINGER = 2.0  # seconds in which a refused client may still send, so that it reads why it was refused

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Request:
    """A request that was read whole."""

    method: str
    target: bytes
    version: str
    headers: Headers
    is_kept: bool  # whether the connection goes on after the answer
    body: Body = field(default_factory=Body)
    request_id: str = field(default_factory=lambda: os.urandom(8).hex())
    whole_at: float = 0.0

    def header(self, name: bytes) -> bytes:
        return next(iter(self.values(name)), b"")

    def values(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(slots=True)
class Response:
    """The answer to a request, with the body that a worker made, or the path of the file that is the body."""

    status: bytes
    headers: Headers
    path: str = ""
    body: Body = field(default_factory=Body)

    @property
    def is_large(self) -> bool:
        return bool(self.path) or self.body.is_large

    def opened(self) -> IO[bytes]:
        return open(self.path, "rb") if self.path else self.body.opened()  # noqa: PTH123


class Owner(Protocol):
    """Takes whole requests, and is told when a connection opens and ends."""

    @property
    def largest_body(self) -> int: ...

    def opened(self, connection: Connection) -> None: ...

    def closed(self, connection: Connection) -> None: ...

    def take(self, connection: Connection, request: Request) -> None: ...

    def withdraw(self, connection: Connection) -> bool: ...

    def may_keep(self, size: int, whole: int) -> bool: ...


class Refused(Exception):
    """Ends a connection with a status, because the client asks for something that is not served."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Connection(asyncio.Protocol):
    """Follows one client: it waits for a head, then for a body, then for the answer, which it writes.

    Nothing that a client does or leaves undone makes anybody else wait: only whole requests go on to the owner.
    """

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.address: tuple[str, int] = ("", 0)
        self.served: tuple[str, int] = ("", 0)
        self.since = (
            time.monotonic()
        )  # since when it idles, or receives this head, this body, or writes this answer
        self.is_paused = False
        self.is_ending = False
        self.unread: deque[Request] = deque()  # whole requests behind the one that is being answered
        self.current: Request | None = None
        self.receiving: Request | None = None
        self.has_begun = False
        self._file: IO[bytes] | None = None
        self._response: Response | None = None
        self._written = 0
        self._later = bytearray()  # what the client sent behind the request that is being answered
        self.parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: Headers = []
        self._head_size = 0  # of the parts that were read whole, also of those that come after the body
        self._period = (0.0, 0)  # of the speed of a body: when it began, and the bytes until then
        self._held = 0  # bytes since the head ended or a piece of the body came; the parser may keep them all

    # ------------------------------------------------------------------------------------------ receiving

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=0)
        # A client that is gone before it is let in has no address.
        self.address = (self.transport.get_extra_info("peername") or ("", 0))[:2]
        self.served = self.transport.get_extra_info("sockname")[:2]
        self.owner.opened(self)

    def data_received(self, data: bytes) -> None:
        if self.is_ending:
            return
        if self.current:
            self._later += data
            if len(self._later) > LONGEST_HEAD:
                self.transport.pause_reading()
            return
        self._read(data)

    def _read(self, data: bytes) -> None:
        try:
            self._feed(data)
        except Refused as refused:
            self.refuse(refused.status)
        except httptools.HttpParserCallbackError as error:
            cause = error.__cause__ or error.__context__
            self.refuse(cause.status if isinstance(cause, Refused) else HTTPStatus.SERVICE_UNAVAILABLE)
        except httptools.HttpParserUpgrade:
            # Nothing here speaks another protocol. The request is answered as if it had offered none.
            if self.current is None:
                self.refuse(HTTPStatus.BAD_REQUEST)
        except httptools.HttpParserError:
            self.refuse(HTTPStatus.BAD_REQUEST)

    def _feed(self, data: bytes) -> None:
        if not self.has_begun:
            self.has_begun, self.since = True, time.monotonic()
        whole = memoryview(data)
        for start in range(0, len(whole), SLICE):
            piece = whole[start : start + SLICE]
            self._held += len(piece)
            self.parser.feed_data(piece)
            if self._held > LONGEST_HEAD:
                raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _add_to_head(self, size: int) -> None:
        self._head_size += size
        if self._head_size > LONGEST_HEAD:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._target, self._headers, self._head_size = b"", [], 0
        self.has_begun = True

    def on_url(self, url: bytes) -> None:
        self._target += url
        self._add_to_head(len(url))
        if len(self._target) > LONGEST_TARGET:
            raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._add_to_head(len(name) + len(value) + len(b": \r\n"))
        # X_Forwarded_Proto would be the same to WSGI as X-Forwarded-Proto, which a proxy vouches for.
        # What comes after the body is no header.
        if b"_" not in name and self.receiving is None:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        request = Request(
            self.parser.get_method().decode("latin-1"),
            origin_form(self._target),
            self.parser.get_http_version(),
            self._headers,
            self.parser.should_keep_alive(),
        )
        self.receiving, self.since, self._held = request, time.monotonic(), 0
        self._period = (self.since, 0)
        refuse_other_protocols(request)
        if self.parser.should_upgrade():
            request.is_kept = False
        length = request.header(b"content-length")
        if length.isdigit() and int(length) > self.owner.largest_body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        is_asked = request.header(b"expect").lower() == b"100-continue" and request.version == "1.1"
        # While an answer is being written, these words would land in the middle of it.
        if is_asked and self._response is None:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, piece: bytes) -> None:
        request = cast("Request", self.receiving)
        if request.body.size + len(piece) > self.owner.largest_body:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self.owner.may_keep(len(piece), request.body.size + len(piece)):
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        request.body.add(piece)
        self._held = 0

    def on_message_complete(self) -> None:
        request, self.receiving = cast("Request", self.receiving), None
        request.whole_at = time.monotonic()
        self.has_begun, self._held = False, 0
        self.unread.append(request)
        if len(self.unread) > PIPELINED:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
        if self.current is None:
            self._next()

    def _next(self) -> None:
        self.since = time.monotonic()
        if self.unread:
            self.current = self.unread.popleft()
            self.owner.take(self, self.current)
            return
        self.transport.resume_reading()
        if self._later:
            data, self._later = bytes(self._later), bytearray()
            self.data_received(data)

    # -------------------------------------------------------------------------------------------- writing

    def refuse(self, status: HTTPStatus) -> None:
        """Says why the connection ends, and ends it."""
        words = f"{status.value} {status.phrase}".encode()
        head = b"HTTP/1.1 %b\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        if self.current:
            self.stop()
            return
        self.transport.write(head % (words, len(words) + 1) + words + b"\n")
        self._end()

    def respond(self, response: Response) -> None:
        """Writes the answer to the current request. Raises OSError if it is a file that cannot be opened."""
        request = cast("Request", self.current)
        is_file = response.is_large and request.method != "HEAD" and not self.transport.is_closing()
        self._file = response.opened() if is_file else None
        self._response, self.since, self._written = response, time.monotonic(), 0
        if self.transport.is_closing():
            self._done()
            return
        request.is_kept = request.is_kept and not self.is_ending
        head = head_of(request, response)
        if self._file:
            self._write(head)
            self._pump()
        else:
            self._write(head if request.method == "HEAD" else head + response.body.whole())
            self._done_when_written()

    def _write(self, content: bytes) -> None:
        self._written += len(content)
        self.transport.write(content)

    def _pump(self) -> None:
        """Writes a piece of a large body, and the next one when it is the turn of this client again."""
        if self._file and not self.is_paused and not self.transport.is_closing():
            if piece := self._file.read(PIECE):
                self._write(piece)
                asyncio.get_running_loop().call_soon(self._pump)
                return
            self._file.close()
            self._file = None
        self._done_when_written()

    def pause_writing(self) -> None:
        self.is_paused = True

    def resume_writing(self) -> None:
        self.is_paused = False
        self._pump()

    def _done_when_written(self) -> None:
        if self._response and not self._file and not self.is_paused:
            self._done()

    def _done(self) -> None:
        request, self.current = cast("Request", self.current), None
        if self._file:
            self._file.close()
        if self._response:
            self._response.body.close()
        self._response = self._file = None
        if self.transport.is_closing():
            return
        if request.is_kept:
            self._next()
        else:
            self._end()

    def _end(self) -> None:
        """Ends the connection once everything is written and the client has had time to read it.

        A socket that is closed while bytes wait in it resets the connection, and the client may lose the answer.
        """
        self.is_ending, self.since = True, time.monotonic()
        self.unread.clear()
        self._later.clear()
        self.transport.resume_reading()
        try:
            self.transport.write_eof()
        except OSError:
            # The client is gone already, without a farewell.
            self.transport.abort()

    # --------------------------------------------------------------------------------------------- ending

    def eof_received(self) -> bool:
        """Lets the answer go out that is being made. A client that ends while it still waits in line is gone."""
        if self.current is None or self.owner.withdraw(self):
            return False
        self.stop()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        if self.receiving:
            self.receiving.body.close()
        if self._response:
            self._done()
        self.owner.closed(self)

    def is_over(self, now: float) -> bool:
        """Tells whether the client has had its time. Only a client that waits for an answer is never too slow."""
        elapsed = now - self.since
        if self.is_ending:
            return elapsed > (LINGER if not self.is_paused else GRACE)
        if self._response:
            read = self._written - self.transport.get_write_buffer_size()
            return elapsed > GRACE + read / SLOWEST
        if self.current:
            return False
        if self.receiving:
            return self._is_body_slow(now)
        return elapsed > (HEAD if self.has_begun else IDLE)

    def _is_body_slow(self, now: float) -> bool:
        """Tells whether a body made less than SLOWEST in the last period of GRACE. What came before does not count."""
        received = cast("Request", self.receiving).body.size
        began, before = self._period
        if now - began <= GRACE:
            return False
        self._period = (now, received)
        return received - before < GRACE * SLOWEST

    @property
    def is_idle(self) -> bool:
        return self.current is None

    def stop(self) -> None:
        """Ends after the answers to all requests that came whole, or at once if there are none."""
        if self.current is None:
            self.transport.close()
            return
        if self._later:
            data, self._later = bytes(self._later), bytearray()
            self._read(data)
        last = self.unread[-1] if self.unread else self.current
        last.is_kept = False


def origin_form(target: bytes) -> bytes:
    """Returns the path and the query, also of a target that names the host."""
    if target.startswith(b"/") or target == b"*":
        return target
    scheme, mark, rest = target.partition(b"://")
    if not mark or scheme.lower() not in (b"http", b"https"):
        raise Refused(HTTPStatus.BAD_REQUEST)
    path = re.sub(rb"^[^/?]*", b"", rest)
    return path if path.startswith(b"/") else b"/" + path


def refuse_other_protocols(request: Request) -> None:
    """Raises Refused if a proxy could understand the request in another way than this server."""
    if request.version not in ("1.0", "1.1"):
        raise Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
    hosts = len(request.values(b"host"))
    if hosts > 1 or (not hosts and request.version == "1.1"):
        raise Refused(HTTPStatus.BAD_REQUEST)
    encodings = request.values(b"transfer-encoding")
    if encodings and request.version == "1.0":
        raise Refused(HTTPStatus.BAD_REQUEST)
    if any(encoding.lower() != b"chunked" for encoding in encodings):
        raise Refused(HTTPStatus.NOT_IMPLEMENTED)


def head_of(request: Request, response: Response) -> bytes:
    """Returns the first bytes of a response. The connection is the server's business, not the application's."""
    lines = [b"HTTP/1.1 " + response.status]
    has_length = False
    for name, value in response.headers:
        lower = name.lower()
        if lower in (b"connection", b"transfer-encoding", b"keep-alive", b"date", b"x-request-id"):
            continue
        if lower == b"content-length":
            has_length = True
        lines.append(name + b": " + value)
    if not has_length and request.method != "HEAD" and response.status[:3] not in (b"204", b"304"):
        lines.append(b"Content-Length: %d" % response.body.size)
    lines += [b"Date: " + http_date(), b"X-Request-ID: " + request.request_id.encode()]
    if not request.is_kept:
        lines.append(b"Connection: close")
    elif request.version == "1.0":
        lines.append(b"Connection: keep-alive")
    return b"\r\n".join(lines) + b"\r\n\r\n"


_last_date: tuple[int, bytes] = (0, b"")


def http_date(clock: Callable[[], float] = time.time) -> bytes:
    """Returns the time as HTTP writes it, made anew once a second."""
    global _last_date  # noqa: PLW0603
    now = int(clock())
    if _last_date[0] != now:
        _last_date = now, formatdate(now, usegmt=True).encode()
    return _last_date[1]
