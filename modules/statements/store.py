"""Sends statements to the store, and says what its answer means."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import unquote, urlsplit

from django.conf import settings

from modules.statements.wording import Statement
from tasks.outcomes import Postponed, Unreachable

VERSION = "1.0.3"  # of xAPI
PATIENCE = 10  # seconds for an answer; with more, the worker waits longer for a store that hangs
LONGEST_SAID = 2_000  # bytes that are kept of the answer of the store
BAD = 400  # the store will never take these statements
KNOWN = 409  # the store has a statement with the id of this one
TOO_LARGE = 413
BUSY = 429


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, so that the password goes nowhere else."""

    def redirect_request(self, *args: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Holds a statement that the store refuses for good, and what it said."""

    statement: Statement
    said: str


def send(statements: Sequence[Statement]) -> list[Refusal]:
    """Sends statements, and returns those that the store refuses for good when it has all others.

    If it refuses them as bad, as known or as too many, each is sent alone: one of them may be bad, or a crash may have
    cut off the acknowledgement of some. Raises :class:`Unreachable` or :class:`Postponed` if another attempt is due
    later.
    """
    code, said = _post(statements)
    if code in (BAD, KNOWN, TOO_LARGE) and len(statements) > 1:
        return [refusal for statement in statements for refusal in send([statement])]
    if code == BAD:
        return [Refusal(statements[0], said)]
    if code != KNOWN:
        _expect_success(code)
    return []


def _expect_success(code: int) -> None:
    if code >= 500 or code == BUSY:
        raise Unreachable(f"The store of statements answers {code}.")
    if not 200 <= code < 300:
        raise Postponed(f"The store of statements refuses with {code}.")


def _post(statements: Sequence[Statement]) -> tuple[int, str]:
    """Returns the status of the answer, and its words where the store refuses."""
    request = urllib.request.Request(  # noqa: S310  # the setting allows http and https alone
        _address(), json.dumps(statements).encode(), headers=_headers(), method="POST"
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as answer:
            return int(answer.status), ""
    except urllib.error.HTTPError as error:
        return error.code, _said(error)
    except (OSError, HTTPException) as error:  # the latter for an answer that is no HTTP
        raise Unreachable("The store of statements does not answer.") from error


def _said(error: urllib.error.HTTPError) -> str:
    try:
        return error.read(LONGEST_SAID).decode(errors="replace").replace("\0", "").strip()
    except (OSError, HTTPException):  # the line broke behind the status
        return ""


def _address() -> str:
    parts = urlsplit(settings.XAPI_URL)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}/statements"


def _headers() -> dict[str, str]:
    parts = urlsplit(settings.XAPI_URL)
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    basic = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if parts.username else {}
    return {"Content-Type": "application/json", "X-Experience-API-Version": VERSION} | basic
