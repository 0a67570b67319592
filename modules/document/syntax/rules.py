"""The rules of a final quiz, as its document's front matter writes them.

Names and meanings are those of the field (Moodle's, which are the most precise): attempts allowed, waiting time, which
attempt counts, what happens when time is up, what may be reviewed when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

MOMENTS = ("right_after", "while_open", "after_closing")
ASPECTS = ("answer", "correctness", "marks", "feedback", "explanation", "right_answer")
LATE = ("submit", "grace", "abandon")
COUNTS = ("highest", "average", "first", "last")
SCORING = ("right_minus_wrong", "all_or_nothing")
REVIEW_WORDS = ("passed", "submitted", "never")
YEARS = range(1971, 9_000)  # that clocks everywhere, and the libraries that reckon with them, can tell
RIGHT_AFTER = timedelta(minutes=2)  # so long a review is one right after the attempt

MOMENT_TEXT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2})[:.](\d{2})(?::\d{2})?)? *(Z|[+-]\d{2}:?\d{2})?\Z"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a quiz with their defaults.

    ``time_limit``, ``wait`` and ``grace`` are minutes. ``review`` is one of REVIEW_WORDS, or what :func:`review`
    makes of a table. ``opens`` and ``closes`` are ISO 8601; without an offset they are in the site's own time zone.
    ``draw`` is how many of the questions that stand in no pool an attempt asks.
    """

    pass_mark: int = 70
    attempts: int | None = None
    wait: int = 0
    time_limit: int | None = None
    late: str = "submit"
    grace: int = 10
    counts: str = "highest"
    scoring: str = "right_minus_wrong"
    shuffle: bool = False
    draw: int | None = None
    review: str = "passed"
    opens: str = field(default="")
    closes: str = field(default="")


def review(value: Any) -> str:
    """What is shown of a submitted attempt, as one word, or as ``moment: aspect aspect; …`` for a table.

    Raises :class:`ValueError` for anything else.
    """
    if value in REVIEW_WORDS:
        return str(value)
    if not isinstance(value, Mapping) or not value or not set(value) <= set(MOMENTS):
        raise ValueError(value)
    table = {moment: _aspects(value[moment]) for moment in MOMENTS if moment in value}
    return "; ".join(f"{moment}: {' '.join(aspects)}".rstrip() for moment, aspects in table.items())


def _aspects(value: Any) -> list[str]:
    listed = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one in ASPECTS for one in listed):
        raise ValueError(value)
    return [aspect for aspect in ASPECTS if aspect in listed]


def shown_by(review: str, moment: str, *, is_over: bool) -> frozenset[str]:
    """The aspects of a submitted attempt that may be shown at a moment.

    ``is_over`` says whether the learner has passed, or has no attempt left: then nothing is given away any more.
    """
    if review in REVIEW_WORDS:
        hides = review == "never" or (review == "passed" and not is_over and moment != "after_closing")
        return frozenset(ASPECTS) - ({"right_answer"} if hides else set())
    table = dict(part.partition(":")[::2] for part in review.split("; "))
    return frozenset(table.get(moment, "").split())


def shown_always(review: str) -> frozenset[str]:
    """The aspects of a submitted attempt that may be shown at every moment."""
    return frozenset.intersection(*(shown_by(review, one, is_over=False) for one in MOMENTS))


def moment(value: Any, *, ends_day: bool = False) -> str:
    """A date or a time of day as ISO 8601, to the minute. A date alone is its beginning, or its end.

    Raises :class:`ValueError` for what is none.
    """
    found = MOMENT_TEXT.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(value)
    day = date.fromisoformat(found[1])
    if day.year not in YEARS:
        raise ValueError(value)
    if found[2] is None:
        return _of_day(day, ends_day) + _offset(found[4])
    at = datetime.combine(day, time(int(found[2]), int(found[3])))
    return at.isoformat(timespec="minutes") + _offset(found[4])


def is_backwards(rules: Rules) -> bool:
    """Whether a quiz would close before it opens, as far as that can be told without the site's time zone."""
    if not rules.opens or not rules.closes:
        return False
    opens, closes = datetime.fromisoformat(rules.opens), datetime.fromisoformat(rules.closes)
    return (opens.tzinfo is None) == (closes.tzinfo is None) and closes <= opens


def _of_day(day: date, ends_day: bool) -> str:
    at = datetime.combine(day, time()) + (timedelta(days=1) if ends_day else timedelta())
    return at.isoformat(timespec="minutes")


def _offset(text: str | None) -> str:
    if not text or text == "Z":
        return "+00:00" if text else ""
    offset = text if ":" in text else f"{text[:3]}:{text[3:]}"
    datetime.fromisoformat(f"2000-01-01T00:00{offset}")  # raises where it is none
    return offset
