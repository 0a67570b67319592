"""Answers requests, one after the other, in a process of its own."""

import faulthandler
import os
import random
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from server.frames import SMALL, Body, Inbox, body_frames, frame, head_frame

# A worker ends after so many requests, and a fresh one takes its place: memory that is never freed does not add up.
REQUESTS, SPREAD = 10_000, 1_000

BLOCK = 64 * 1024  # bytes that are read from a file at once

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def work(application: Application, link: socket.socket) -> None:
    """Answers what comes over ``link`` until the gate closes it, or until it is time for a fresh process.

    A signal to end reaches every process of a terminal or of a service. Only the gate knows when the work is done.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    faulthandler.enable()
    link.sendall(head_frame((os.getpid(),)))
    # Without a gate there is nobody to answer.
    with suppress(BrokenPipeError, ConnectionResetError):
        _answer_all(application, link)


def _answer_all(application: Application, link: socket.socket) -> None:
    inbox = Inbox(link)
    left = REQUESTS + random.randrange(SPREAD)  # noqa: S311
    while left and (message := inbox.message()):
        left -= 1
        head, body = message
        answer(application, environ_of(head, body), link, is_last=not left)
        body.close()


class FileWrapper:
    """Holds the file that an application answers with (PEP 3333)."""

    def __init__(self, file: IO[bytes], _block_size: int = 0) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(BLOCK), b"")

    def close(self) -> None:
        self.file.close()

    def path(self, headers: list[tuple[bytes, bytes]]) -> str:
        """Returns where the gate finds the same bytes, or nothing.

        Then many slow readers of one image share the file, and nobody copies it.
        """
        name = getattr(self.file, "name", None)
        if not isinstance(name, str) or not Path(name).is_absolute() or not Path(name).is_file():
            return ""
        size = Path(name).stat().st_size
        is_whole = self.file.tell() == 0 and (b"Content-Length", b"%d" % size) in headers
        return name if is_whole else ""


def answer(application: Application, environ: dict[str, Any], link: socket.socket, *, is_last: bool) -> None:
    """Sends the answer of the application. With the last one, the gate learns to send nothing more."""
    heads: list[tuple[Any, ...]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        heads[:] = [(is_last, status.encode("latin-1"), encoded)]

    pieces = application(environ, start_response)
    try:
        if isinstance(pieces, FileWrapper) and (path := pieces.path(heads[0][2])):
            link.sendall(head_frame((*heads[0], path)) + frame(b""))
            return
        waiting = bytearray()
        for framed in body_frames(pieces):
            waiting += framed
            if len(waiting) > SMALL:
                _send(link, heads, waiting)
        _send(link, heads, waiting)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()


def _send(link: socket.socket, heads: list[tuple[Any, ...]], waiting: bytearray) -> None:
    """Sends what waits, after the head, which an application may give as late as with its first piece."""
    if heads:
        waiting[:0] = head_frame(heads.pop())
    link.sendall(waiting)
    waiting.clear()


def environ_of(head: tuple[Any, ...], body: Body) -> dict[str, Any]:
    """Returns a request as WSGI describes it."""
    method, target, version, headers, address, served, request_id = head
    path, _mark, query = target.partition(b"?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "SERVER_NAME": served[0],
        "SERVER_PORT": str(served[1]),
        "REMOTE_ADDR": address[0],
        "REMOTE_PORT": str(address[1]),
        "CONTENT_LENGTH": str(body.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": body.opened(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in headers:
        _add_header(environ, name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1"))
    return environ | {"HTTP_X_REQUEST_ID": request_id}


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    if name == "CONTENT_LENGTH":
        return
    key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
    # A browser may send its cookies in several lines; everything else that comes twice is a list.
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
