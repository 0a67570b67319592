"""Clients that hold a server if they can: slow heads, stopped bodies, slow readers, idle connections.

    python bench/abusers.py KIND COUNT PORT SECONDS ADDRESS_OF_A_LARGE_FILE

A client whose connection the server ends opens another one after a second, at most once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Awaitable, Callable

PACE = 2.0  # seconds between two bytes
SMALL = 4096  # bytes that the system takes in for a client that does not read
HEAD = b"Host: 127.0.0.1\r\n"

Client = Callable[[socket.socket, str], Awaitable[None]]


async def slow_head(connection: socket.socket, _large: str) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, b"GET /health/ HTTP/1.1\r\n" + HEAD + b"X-Slow: ")
    while True:
        await loop.sock_sendall(connection, b"x")
        await asyncio.sleep(PACE)


async def stopped_body(connection: socket.socket, _large: str) -> None:
    loop = asyncio.get_running_loop()
    # Without a token for forms, the site answers before it looks at the body.
    token = b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    head = b"POST /accounts/login/ HTTP/1.1\r\n" + HEAD + token + kind
    await loop.sock_sendall(connection, head + b"Content-Length: 1000\r\n\r\nlogin=")
    await read_until_end(connection, 65_536)


async def slow_reader(connection: socket.socket, large: str) -> None:
    await asyncio.get_running_loop().sock_sendall(
        connection, b"GET " + large.encode() + b" HTTP/1.1\r\n" + HEAD + b"\r\n"
    )
    await read_until_end(connection, 1)


async def idle(connection: socket.socket, _large: str) -> None:
    await read_until_end(connection, 65_536)


async def read_until_end(connection: socket.socket, size: int) -> None:
    while await asyncio.get_running_loop().sock_recv(connection, size):
        await asyncio.sleep(PACE)


KINDS: dict[str, Client] = {
    "slow head": slow_head,
    "stopped body": stopped_body,
    "slow reader": slow_reader,
    "idle": idle,
}


async def abuse(client: Client, port: int, end: float, large: str) -> None:
    while (left := end - time.monotonic()) > 0:
        with socket.socket() as connection, contextlib.suppress(OSError, TimeoutError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            connection.setblocking(False)
            async with asyncio.timeout(left):
                await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
                await client(connection, large)
        await asyncio.sleep(1)


async def main() -> None:
    kind, count, port, seconds, large = sys.argv[1:]
    end = time.monotonic() + float(seconds)
    async with asyncio.TaskGroup() as group:
        for _client in range(int(count)):
            group.create_task(abuse(KINDS[kind], int(port), end, large))


if __name__ == "__main__":
    asyncio.run(main())
