"""Answers as the requests ask: the application behind the server in its tests."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

LARGE = 3_000_000  # bytes


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    if path.startswith("/sleep/"):
        time.sleep(float(path.removeprefix("/sleep/")))
    if path == "/die/":
        os._exit(3)
    if path == "/large/":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 1000 for _piece in range(LARGE // 1000))
    if path == "/file/":
        file = Path(__file__).resolve()
        start_response("200 OK", [("Content-Length", str(file.stat().st_size))])
        return environ["wsgi.file_wrapper"](file.open("rb"), 4096)
    words = [
        environ["REQUEST_METHOD"],
        path,
        environ["QUERY_STRING"],
        str(len(body)),
        environ["SERVER_PROTOCOL"],
        *(f"{name}={value}" for name, value in sorted(environ.items()) if name.startswith("HTTP_X_F")),
        f"cookie={environ.get('HTTP_COOKIE', '')}",
        f"pid={os.getpid()}",
    ]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["|".join(words).encode()]
