"""Tests `manage.py run` as a service starts it: from another folder, with nothing but an environment."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.server.serving import PATIENCE, ROOT, free_port, wait_for

pytestmark = pytest.mark.slow

PROCESSES = Path("/proc")


@dataclass
class Site:
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    database: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return response.status, response.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def workers(self) -> list[int]:
        """Returns the processes that answer. The gate is the first one that the master starts."""
        pid = self.process.pid
        children = (PROCESSES / str(pid) / "task" / str(pid) / "children").read_text().split()
        return sorted(map(int, children))[1:]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    port, log = free_port(), folder / "server.log"
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x" * 60,
        "DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "HTTPS": "off",
        "TIMEOUT": "1",
    }
    command = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run(
        [*command, "prepare", "--examples"], cwd="/", env=environment, check=True, stdout=subprocess.DEVNULL
    )
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "run"], cwd="/", env=environment, stdout=out, stderr=out)
    try:
        wait_for(port, process)
        yield Site(port, process, log, folder / "data" / "tuntas.sqlite3")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_service_answers_from_another_folder(site):
    assert site.get("/")[0] == 200
    assert site.get("/health/ready/") == (200, "ok\n")
    assert f"Tuntas: http://localhost:{site.port}/" in site.log.read_text()


def test_refused_host_name_is_one_line_of_the_log(site):
    for _time in range(2):
        assert site.get("/", Host="belajar.lan")[0] == 400
    lines = [line for line in site.log.read_text().splitlines() if "belajar.lan" in line]
    assert len(lines) in (1, 2)  # one for each process that was asked
    assert "ALLOWED_HOSTS" in lines[0]


def test_service_listens_only_where_it_was_told(site):
    with socket.socket() as trial:
        trial.bind(("127.0.0.2", site.port))


@pytest.mark.skipif(not PROCESSES.is_dir(), reason="finds the processes in /proc")
@pytest.mark.parametrize(("language", "heading"), [("id", "Situs belum bisa"), ("en", "The site cannot")])
def test_late_request_gets_a_page_and_a_line(site, language, heading):
    stopped = site.workers()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)

    status, page = site.get("/accounts/login/", Cookie=f"language={language}")

    assert status == 503
    assert heading in page
    line = site.log.read_text().splitlines()[-1]
    assert re.search(
        r"request=[0-9a-f]{16} method=GET route=account_login status=503 ms=\d{4} account=- "
        r"fault=took-longer-than-TIMEOUT$",
        line,
    )
    for pid in stopped:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    assert site.get("/accounts/login/")[0] == 200


@pytest.mark.parametrize("content", [b"", b"no database " * 5000], ids=["emptied", "damaged"])
def test_broken_database_is_a_page_until_it_is_mended(site, content):
    backup = site.database.with_name("backup")
    with closing(sqlite3.connect(site.database)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    broken = site.database.with_name("broken")
    broken.write_bytes(content)

    for log in site.database.parent.glob("tuntas.sqlite3-*"):
        log.unlink()
    broken.replace(site.database)
    status, page = site.get("/", Cookie="language=en")
    assert (status, "The site cannot save or show anything" in page) == (503, True)
    assert "Traceback" not in site.log.read_text()

    backup.replace(site.database)
    assert {site.get("/")[0] for _request in range(4)} == {200}


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "hex"])
def test_form_in_another_character_set_is_refused(site, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    headers = {"Content-Type": kind, "Cookie": f"csrftoken={'a' * 32}"}
    sent = urllib.request.Request(f"http://127.0.0.1:{site.port}/accounts/login/", b"a=1", headers)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(sent, timeout=PATIENCE)  # noqa: S310


def test_body_larger_than_any_upload_is_refused(site):
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as connection:
        connection.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
