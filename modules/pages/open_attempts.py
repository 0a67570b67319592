"""Makes the values that show a learner's open attempts."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Visitor
from modules.models import Attempt
from modules.quizzes.attempts import is_overdue, open_attempts
from modules.reading.cards import OpenAttempt


def open_attempt_of(attempt: Attempt | None, now: datetime) -> OpenAttempt | None:
    """Returns an open attempt as the value that pages show."""
    if attempt is None:
        return None
    is_late = is_overdue(attempt, now=now)
    until = attempt.overdue_until if is_late else attempt.deadline
    return OpenAttempt(attempt.get_absolute_url(), attempt.quiz.title, until, is_late)


def open_attempts_of(learner: Visitor, now: datetime) -> dict[int, OpenAttempt]:
    """Maps the keys of modules to the learner's open attempts in them. The attempt that ends first comes first."""
    pages = {
        attempt.quiz.module_id: open_attempt_of(attempt, now) for attempt in open_attempts(learner, now=now)
    }
    return {module: page for module, page in pages.items() if page}
