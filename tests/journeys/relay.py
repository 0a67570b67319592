"""Runs Firefox for Playwright: ``python relay.py FIREFOX ARGUMENT…``.

Playwright drives the Firefox of a distribution by WebDriver BiDi. At the start it sets the media features, with a
command that Firefox does not know yet. This relay stands between the two: it answers that command in Firefox's place,
and passes on everything else.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve

UNKNOWN = "emulation.setMediaFeaturesOverride"
ANNOUNCED = "WebDriver BiDi listening on "


async def run(command: list[str]) -> int:
    """Starts Firefox and announces the relay's address in the place of its own. Ends when Firefox ends."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    async for line in firefox.stderr:
        text = line.decode(errors="replace").rstrip()
        if text.startswith(ANNOUNCED):
            text = ANNOUNCED + await relay_to(text.removeprefix(ANNOUNCED))
        print(text, file=sys.stderr, flush=True)
    return await firefox.wait()


async def relay_to(address: str) -> str:
    """Listens on a free port for the one connection of Playwright, and returns the address."""

    async def pass_on(playwright: ServerConnection) -> None:
        async with connect(
            f"{address}/session", max_size=None, compression=None, ping_interval=None
        ) as firefox:
            refused: set[int] = set()
            await asyncio.gather(
                commands(playwright, firefox, refused), replies(firefox, playwright, refused)
            )

    server = await serve(pass_on, "127.0.0.1", 0, max_size=None, compression=None, ping_interval=None)
    return f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def commands(playwright: Connection, firefox: Connection, refused: set[int]) -> None:
    async for message in playwright:
        if UNKNOWN in message:
            refused.add(json.loads(message)["id"])
        await firefox.send(message)
    await firefox.close()


async def replies(firefox: Connection, playwright: Connection, refused: set[int]) -> None:
    async for message in firefox:
        answer, reply = message, json.loads(message) if refused else {}
        if reply.get("id") in refused:
            refused.discard(reply["id"])
            answer = json.dumps({"type": "success", "id": reply["id"], "result": {}})
        await playwright.send(answer)
    await playwright.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(run(sys.argv[1:])))
