"""A store of statements on this machine, which keeps each statement once, refuses, or cuts the line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Sink:
    port: int = 0
    mode: str = "accept"  # or: busy, refusing, redirecting, cutting (keeps all and says nothing), raving (answers no HTTP), small
    bad: str = ""  # the last word of the verbs of statements that are refused for good
    kept: dict[str, dict] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://nama:kata%20sandi@127.0.0.1:{self.port}/xapi"

    def take(self, statements: list[dict]) -> int:
        """Keeps statements as the standard says, and returns the status: 409 if a known id has another statement."""
        if any(self.kept.get(each["id"], each) != each for each in statements):
            return 409
        self.kept |= {each["id"]: each for each in statements}
        self.batches.append([each["id"] for each in statements])
        return 200


@contextmanager
def sink() -> Iterator[Sink]:
    store = Sink()

    class Conversation(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            store.headers, store.paths = dict(self.headers), [*store.paths, self.path]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if store.mode == "cutting":
                store.take(json.loads(body))
                self.connection.close()
                return
            if store.mode == "raving":
                self.wfile.write(b"\0\xff no HTTP\r\n\r\n")
                self.close_connection = True
                return
            if store.bad and any(each["verb"]["id"].endswith(store.bad) for each in json.loads(body)):
                self.send_error(400, explain="A score is missing.")
                return
            if store.mode == "small" and len(json.loads(body)) > 1:
                self.send_error(413)
                return
            status = {"busy": 503, "refusing": 401, "redirecting": 307}.get(store.mode) or store.take(
                json.loads(body)
            )
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Conversation)
    store.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
