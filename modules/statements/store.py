"""Sends statements to the store, and says what its answer means."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from http.client import HTTPException
from urllib.parse import unquote, urlsplit

from django.conf import settings

from modules.statements.wording import Statement
from tasks.outcomes import Postponed, Unreachable

VERSION = "1.0.3"  # of xAPI
PATIENCE = 10  # seconds for an answer; with more, the worker waits longer for a store that hangs
KNOWN = 409  # the store has a statement with the id of this one
TOO_LARGE = 413
BUSY = 429


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, so that the password goes nowhere else."""

    def redirect_request(self, *args: object) -> None:
        return None


def send(statements: Sequence[Statement]) -> None:
    """Sends statements, and returns when the store has all of them.

    If it refuses them as known or as too many, each is sent alone: a crash may have cut off the acknowledgement of
    some. Raises :class:`Unreachable` or :class:`Postponed` if another attempt is due later.
    """
    code = _post(statements)
    if code in (KNOWN, TOO_LARGE) and len(statements) > 1:
        for statement in statements:
            send([statement])
    elif code != KNOWN:
        _expect_success(code)


def _expect_success(code: int) -> None:
    if code >= 500 or code == BUSY:
        raise Unreachable(f"The store of statements answers {code}.")
    if not 200 <= code < 300:
        raise Postponed(f"The store of statements refuses with {code}.")


def _post(statements: Sequence[Statement]) -> int:
    request = urllib.request.Request(  # noqa: S310  # the setting allows http and https alone
        _address(), json.dumps(statements).encode(), headers=_headers(), method="POST"
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, HTTPException) as error:  # the latter for an answer that is no HTTP
        raise Unreachable("The store of statements does not answer.") from error


def _address() -> str:
    parts = urlsplit(settings.XAPI_URL)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}/statements"


def _headers() -> dict[str, str]:
    parts = urlsplit(settings.XAPI_URL)
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    basic = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"} if parts.username else {}
    return {"Content-Type": "application/json", "X-Experience-API-Version": VERSION} | basic
