"""Attempts at a final quiz: start, answer, submit.

Each of these is one transaction that first locks the row it is about, so that what the page calls saved is counted,
and doing a thing twice at once does it once. Time comes in as an argument, so that only the server's clock decides.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from modules import grading
from modules.models import Attempt, Enrolment, QuestionVersion, Quiz, Response

LONGEST_ANSWER = 2_000  # characters of a typed answer


class Refused(Exception):
    """An attempt may not start; ``reason`` is ``"unread"`` or ``"no-attempts-left"``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer that the server holds now. ``accepted`` is false where it was newer than the one that came."""

    accepted: bool
    response: Response


def start(learner: Any, quiz: Quiz, *, now: datetime) -> Attempt:
    """Return the learner's open attempt, or start one: fix the question versions and their order.

    Raises :class:`Refused` when sections are still unread or no attempts are left. Sections that came after an attempt
    was begun do not hold it up.
    """
    with transaction.atomic():
        # A load that changes questions holds this row too, so that no version changes while an attempt takes it.
        quiz = (
            Quiz.objects.select_for_update(no_key=True, of=("self",)).select_related("module").get(pk=quiz.pk)
        )
        Enrolment.objects.get_or_create(learner=learner, module=quiz.module, defaults={"begun_at": now})
        enrolment = Enrolment.objects.select_for_update().get(learner=learner, module=quiz.module)
        attempts = list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number"))
        standing = [
            attempt for attempt in attempts if attempt.is_open and not close_if_late(attempt, now=now)
        ]
        if standing:
            return standing[0]
        if quiz.unread_sections(learner).exists():
            raise Refused("unread")
        if left(quiz, len(attempts)) == 0:
            raise Refused("no-attempts-left")
        return _begin(enrolment, quiz, number=len(attempts) + 1, now=now)


def left(quiz: Quiz, used: int) -> int | None:
    """How many more attempts may be started; ``None`` means any number."""
    return None if quiz.attempts_allowed is None else max(0, quiz.attempts_allowed - used)


def answer(
    attempt: Attempt, place: int, given: Sequence[str], *, sequence: int | None, now: datetime
) -> Saved:
    """Save an answer in slot ``place`` (from 1), and return what the server holds now.

    ``sequence`` grows with each change that a page sends by itself; one that is not newer than what is
    stored is left out, so that a late packet never overwrites a newer answer. ``None`` means that the person
    pressed a button: it is the newest by definition. Raises :class:`Response.DoesNotExist` where there is no such slot.
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        response = Response.objects.select_related("version").get(attempt=locked, place=place)
        newest = response.sequence + 1 if sequence is None else sequence
        if close_if_late(locked, now=now) or not locked.is_open or newest <= response.sequence:
            return Saved(accepted=False, response=response)
        response.answer = _clean(response.version, given)
        response.sequence, response.saved_at = newest, now
        response.save(update_fields=["answer", "sequence", "saved_at"])
        return Saved(accepted=True, response=response)


def submit(attempt: Attempt, *, now: datetime) -> Attempt:
    """Grade an attempt and close it. Submitting again changes nothing and returns the same result."""
    with transaction.atomic():
        mine = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment__module")
        locked = mine.get(pk=attempt.pk)
        if locked.is_open:
            _close(locked, now=now)
        return locked


def close_if_late(attempt: Attempt, *, now: datetime) -> bool:
    """Submit, with what is saved, an open attempt whose time is up; say whether it was so.

    Whoever looks at an attempt calls this first, so no background process is needed.
    """
    if not attempt.is_open or attempt.deadline is None or now < attempt.deadline:
        return False
    closed = submit(attempt, now=attempt.deadline)
    attempt.submitted_at, attempt.passed_at = closed.submitted_at, closed.passed_at
    attempt.mark, attempt.max_mark = closed.mark, closed.max_mark
    return True


def shows_right(quiz: Quiz, made: Sequence[Attempt]) -> bool:
    """Whether a learner who has made these attempts may see the right answers of a submitted one."""
    match quiz.review:
        case Quiz.Review.SUBMITTED:
            return True
        case Quiz.Review.NEVER:
            return False
    if any(attempt.is_passed for attempt in made):
        return True
    return left(quiz, len(made)) == 0 and not any(attempt.is_open for attempt in made)


def _begin(enrolment: Enrolment, quiz: Quiz, *, number: int, now: datetime) -> Attempt:
    deadline = now + timedelta(minutes=quiz.time_limit) if quiz.time_limit else None
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=number,
        pass_mark=quiz.pass_mark,
        started_at=now,
        deadline=deadline,
    )
    questions = quiz.questions.standing().select_related("current")
    versions = [question.current for question in questions if question.current]
    if quiz.shuffle:
        random.SystemRandom().shuffle(versions)
    Response.objects.bulk_create(
        Response(attempt=attempt, place=place, version=version, order=_order(version, shuffle=quiz.shuffle))
        for place, version in enumerate(versions, start=1)
    )
    return attempt


def _order(version: QuestionVersion, *, shuffle: bool) -> list[str]:
    """The keys of the choices in the order to show; a pinned choice ("all of these") keeps its place."""
    keys = [choice["key"] for choice in version.choices]
    if not shuffle:
        return keys
    loose = [choice["key"] for choice in version.choices if not choice["pinned"]]
    random.SystemRandom().shuffle(loose)
    return [choice["key"] if choice["pinned"] else loose.pop() for choice in version.choices]


def _clean(version: QuestionVersion, given: Sequence[str]) -> list[str]:
    """The answer as it is kept: known choices only, at most one where one is asked, a typed text in bounds."""
    if not version.has_choices:
        text = "".join(given[:1]).strip().replace("\0", "")[:LONGEST_ANSWER]
        return [text] if text else []
    chosen = [choice["key"] for choice in version.choices if choice["key"] in given]
    return chosen[:1] if version.kind == QuestionVersion.Kind.SINGLE else chosen


def _close(attempt: Attempt, *, now: datetime) -> None:
    grading.close(attempt, now=now)
    attempt.enrolment.finish_if_due(now)
