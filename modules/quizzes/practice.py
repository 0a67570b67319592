"""Judges answers at once, for practice. They are neither graded nor stored.

Learners practise with the questions in the text of a section, and with the questions that they missed in an attempt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modules.models import Attempt, QuestionVersion, Quiz, Response
from modules.quizzes import grading


def missed(attempt: Attempt) -> list[Response]:
    """Returns the responses of a submitted attempt that did not earn all their points, by slot. It takes one query."""
    responses = attempt.responses.select_related("version", "graded_with").order_by("slot")
    return [response for response in responses if (response.mark or 0) < response.key.points]


def try_again(response: Response, answer: Sequence[str], scoring: str) -> Response:
    """Returns the response with another answer, marked and not saved."""
    trial = Response(
        slot=response.slot, version=response.version, graded_with=response.graded_with, order=response.order
    )
    trial.answer = trial.as_kept(answer)
    trial.mark = grading.earned(trial.key, trial.answer, scoring)
    return trial


def check(question: Mapping[str, Any], answer: Sequence[str]) -> Response:
    """Returns a response to one of :attr:`Section.checks`, marked and not saved."""
    version = QuestionVersion(
        points=1, **{name: value for name, value in question.items() if name != "identity"}
    )
    response = Response(slot=1, version=version, order=[choice["key"] for choice in version.choices])
    return try_again(response, answer, Quiz.Scoring.RIGHT_MINUS_WRONG)
