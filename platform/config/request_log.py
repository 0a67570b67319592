"""Writes one line for each request that failed or was slow, without personal data."""

import json
import logging
import os
import re
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

log = logging.getLogger("tuntas.requests")

REQUEST_ID = re.compile(r"[0-9a-f]{16}")
DEEPEST = 4  # steps of the stack that a line names
BASE_DIR = Path(__file__).resolve().parent.parent.parent


class FewNames(logging.Filter):
    """Passes each refused host name once, and few in all, so that a stranger cannot fill the log with them."""

    MOST, LONGEST = 20, 300  # names of a process, characters of a line

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()[: self.LONGEST]
        if message in self._seen or len(self._seen) >= self.MOST:
            return False
        self._seen.add(message)
        record.msg, record.args, record.exc_info = repr(message)[1:-1], (), None
        return True


class RequestLogMiddleware:
    """Measures each request, and gives it the number that its line in the log and its response have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        milliseconds = 1000 * (time.perf_counter() - began)
        if response.status_code >= 500 or milliseconds >= settings.SLOW_MS:
            tell(_fields(request, response, milliseconds))
        return response


def tell(fields: dict[str, Any]) -> None:
    """Writes a line. An address could name a person, and so a line has the name of the route instead."""
    level = logging.ERROR if fields["status"] == 500 else logging.WARNING
    log.log(
        level, "%s", " ".join(f"{name}={value}" for name, value in fields.items()), extra={"fields": fields}
    )


def request_id_of(request: HttpRequest) -> str:
    """Returns the number that the server gave a request. One that a client has made up is replaced."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if not REQUEST_ID.fullmatch(given):
        given = request.META["HTTP_X_REQUEST_ID"] = os.urandom(8).hex()
    return str(given)


def route_of(path: str) -> str:
    """Returns the name of the route of a path, for a request that no view has answered."""
    try:
        return resolve(path).view_name or "unnamed"
    except Resolver404:
        return "none"


def _fields(request: HttpRequest, response: HttpResponseBase, milliseconds: float) -> dict[str, Any]:
    match = request.resolver_match
    # Whoever is signed in may not be known yet, and asking the database now could fail once more.
    account = getattr(getattr(request, "_cached_user", None), "pk", None)
    fields: dict[str, Any] = {
        "request": request_id_of(request),
        "method": request.method,
        "route": (match.view_name if match else "") or "none",
        "status": response.status_code,
        "ms": round(milliseconds),
        "account": account or "-",
    }
    fault = getattr(response, "fault", None)
    return fields | _told(fault) if fault else fields


def _told(fault: BaseException) -> dict[str, Any]:
    """Names a fault and its place. Its message is left out, because a database quotes values in it."""
    steps = traceback.extract_tb(fault.__traceback__)
    ours = [step for step in steps if _is_ours(Path(step.filename))] or steps[-1:]
    places = [
        f"{_short(Path(step.filename))}:{step.lineno}:{step.name}" for step in reversed(ours[-DEEPEST:])
    ]
    return {"fault": type(fault).__name__, "at": "<".join(places)}


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(BASE_DIR) and "site-packages" not in path.parts and path != Path(__file__)


def _short(path: Path) -> str:
    return str(path.relative_to(BASE_DIR)) if _is_ours(path) else path.name


class JsonFormatter(logging.Formatter):
    """Writes each line as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
