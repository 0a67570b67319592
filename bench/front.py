"""Stands between a browser and a site: signs the browser in, adds a script to each page, and takes its reports."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

SCRIPT, REPORTS = "/bench-probe.js", "/bench-report"
RULES = ".speculationrules"
# Headers that belong to one connection, or that this front writes itself.
OWN = frozenset({"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"})


@dataclass
class Front:
    """A running front: its address, the reports of the pages, and the kinds of rules that it leaves out."""

    address: str
    reports: Queue[dict[str, Any]] = field(default_factory=Queue)
    left_out: frozenset[str] = frozenset()


@contextmanager
def fronted(site: str, cookie: str, script: str) -> Iterator[Front]:
    """Serves ``site`` to a browser that has no cookie yet, on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    front = Front(f"http://127.0.0.1:{server.server_port}")
    server.surroundings = (front, urlsplit(site).netloc, cookie, script)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        front, host, cookie, script = self.server.surroundings  # type: ignore[attr-defined]
        if self.path == SCRIPT:
            return self._answer(200, [("Content-Type", "text/javascript")], script.encode())
        kept = {
            name: value for name, value in self.headers.items() if name.startswith(("Sec-", "If-", "Accept"))
        }
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request(
            "GET", self.path, headers=kept | {"Cookie": cookie, "Accept-Encoding": "identity", "Host": host}
        )
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if self.path.partition("?")[0].endswith(RULES):
            rules = json.loads(body)
            body = json.dumps({kind: rules[kind] for kind in rules if kind not in front.left_out}).encode()
        elif "text/html" in response.headers.get("Content-Type", ""):
            body = body.replace(b"</head>", f'<script src="{SCRIPT}"></script></head>'.encode(), 1)
        heads = [(name, value) for name, value in response.getheaders() if name.lower() not in OWN]
        return self._answer(response.status, heads, body)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == REPORTS:
            self.server.surroundings[0].reports.put(json.loads(sent))  # type: ignore[attr-defined]
        self._answer(204, [], b"")

    def _answer(self, status: int, heads: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in heads:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_line: object) -> None:
        """Writes nothing: the figures are the output."""
