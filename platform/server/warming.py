"""Lets an application load what it loads at its first request, before its processes are copied."""

from typing import Any

from server.frames import Body
from server.worker import Application, environ_of


def warm(application: Application, path: bytes = b"/health/") -> None:
    """Asks the application once. Its workers then share what it has loaded, and start at once."""
    head = ("GET", path, "1.1", [(b"Host", b"localhost")], ("127.0.0.1", 0), ("127.0.0.1", 0), "0" * 16)

    def start_response(*_head: Any) -> None:
        """Takes the head of an answer that nobody reads."""

    pieces = application(environ_of(head, Body()), start_response)
    for _piece in pieces:
        pass
    getattr(pieces, "close", lambda: None)()
