"""How the production server runs: ``gunicorn config.wsgi`` in this folder reads this file."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from gunicorn.workers import gthread

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
DATA_DIR = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent / "data").expanduser().resolve()

bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

# On SQLite one thread for each process was the steadiest by far; more threads only wait for one another's lock.
workers = int(os.environ.get("WORKERS") or 2)
worker_class = "gthread"
threads = 1
# Browsers open connections that they may never use. A worker looks at a new one for this long (seconds, 5 where it is
# not said) before it puts it aside until something arrives; with one thread, everybody waits for as long.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.05
timeout = int(os.environ.get("TIMEOUT") or 30)
preload_app = True
# An answer to practise with stands in the address: 500 characters of a script with three bytes each are 4,500 there.
limit_request_line = 8_190
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
loglevel = "warning"
# Where /tmp is a disk, a worker that waits for it looks dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def on_starting(server: Any) -> None:
    """Says in one sentence why the server cannot start, where gunicorn would try five times and log each."""
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, int(PORT)))
        except (OSError, OverflowError, ValueError) as error:
            sys.exit(
                f"Tuntas cannot listen on {HOST}:{PORT} ({error}). Choose another port: make run PORT=8001"
            )


def when_ready(server: Any) -> None:
    host = f"[{HOST}]" if ":" in HOST else HOST
    print(f"Tuntas: http://{host}:{PORT}/", flush=True)
    accounts = DATA_DIR / "accounts.txt"
    if accounts.is_file():
        print(f"Accounts: {accounts}", flush=True)
    print("Ctrl+C stops it.", flush=True)
