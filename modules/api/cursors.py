"""Cuts lists into pages that stay whole while rows come and go. A cursor names the last row that was given."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

MOST_ON_PAGE = 200  # rows of a page; more make a request longer
ON_PAGE = 50

Row = TypeVar("Row", bound=Model)


class BadCursor(Exception):
    """Says that a cursor is not one that an answer gave."""


def page_of(rows: QuerySet[Row, Any], *, after: str, limit: int) -> tuple[list[Row], str | None]:
    """Returns the next rows by their primary keys, and the cursor of the page after them if there is one."""
    found = list(rows.filter(pk__gt=_key(after)).order_by("pk")[: limit + 1])
    page = found[:limit]
    return page, _cursor(page[-1].pk) if len(found) > limit else None


def _cursor(key: int) -> str:
    return urlsafe_b64encode(f"after {key}".encode()).decode().rstrip("=")


def _key(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise BadCursor from error
    word, _blank, number = text.partition(" ")
    if word != "after" or not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise BadCursor
    return int(number)
