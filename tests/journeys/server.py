"""Starts a real Tuntas as `make run` does, from an empty folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.environment import SETTINGS

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Site:
    """A running Tuntas: its address, and the e-mail and password of each person (``learner``, ``instructor``)."""

    address: str
    folder: Path
    people: dict[str, tuple[str, str]]
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Runs a manage.py command on this site's database, and returns its output."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def load(self, file: Path) -> None:
        """Loads and publishes a module that the instructor owns."""
        self.manage("load", str(file), "--publish", "--owner", self.people["instructor"][0])


@contextmanager
def served(
    folder: Path, command: Sequence[str] = ("make", "run"), *, port: int = 0, **settings: str
) -> Iterator[Site]:
    """Serves a folder on a free port, or on this one, with other settings, until the block ends.

    ``command`` starts the server in the place of `make run`.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    inherited = {name: value for name, value in os.environ.items() if name not in {*SETTINGS, "DATABASE_URL"}}
    environment = {
        **inherited,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "HTTPS": "off",
        "ENV_FILE": os.devnull,
        **settings,
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(address, server, folder / "server.log")
            yield Site(address, folder, people_in(folder / "accounts.txt"), environment)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(60)  # a worker ends its task first


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(1500):  # five minutes, on a machine with much else to do
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/health/", timeout=2).close()  # noqa: S310
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def people_in(file: Path) -> dict[str, tuple[str, str]]:
    rows = [line.split()[-2:] for line in file.read_text(encoding="utf-8").splitlines()]
    return {email.partition("@")[0]: (email, password) for email, password in rows}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
