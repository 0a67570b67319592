"""Opens the socket on which the server listens."""

import errno
import os
import socket
import sys
import time

# Bytes that the system keeps for one reader. By itself it would keep megabytes for each of many slow readers, and the
# server would have to copy them all at once. Raised, they delay others; lowered, fast and distant readers wait.
UNSENT = 128 * 1024
PATIENCE = 3.0  # seconds for a port that is taken
FIRST_PASSED = 3  # the number of the first socket that systemd passes


def _listener(host: str, port: int) -> socket.socket:
    """Returns the socket that systemd has opened, else a new one.

    Raises OSError, OverflowError or ValueError if the address cannot be used.
    """
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1":
        passed = socket.socket(fileno=FIRST_PASSED)
        passed.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT)
        return passed
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT)
    try:
        opened.bind((host, port))
    except BaseException:
        opened.close()
        raise
    return opened


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listen(host: str, port: int, *, patience: float = PATIENCE) -> socket.socket:
    """Opens the socket, or ends the program with one sentence.

    The processes of a server that was killed may have the port for a moment longer.
    """
    latest = time.monotonic() + patience
    while True:
        try:
            return _listener(host, port)
        except (OSError, OverflowError, ValueError) as error:
            is_taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            if not is_taken or time.monotonic() > latest:
                reason = "another program uses this port" if is_taken else str(error)
                sys.exit(
                    f"Tuntas cannot listen on {address(host, port)}: {reason}. Choose another one: make run PORT=8001"
                )
        time.sleep(0.1)
