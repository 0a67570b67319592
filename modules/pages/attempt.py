"""Makes the values that the pages of an open attempt show: one of its questions, and the page before submitting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import floor

from django.db.models import QuerySet
from django.urls import reverse

from modules.models import Attempt, QuestionVersion, Response, with_latest_late
from modules.pages.late_answers import ShownLateAnswer, late_answer_to_decide
from modules.pages.questions import AskedQuestion, Option, asked_question, options, written_answer
from modules.quizzes.attempts import is_overdue
from modules.quizzes.typed_answers import has_negative, lack, lack_in_words


@dataclass(frozen=True, slots=True)
class Dot:
    """A slot of an attempt, shown as a small numbered square."""

    number: int
    url: str
    is_answered: bool
    is_here: bool
    is_flagged: bool = False

    @property
    def state(self) -> str:
        """Returns the states of the slot as class names: ``answered``, ``flagged``, both, or none."""
        names = {"answered": self.is_answered, "flagged": self.is_flagged}
        return " ".join(name for name, holds in names.items() if holds)


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """An answer that the server refused because it holds a newer one. The learner decides which one counts.

    ``options`` are the chosen choices among ``answer``, and ``go`` is the button that sent it. ``way_on`` is the
    address of the next page if the learner keeps the stored answer.
    """

    answer: Sequence[str]
    options: Sequence[Option]
    is_flagged: bool
    go: str
    way_on: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question of an attempt, and the answer that the server holds.

    ``base`` is the number of that answer (see ``modules/quizzes/answers.py``). ``lack`` says what that answer lacks
    in its form. ``seconds_left`` counts by the server's clock. It is below zero while late messages are still accepted.
    ``late`` arrived after the attempt was closed, and waits for the learner's decision since it is open again.
    """

    number: int
    total: int
    dots: Sequence[Dot]
    question: AskedQuestion
    options: Sequence[Option]
    previous_url: str | None
    next_url: str
    submission_url: str
    attempt_id: int | None = None
    save_url: str = ""
    text: str = ""
    base: int = 0
    saved_at: datetime | None = None
    is_flagged: bool = False
    lack: str = ""
    is_unsaved: bool = False
    refused: RefusedAnswer | None = None
    late: ShownLateAnswer | None = None
    stored_answer: Sequence[str] = ()
    deadline: datetime | None = None
    seconds_left: int | None = None
    seconds_in_all: int | None = None
    preview_exit_url: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """The page before submitting. ``is_overdue``: the attempt accepts no more answers, but can be submitted.

    ``lacks`` has the slots whose answer is no number where one is asked for, with a sentence that says so.
    ``back_url`` is the address of the last question. ``end`` is when the attempt can no longer be submitted.
    """

    attempt: Attempt
    dots: Sequence[Dot]
    unanswered: Sequence[Dot]
    flagged: Sequence[Dot]
    lacks: Sequence[tuple[Dot, str]]
    is_overdue: bool
    submit_url: str
    back_url: str
    deadline: datetime | None
    seconds_left: int | None
    seconds_in_all: int | None


def dots(attempt: Attempt, *, here: int = 0) -> list[Dot]:
    """Returns the slots of an attempt in their order. It takes one query."""
    slots = attempt.responses.order_by("slot").values_list("slot", "answer", "is_flagged")
    return [
        Dot(
            slot,
            reverse("attempt_question", args=[attempt.pk, slot]),
            bool(answer),
            slot == here,
            is_flagged,
        )
        for slot, answer, is_flagged in slots
    ]


def question_page(attempt: Attempt, response: Response, now: datetime) -> QuestionPage:
    """Returns the page of the question in the slot of ``response``.

    It takes one query, one more for a number, and one more if there is a late answer to decide on.
    """
    is_number = response.version.kind == QuestionVersion.Kind.NUMERICAL
    needs_minus = is_number and _needs_minus(attempt)
    return _page(attempt, response, dots(attempt, here=response.slot), now, needs_minus=needs_minus)


def question_pages(attempt: Attempt, now: datetime) -> list[QuestionPage]:
    """Returns the pages of all questions of an attempt. It takes three queries, and one for each late answer."""
    slots, needs_minus = dots(attempt), _needs_minus(attempt)
    return [
        _page(
            attempt,
            response,
            [replace(slot, is_here=slot.number == response.slot) for slot in slots],
            now,
            needs_minus=needs_minus,
        )
        for response in _with_late(attempt)
    ]


def _page(
    attempt: Attempt, response: Response, slots: Sequence[Dot], now: datetime, *, needs_minus: bool
) -> QuestionPage:
    number, base_url = response.slot, attempt.quiz.module.get_absolute_url()
    submission_url = reverse("submission", args=[attempt.pk])
    return QuestionPage(
        number=number,
        total=len(slots),
        dots=slots,
        question=asked_question(response.version, base_url, needs_minus=needs_minus),
        options=options(response, base_url),
        previous_url=slots[number - 2].url if number > 1 else None,
        next_url=slots[number].url if number < len(slots) else submission_url,
        submission_url=submission_url,
        attempt_id=attempt.pk,
        save_url=slots[number - 1].url,
        text=written_answer(response),
        base=response.sequence,
        saved_at=response.saved_at,
        is_flagged=response.is_flagged,
        lack=lack_in_words(lack(response.version, response.answer)),
        late=late_answer_to_decide(response, base_url),
        stored_answer=response.answer,
        deadline=attempt.deadline,
        seconds_left=seconds_until(attempt.deadline, now),
        seconds_in_all=seconds_until(attempt.deadline, attempt.started_at),
    )


def _with_late(attempt: Attempt) -> QuerySet[Response]:
    return with_latest_late(attempt.responses.select_related("version")).order_by("slot")


def _needs_minus(attempt: Attempt) -> bool:
    """Tells whether any number of the attempt is negative. One keyboard for all of them does not tell which one is."""
    numbers = QuestionVersion.objects.filter(responses__attempt=attempt, kind=QuestionVersion.Kind.NUMERICAL)
    return any(map(has_negative, numbers.only("answers")))


def submission_page(attempt: Attempt, now: datetime) -> SubmissionPage:
    """Returns the page before submitting. It takes two queries."""
    slots, is_late = dots(attempt), is_overdue(attempt, now=now)
    deadline = attempt.overdue_until if is_late else attempt.deadline
    return SubmissionPage(
        attempt=attempt,
        dots=slots,
        unanswered=[slot for slot in slots if not slot.is_answered],
        flagged=[slot for slot in slots if slot.is_flagged],
        lacks=list(_lacks(attempt, slots)),
        is_overdue=is_late,
        submit_url=reverse("submission", args=[attempt.pk]),
        back_url=slots[-1].url if slots else attempt.quiz.get_absolute_url(),
        deadline=deadline,
        seconds_left=seconds_until(deadline, now),
        seconds_in_all=seconds_until(deadline, attempt.started_at),
    )


def _lacks(attempt: Attempt, slots: Sequence[Dot]) -> Iterator[tuple[Dot, str]]:
    numbers = attempt.responses.filter(version__kind=QuestionVersion.Kind.NUMERICAL).select_related("version")
    by_slot = {slot.number: slot for slot in slots}
    for response in numbers.only("attempt", "slot", "answer", "version__kind", "version__answers").order_by(
        "slot"
    ):
        if sentence := lack_in_words(lack(response.version, response.answer)):
            yield by_slot[response.slot], sentence


def seconds_until(end: datetime | None, now: datetime) -> int | None:
    """Returns the whole seconds from ``now`` to ``end``, or ``None`` without an end."""
    return floor((end - now).total_seconds()) if end else None
