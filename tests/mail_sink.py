"""A mail server on this machine that accepts, refuses or says nothing, and remembers each mail."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any


@dataclass
class Delivery:
    """One mail that was received whole. ``farewell`` is True if the client went on after the acknowledgement."""

    message_id: str
    recipients: list[str]
    connection: int
    received_at: float
    text: str
    farewell: bool = False


@dataclass
class Sink:
    port: int = 0
    mode: str = "accept"  # or: silent, refusing (the server), busy and rejecting (the recipient), cutting
    pause: float = 0.0  # seconds between receiving a mail and acknowledging it
    connections: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        sink = self.server.sink
        sink.connections += 1
        try:
            if sink.mode == "silent":
                self.rfile.read()  # until the client has gone
            elif sink.mode == "refusing":
                self.say("554 not today")
            else:
                self.converse(sink, number=sink.connections)
        except OSError:
            pass  # the client was killed

    def converse(self, sink: Sink, *, number: int) -> None:
        self.say("220 sink")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "DATA":
                self.say("354 go on")
                delivery = self.receive(recipients, number)
                sink.deliveries.append(delivery)
                if sink.mode == "cutting":
                    return
                sleep(sink.pause)
                self.say("250 accepted")
                delivery.farewell = bool(self.rfile.readline())
                return
            if command == "RCPT":
                recipients.append(line)
                self.say({"busy": "450 later", "rejecting": "550 nobody here"}.get(sink.mode, "250 yes"))
            else:
                self.say("250 yes")

    def receive(self, recipients: list[str], number: int) -> Delivery:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if not line:
            raise ConnectionError("cut before the end of the mail")
        text = b"".join(lines).decode()
        found = re.search(r"^Message-ID: (\S+)", text, re.MULTILINE | re.IGNORECASE)
        return Delivery(found[1] if found else "", recipients, number, monotonic(), text)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 100
    sink: Sink

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no error here."""


@contextmanager
def mail_sink() -> Iterator[Sink]:
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.sink = Sink(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.sink
        finally:
            server.shutdown()
