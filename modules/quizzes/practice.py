"""Practice: answers that are judged at once, and neither graded nor kept.

Questions in the text of a section are answered like this, and what somebody missed in an attempt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modules.models import Attempt, QuestionVersion, Quiz, Response
from modules.quizzes import grading


def missed(attempt: Attempt) -> list[Response]:
    """The responses of a submitted attempt that did not earn all their points, in their order. One query."""
    responses = attempt.responses.select_related("version", "graded_with").order_by("slot")
    return [one for one in responses if (one.mark or 0) < one.key.points]


def try_again(response: Response, given: Sequence[str], scoring: str) -> Response:
    """The response with another answer, marked and not saved."""
    trial = Response(
        slot=response.slot, version=response.version, graded_with=response.graded_with, order=response.order
    )
    trial.answer = trial.as_kept(given)
    trial.mark = grading.earned(trial.key, trial.answer, scoring)
    return trial


def check(question: Mapping[str, Any], given: Sequence[str]) -> Response:
    """An answer to a question in a text, one of :attr:`Section.checks`, marked and not saved."""
    version = QuestionVersion(
        points=1, **{name: value for name, value in question.items() if name != "identity"}
    )
    response = Response(slot=1, version=version, order=[choice["key"] for choice in version.choices])
    return try_again(response, given, Quiz.Scoring.RIGHT_MINUS_WRONG)
