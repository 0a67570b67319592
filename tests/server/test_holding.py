"""Tests that no client and no request holds the others, and that processes come back."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from server import listening
from tests.server.serving import PATIENCE, ROOT, Served, free_port, read_all, served

MANY = 30
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "
BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc"
UNREAD = b"GET /large/ HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def site():
    with served() as running:
        yield running


def in_background(deed: Callable[[], object]) -> Future[object]:
    return ThreadPoolExecutor(1).submit(deed)


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("sent", [HEAD, BODY, UNREAD, b""], ids=["head", "body", "reader", "idle"])
def test_slow_clients_hold_nobody(site, sent):
    slow = [site.connect() for _client in range(MANY)]
    for connection in slow:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(sent)

    assert site.get("/").status == 200

    for connection in slow:
        connection.close()


def test_requests_behind_slow_ones_get_another_process():
    with served(TIMEOUT="20", WORKERS="1") as site:
        slow = in_background(lambda: site.get("/sleep/3"))
        time.sleep(0.5)
        assert site.get("/quick").status == 200
        assert not slow.done()
        assert slow.result().status == 200


def test_request_that_runs_too_long_ends_alone():
    with served(TIMEOUT="1", WORKERS="1") as site:
        late = in_background(lambda: site.get("/sleep/30"))
        waiting = [in_background(lambda: site.get("/quick")) for _request in range(5)]

        assert late.result().status == 503
        assert [each.result().status for each in waiting] == [200] * 5
        assert site.get("/quick").status == 200


def test_killed_process_costs_one_request():
    with served(WORKERS="1") as site:
        assert site.get("/die/").status == 503
        assert site.get("/quick").status == 200


def test_client_that_resets_costs_no_process():
    with served(WORKERS="1") as site:
        before = site.get("/").words[-1]
        for path in (b"/sleep/0.1", b"/large/", b"/file/"):
            connection = site.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            time.sleep(0.05)
            connection.close()

        assert site.get("/").words[-1] == before


def test_idle_process_that_is_killed_is_replaced(site):
    pid = int(site.get("/").words[-1].removeprefix("pid="))
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not is_running(pid))
    assert {site.get("/").status for _request in range(10)} == {200}


def test_process_that_has_served_enough_is_replaced_unnoticed():
    with served("tests.server.short_lived") as site, ThreadPoolExecutor(8) as clients:
        responses = list(clients.map(lambda _number: site.get("/"), range(60)))

    assert {response.status for response in responses} == {200}
    assert len({response.words[-1] for response in responses}) > 5


def test_stopping_server_answers_what_it_has_read():
    with served() as site:
        running = in_background(lambda: site.get("/sleep/1"))
        time.sleep(0.4)
        site.process.send_signal(signal.SIGTERM)

        assert running.result().status == 200
        assert site.process.wait(PATIENCE) == 0


def test_stopping_server_answers_all_that_one_client_sent():
    one = b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n"
    with served() as site, site.connect() as connection:
        connection.sendall(one % b"sleep/1" + one % b"together")
        time.sleep(0.4)
        connection.sendall(one % b"later" + one[:10])
        time.sleep(0.1)
        site.process.send_signal(signal.SIGTERM)

        answers = read_all(connection)
        assert answers.count(b"HTTP/1.1 200 OK") == 3
        assert answers.index(b"|/together|") < answers.index(b"|/later|")
        assert answers.count(b"Connection: close") == 1
        assert site.process.wait(PATIENCE) == 0


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the gate in /proc")
def test_killed_gate_ends_the_server_with_an_error():
    with served() as site:
        pid = int(site.get("/").words[-1].removeprefix("pid="))
        os.kill(gate_of(site), signal.SIGKILL)
        assert site.process.wait(PATIENCE) == 1
        assert eventually(lambda: not is_running(pid))


def test_signal_to_all_processes_stops_as_gently():
    with served() as site:
        running = in_background(lambda: site.get("/sleep/1"))
        time.sleep(0.4)
        os.killpg(site.process.pid, signal.SIGINT)

        assert running.result().status == 200
        assert site.process.wait(PATIENCE) == 0


def test_processes_end_with_their_master():
    with served() as site:
        pid = int(site.get("/").words[-1].removeprefix("pid="))
        os.kill(site.process.pid, signal.SIGKILL)
        assert eventually(lambda: not is_running(pid))
        assert eventually(lambda: refuses(site))


def test_new_server_takes_the_same_port_at_once():
    port = free_port()
    for _start in range(2):
        with served(port=port) as site:
            assert eventually(lambda site=site: not refuses(site))
            os.killpg(site.process.pid, signal.SIGKILL)


def test_socket_of_the_system_is_used():
    with socket.create_server(("127.0.0.1", 0)) as passed:
        program = (
            "import os, runpy, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
            "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1');"
            "sys.argv[1:] = ['tests.server.answering']; runpy.run_module('server', run_name='__main__')"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(passed.fileno())],
            pass_fds=[passed.fileno()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "PORT": "1"},
        )
        try:
            assert Served(passed.getsockname()[1], process).get("/").status == 200
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def test_port_in_use_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as ended:
        listening.listen("127.0.0.1", taken.getsockname()[1], patience=0)
    assert re.fullmatch(
        r"Tuntas cannot listen on 127\.0\.0\.1:\d+: another program uses this port\. Choose .*",
        str(ended.value),
    )


def gate_of(site: Served) -> int:
    """Returns the first process that the master starts."""
    pid = site.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return min(map(int, children))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def refuses(site: Served) -> bool:
    try:
        with site.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            return read_all(connection) == b""
    except OSError:
        return True
