"""Reads dates and times of day that an author writes, as ISO 8601 to the minute."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

YEARS = range(
    1971, 9_000
)  # the years that clocks everywhere, and the libraries that reckon with them, can tell
DATE_AND_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2})[:.](\d{2})(?::\d{2})?)? *(Z|[+-]\d{2}:?\d{2})?\Z"
)


def parse_date(value: Any, *, ends_day: bool = False) -> str:
    """Returns a date, or a date and a time, as ISO 8601 to the minute.

    A date alone is its beginning, or with ``ends_day`` its end. Raises :class:`ValueError` for anything else.
    """
    match = DATE_AND_TIME.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(value)
    day = date.fromisoformat(match[1])
    if day.year not in YEARS:
        raise ValueError(value)
    if match[2] is None:
        return _beginning_or_end(day, ends_day) + _offset(match[4])
    moment = datetime.combine(day, time(int(match[2]), int(match[3])))
    return moment.isoformat(timespec="minutes") + _offset(match[4])


def is_backwards(opens: str, closes: str) -> bool:
    """Checks whether the second date comes before the first, as far as that is known without the site's time zone."""
    if not opens or not closes:
        return False
    beginning, end = datetime.fromisoformat(opens), datetime.fromisoformat(closes)
    return (beginning.tzinfo is None) == (end.tzinfo is None) and end <= beginning


def _beginning_or_end(day: date, ends_day: bool) -> str:
    moment = datetime.combine(day, time()) + (timedelta(days=1) if ends_day else timedelta())
    return moment.isoformat(timespec="minutes")


def _offset(text: str | None) -> str:
    if not text or text == "Z":
        return "+00:00" if text else ""
    offset = text if ":" in text else f"{text[:3]}:{text[3:]}"
    datetime.fromisoformat(f"2000-01-01T00:00{offset}")  # raises ValueError for an offset that no zone has
    return offset
