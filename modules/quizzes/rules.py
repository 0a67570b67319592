"""Turns the rules of a document into the columns of its quiz."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from modules.document.syntax.rules import RULES, QuizOpens, Rules
from modules.models import Quiz

COLUMNS = {name: rule.column or name for name, rule in RULES.items()}  # of a quiz, by the names of its rules


def rule_columns(rules: Rules, quiz: Quiz | None = None) -> dict[str, Any]:
    """Returns what the rules of a document say, by column.

    ``quiz`` is the row that the document is loaded into. It keeps its own value of a rule that the document leaves to
    it.
    """
    columns = {COLUMNS[name]: value for name, value in asdict(rules).items()}
    return columns | {
        "opens_at": _moment(rules.opens),
        "closes_at": _moment(rules.closes),
        "quiz_opens": rules.quiz_opens or (quiz.quiz_opens if quiz else QuizOpens.AFTER_SECTIONS.value),
    }


def _moment(text: str) -> datetime | None:
    """Returns a time of the front matter in UTC. Without an offset it is in the site's own time zone.

    An hour that a clock skips is the hour that the clock moves on to. Of an hour that it repeats, the first counts.
    """
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if not moment.tzinfo:
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment.astimezone(UTC)
