"""Tests how long the gate waits for a client, and who makes room for others. No test waits itself."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace
from http import HTTPStatus

import pytest

from server import connection as limits
from server.connection import Connection, Refused, Request, origin_form
from server.gate import MOST_ENDED, MOST_RECEIVING, SMALL_BODY, Gate, Limits, Voice
from server.options import cores, read_options


class Transport(asyncio.Transport):
    """Takes what is written, as a client that reads nothing."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1), "sockname": ("127.0.0.1", 80)})
        self.written = b""
        self.is_aborted = False

    def write(self, content: bytes) -> None:
        self.written += content

    def abort(self) -> None:
        self.is_aborted = True

    def is_closing(self) -> bool:
        return self.is_aborted

    def write_eof(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return len(self.written)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.fixture
def gate():
    inner, outer = socket.socketpair()
    voice = Voice(lambda _cookies: ([], b""), lambda *_report: None)
    made = Gate(inner, Limits(workers=2, timeout=30, largest_body=1000), voice)
    made.most_connections = 3
    yield made
    inner.close()
    outer.close()


def client(gate: Gate, sent: bytes = b"") -> Connection:
    opened = Connection(gate)
    opened.connection_made(Transport())
    if sent:
        opened.data_received(sent)
    opened.since, opened._period = 0.0, (0.0, 0)
    return opened


BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "patience"),
    [
        (b"", limits.IDLE),
        (b"GET / HTTP/1.1\r\nX: ", limits.HEAD),
        (BODY, limits.GRACE),
        (BODY + b"x" * 512, limits.GRACE),
    ],
    ids=["idle", "head", "body", "slow body"],
)
def test_client_has_its_time_and_no_more(gate, sent, patience):
    waiting = client(gate, sent)
    assert not waiting.is_over(patience)
    assert waiting.is_over(patience + 0.1)


def test_body_that_came_at_once_has_no_credit_for_a_pause(gate):
    gate.limits = replace(gate.limits, largest_body=1_000_000)
    large = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + b"x" * 800_000
    stopped = client(gate, large)
    assert not stopped.is_over(limits.GRACE + 0.1)
    assert stopped.is_over(2 * limits.GRACE + 0.3)


def test_client_that_waits_for_its_answer_is_never_too_slow(gate):
    waiting = client(gate, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert len(gate.line) == 1
    assert not waiting.is_over(1_000_000)


def test_client_that_leaves_the_line_is_not_answered(gate):
    leaving = client(gate, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert leaving.eof_received() is False
    assert not gate.line


def test_oldest_client_without_a_request_makes_room(gate):
    waiting = client(gate, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    oldest, newer = client(gate), client(gate)

    newest = client(gate)

    assert [each.transport.is_aborted for each in (waiting, oldest, newer, newest)] == [
        False,
        True,
        False,
        False,
    ]


def test_bodies_of_all_clients_have_a_limit(gate):
    gate.limits = replace(gate.limits, largest_body=1_000_000)
    gate.received = MOST_RECEIVING
    large = BODY.replace(b"900", b"900000") + b"x" * (SMALL_BODY + 1)
    refused = client(gate, large)
    assert refused.transport.written.startswith(b"HTTP/1.1 503 ")
    assert client(gate, BODY + b"x").transport.written == b""

    gate.sweep(0.0)
    assert client(gate, large).transport.written == b""


def test_body_that_arrives_for_long_makes_room(gate):
    gate.limits = replace(gate.limits, largest_body=1_000_000)
    large = BODY.replace(b"900", b"900000") + b"x" * (SMALL_BODY + 1)
    oldest, newer = client(gate, large), client(gate, large)
    newer.since = time.monotonic()
    gate.received = MOST_RECEIVING
    newest = client(gate, large)
    assert [each.transport.is_aborted for each in (oldest, newer)] == [True, False]
    assert newest.transport.written.startswith(b"HTTP/1.1 503 ") or newest.receiving


def test_hundreds_of_slow_clients_do_not_end_at_once(gate):
    gate.most_connections = 1000
    slow = [client(gate) for _client in range(3 * MOST_ENDED)]
    gate.sweep(limits.IDLE + 1)
    assert sum(each.transport.is_aborted for each in slow) == MOST_ENDED


def test_client_that_is_gone_is_no_error(gate, monkeypatch):
    def is_not_connected(_transport: Transport) -> None:
        raise OSError(107, "Transport endpoint is not connected")

    monkeypatch.setattr(Transport, "write_eof", is_not_connected)
    gone = client(gate, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    gone.respond(limits.Response(b"200 OK", []))
    assert gone.transport.is_aborted


def test_target_that_names_the_host_loses_it():
    assert origin_form(b"http://a.example/b?c") == b"/b?c"
    assert origin_form(b"http://a.example") == b"/"
    assert origin_form(b"http://a.example?b=/c") == b"/?b=/c"
    with pytest.raises(Refused) as refused:
        origin_form(b"mailto:a")
    assert refused.value.status == HTTPStatus.BAD_REQUEST


def test_request_finds_its_headers_in_any_case():
    request = Request("GET", b"/", "1.1", [(b"COOKIE", b"a=1")], is_kept=True)
    assert request.header(b"cookie") == b"a=1"


def test_workers_follow_the_cores(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    assert cores() == 8
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0}, raising=False)
    assert cores() == 2


def test_empty_setting_means_the_default(monkeypatch):
    for name in ("HOST", "PORT", "WORKERS", "TIMEOUT"):
        monkeypatch.setenv(name, "")
    options = read_options()
    assert (options.host, options.port, options.workers, options.timeout) == ("127.0.0.1", 8000, cores(), 30)
