"""Makes the value of a page with one question that is not graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.document.syntax.review import ASPECTS
from modules.models import Response
from modules.pages.questions import AskedQuestion, Option, asked_question, options, written_answer
from modules.pages.reviews import Review, review
from modules.reading.outlines import Outline

UNMARKED = frozenset(ASPECTS) - {"marks"}
GIVING_AWAY = frozenset({"explanation", "right_answer"})


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a practised question: the page that it belongs to, and the address after it.

    ``is_check``: the question is in the text of a section. Otherwise it is question ``number`` of ``total`` that a
    learner missed in an attempt.
    """

    back_url: str
    back_title: str
    next_url: str
    is_check: bool = False
    is_last: bool = False
    number: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class PracticePage:
    """A question, and its review once it is answered.

    ``solution`` is the whole review. It waits behind a fold while the answer is not right, because the learner may
    try again. ``tells_answer``: the right answer is in it. ``is_empty``: the learner pressed the button without an
    answer.
    """

    question: AskedQuestion
    options: Sequence[Option]
    text: str
    review: Review | None
    solution: Review | None
    tells_answer: bool
    place: Place
    is_empty: bool
    preview_exit_url: str = ""


def practice_page(
    response: Response,
    outline: Outline,
    shown: frozenset[str],
    base: str,
    place: Place,
    *,
    is_empty: bool = False,
    preview_exit_url: str = "",
) -> PracticePage:
    """Returns the page of a practised question. ``shown`` names the aspects that the learner may see."""
    shown -= {"marks"}
    whole = review(response, outline, shown, base) if response.is_answered else None
    withheld = shown & GIVING_AWAY if whole and not whole.is_right else frozenset()
    return PracticePage(
        question=asked_question(response.version, base),
        options=options(response, base),
        text=written_answer(response),
        review=review(response, outline, shown - withheld, base) if withheld else whole,
        solution=whole if withheld else None,
        tells_answer="right_answer" in withheld,
        place=place,
        is_empty=is_empty,
        preview_exit_url=preview_exit_url,
    )
