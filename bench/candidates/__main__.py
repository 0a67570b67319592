"""Serves an application with waitress or cheroot, neither of which shares a socket between processes by itself.

python -m candidates waitress|cheroot MODULE:NAME PORT
"""

import importlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

PROCESSES = 2


def main() -> None:
    name, application, port = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    module, _colon, attribute = application.partition(":")
    wsgi = getattr(importlib.import_module(module), attribute or "application")
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=1024)
    children = [fork(lambda: SERVERS[name](wsgi, listener)) for _process in range(PROCESSES)]
    signal.signal(signal.SIGTERM, lambda *_signal: [os.kill(child, signal.SIGTERM) for child in children])
    for child in children:
        os.waitpid(child, 0)


def fork(deed: Callable[[], None]) -> int:
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGTERM, lambda *_signal: os._exit(0))
        deed()
        os._exit(0)
    return pid


def waitress(application: Any, listener: socket.socket) -> None:
    from waitress import server

    listener.setblocking(False)
    server.create_server(
        application, sockets=[listener], threads=1, connection_limit=1000, asyncore_use_poll=True
    ).run()


def cheroot(application: Any, listener: socket.socket) -> None:
    from cheroot import wsgi

    class Server(wsgi.Server):
        def prepare(self) -> None:
            # The socket is open already, so that both processes can accept from it.
            self.bind_addr = "unused"
            super().prepare()

        def bind_unix_socket(self, _address: object) -> None:
            listener.settimeout(1)
            self.socket = listener

    Server(("127.0.0.1", 0), application, numthreads=1, request_queue_size=1024).start()


SERVERS: dict[str, Callable[[Any, socket.socket], None]] = {"waitress": waitress, "cheroot": cheroot}


if __name__ == "__main__":
    main()
