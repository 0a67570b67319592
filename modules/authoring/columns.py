"""What is read from a document, as the columns of its rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from modules.document.syntax import parser
from modules.document.syntax.rules import Rules

LONGEST_TITLE = 1_000  # characters that a row keeps of a title; the source keeps all of it

RULES = {name: name for name in Rules.__dataclass_fields__} | {
    "attempts": "attempts_allowed",
    "opens": "opens_at",
    "closes": "closes_at",
}  # the columns of a quiz by the names of its rules


def section_columns(section: parser.Section) -> dict[str, Any]:
    """What is made of the text of a section, by column."""
    return {
        "html": section.html,
        "contents": [asdict(heading) for heading in section.contents],
        "words": section.words,
        "checks": [check_columns(question) for question in section.checks],
    }


def check_columns(question: parser.Question) -> dict[str, Any]:
    """A question in a text as it is kept beside it; points are no matter there."""
    columns = question_columns(question)
    del columns["points"], columns["source"]
    return columns | {"identity": question.identity}


def question_columns(question: parser.Question) -> dict[str, Any]:
    """What a version says of itself, by column."""
    return {
        "title": question.title[:LONGEST_TITLE],
        "source": question.source,
        "kind": question.kind,
        "points": question.points,
        "title_html": question.title_html,
        "html": question.html,
        "choices": [asdict(choice) for choice in question.choices],
        "answers": [asdict(answer) for answer in question.answers],
        "explanation": question.explanation,
        "explains": list(question.explains),
    }


def quiz_columns(document: parser.Document, quiz: parser.Quiz) -> dict[str, Any]:
    return {
        "identity": quiz.identity,
        "place": quiz.place,
        "title": quiz.title[:LONGEST_TITLE],
        "source": quiz.source,
        "introduction": quiz.html,
        "archived_at": None,
        "asks": document.asks,
        **rule_columns(document.rules),
    }


def rule_columns(rules: Rules) -> dict[str, Any]:
    """What the rules of a document say of its quiz, by column."""
    columns = {RULES[name]: value for name, value in asdict(rules).items()}
    return columns | {"opens_at": _moment(rules.opens), "closes_at": _moment(rules.closes)}


def _moment(text: str) -> datetime | None:
    """A time of the front matter as a moment in UTC; without an offset it is in the site's own time zone.

    An hour that a clock skips is the one that the clock has moved on to; of an hour that it repeats, the first.
    """
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else timezone.make_aware(at, timezone.get_default_timezone())).astimezone(UTC)
