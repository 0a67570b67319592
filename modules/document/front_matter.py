"""The settings that a document begins with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from .problems import N_, Problem
from .slugs import VALID

OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
LONGEST = 20_000  # characters


@dataclass(slots=True)
class FrontMatter:
    """The known keys with their defaults; ``lines`` is how many lines of the file they take."""

    title: str = ""
    slug: str = ""
    language: str = ""
    summary: str = ""
    pass_mark: int = 70
    attempts: int | None = None
    time_limit: int | None = None
    shuffle: bool = False
    review: str = "passed"
    sections: int | None = None
    lines: int = 0


def _text(value: Any) -> bool:
    if isinstance(value, int):  # longer numbers than this cannot be written out
        return not isinstance(value, bool) and value.bit_length() <= 5_000
    return isinstance(value, str | float) and len(str(value)) <= 2_000


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (
        lambda value: _text(value) and len(str(value)) <= 500,
        N_("“title” has to be a text of at most 500 characters."),
    ),
    "slug": (
        lambda value: isinstance(value, str) and bool(VALID.match(value)),
        N_("“slug” may hold only letters a-z, digits and hyphens, at most 100 in all."),
    ),
    "language": (
        lambda value: (
            isinstance(value, str)
            and bool(re.match(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", value))
            and len(value) <= 20
        ),
        N_("“language” has to be a language code such as id or en."),
    ),
    "summary": (_text, N_("“summary” has to be a text of at most 2,000 characters.")),
    "pass_mark": (_whole(0, 100), N_("“pass_mark” has to be a whole number from 0 to 100.")),
    "attempts": (
        _whole(1, 1_000),
        N_("“attempts” has to be a whole number from 1. Leave it out to allow any number."),
    ),
    "time_limit": (
        _whole(1, 10_080),
        N_("“time_limit” has to be a whole number of minutes from 1. Leave it out for no limit."),
    ),
    "shuffle": (lambda value: isinstance(value, bool), N_("“shuffle” has to be true or false.")),
    "review": (
        lambda value: value in ("passed", "submitted", "never"),
        N_("“review” has to be passed, submitted or never."),
    ),
    "sections": (
        _whole(1, 6),
        N_("“sections” has to be the level of the headings that begin a section, from 1 to 6."),
    ),
}


def read_front_matter(text: str) -> tuple[FrontMatter, list[Problem]]:
    """The front matter at the very start of a normalised text, and what is wrong with it."""
    if not OPENING.match(text):
        return FrontMatter(), []
    start = text.index("\n") + 1
    closing = CLOSING.search(text, start)
    if closing is None:
        return FrontMatter(), _endless(text, start)
    lines = text.count("\n", 0, closing.end()) + (not closing[0].endswith("\n"))
    content = text[start : closing.start()]
    values, problems = _load(content)
    values = {
        key if isinstance(key, str) else f"{key!r:.60}" if _text(key) else "?": value
        for key, value in values.items()
    }
    matter = FrontMatter(lines=lines)
    for key, value in values.items():
        problems += _take(matter, key, value, _line_of(str(key), content))
    return matter, problems


def _endless(text: str, start: int) -> list[Problem]:
    """Three dashes that nothing closes are a rule, unless a known key follows them."""
    if text[start : start + 40].partition(":")[0] not in KEYS:
        return []
    template = N_("The front matter has no end. Put a line of three dashes (---) under its last key.")
    return [Problem(1, "error", "front-matter", template)]


def _load(content: str) -> tuple[dict[Any, Any], list[Problem]]:
    if len(content) > LONGEST or content.count("*") + content.count("&") > 50:
        return {}, [
            Problem(
                1,
                "error",
                "front-matter",
                N_("The front matter is too large. Keep to the keys that the guide lists."),
            )
        ]
    try:
        values = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        return {}, [
            Problem(
                line,
                "error",
                "front-matter",
                N_(
                    "The front matter is not YAML here. Write one “key: value” per line, and put a text that holds a colon in quotes."
                ),
            )
        ]
    if values is None:
        return {}, []
    if not isinstance(values, dict):
        return {}, [
            Problem(
                1,
                "error",
                "front-matter",
                N_(
                    "The front matter has to consist of lines “key: value”. If you meant a rule, put an empty line above it."
                ),
            )
        ]
    return values, []


def _take(matter: FrontMatter, key: Any, value: Any, line: int) -> list[Problem]:
    if key not in KEYS:
        return [
            Problem(
                line,
                "warning",
                "unknown-key",
                N_("The key “{key}” is not known; it is kept and does nothing."),
                {"key": str(key)[:60]},
            )
        ]
    is_valid, sentence = KEYS[key]
    if value is None:
        return []
    if not is_valid(value):
        return [Problem(line, "error", "front-matter-value", sentence)]
    setattr(matter, key, str(value).strip() if key in ("title", "summary") else value)
    return []


def _line_of(key: str, content: str) -> int:
    for number, line in enumerate(content.split("\n"), start=2):
        if line.lstrip("\"' ").partition(":")[0].rstrip("\"' ") == key:
            return number
    return 1
