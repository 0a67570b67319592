"""Runs a server with a worker beside it: ``python -m tasks.beside COMMAND…``. Stopping it stops both.

A worker that crashes is started again, and the server does not notice. If the server ends, the worker ends too. This
module needs no Django, because it stays in memory next to both.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

WORK = (sys.executable, str(Path(__file__).resolve().parent.parent.parent / "manage.py"), "work")
GRACE = 10.0  # seconds that a worker has for its current task, which is done again if it takes longer
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a worker that crashed is started again
PR_SET_PDEATHSIG = 1


def main(server_command: Sequence[str], worker_command: Sequence[str] = WORK) -> int:
    """Returns the exit status of the server."""
    stopping = threading.Event()
    server = _start(server_command)

    def stop(*_signal: object) -> None:
        stopping.set()
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker = _keep_a_worker(server, worker_command, stopping)
    _end(worker)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _keep_a_worker(
    server: subprocess.Popen[bytes], command: Sequence[str], stopping: threading.Event
) -> subprocess.Popen[bytes]:
    """Starts a worker again whenever it ends, until the server ends. Returns the last worker."""
    worker, began, pause = _start(command), time.monotonic(), FIRST_PAUSE
    while server.poll() is None:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        if worker.poll() is None or server.poll() is not None or stopping.wait(pause):
            continue
        lived = time.monotonic() - began
        pause = FIRST_PAUSE if lived > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        worker, began = _start(command), time.monotonic()
    return worker


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, preexec_fn=_end_with_parent)  # noqa: S603, PLW1509  this process has one thread


def _end_with_parent() -> None:
    """Asks Linux to end this child if its parent is killed, so that no server stays behind on the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(GRACE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
