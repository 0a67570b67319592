"""Attempts at a final quiz: start, answer, submit.

Each of these is one transaction that first locks the row it is about, so that what the page calls saved is counted,
and doing a thing twice at once does it once. Time comes in as an argument, so that only the server's clock decides.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from modules import grading
from modules.document import rules
from modules.models import Attempt, Enrolment, Override, QuestionVersion, Quiz, Response

LONGEST_ANSWER = 2_000  # characters of a typed answer
# To compose this through the ORM for every answer took four times as long as the database takes for it, and all that a
# question says would be read along.
SLOT = """
SELECT response.id, attempt_id, place, version_id, "order", answer, sequence, saved_at, is_flagged, kind
FROM modules_response response JOIN modules_questionversion version ON version.id = version_id
WHERE attempt_id = %s AND place = %s
"""
NO_SLOT = 2**31 - 1  # a larger number, which none of them is either, does not fit into the query
TOLERANCE = timedelta(seconds=5)  # for what was sent in time and arrives late

logger = logging.getLogger(__name__)


class Refused(Exception):
    """An attempt may not start.

    ``reason`` is ``"unread"``, ``"no-attempts-left"``, ``"closed"``; or ``"not-open-yet"`` or ``"wait"``, and ``until``
    is when that ends.
    """

    def __init__(self, reason: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer that the server holds now. ``accepted`` is false where it was newer than the one that came."""

    accepted: bool
    response: Response


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rules of a quiz as they are for one learner, who may have other ones than the rest."""

    attempts: int | None
    time_limit: timedelta | None
    wait: timedelta
    opens_at: datetime | None
    closes_at: datetime | None

    @property
    def minutes(self) -> int | None:
        """The time of an attempt in minutes, rounded."""
        return round(self.time_limit.total_seconds() / 60) if self.time_limit else None

    def left(self, used: int) -> int | None:
        """How many more attempts may be started; ``None`` means any number."""
        return None if self.attempts is None else max(0, self.attempts - used)

    def deadline(self, started: datetime) -> datetime | None:
        """When the time of an attempt is up that starts at a moment; at the latest it is when the quiz closes."""
        # In UTC, since a day on which the clocks change has 23 hours, or 25.
        ends = [started.astimezone(UTC) + self.time_limit] if self.time_limit else []
        return min([*ends, *([self.closes_at] if self.closes_at else [])], default=None)


# ------------------------------------------------------------------------------------------------- what is allowed


def allowance(quiz: Quiz, learner: Any) -> Allowance:
    """The rules for a learner. One query."""
    if not learner.is_authenticated:
        return allowed_by(quiz)
    found = Override.objects.filter(
        Q(learner_id=learner.pk) | Q(group__user=learner.pk), quiz=quiz
    ).distinct()
    return allowed_by(quiz, list(found))


def allowed_by(quiz: Quiz, overrides: Sequence[Override] = ()) -> Allowance:
    """The rules with these overrides. A learner's own goes before those of groups; of those, the kindest counts."""
    mine = [one for one in overrides if one.learner_id] or overrides
    limit = timedelta(minutes=quiz.time_limit) if quiz.time_limit else None
    numbers = [one.attempts_allowed for one in mine if one.attempts_allowed is not None]
    return Allowance(
        attempts=None if quiz.attempts_allowed is None else max(numbers, default=quiz.attempts_allowed),
        time_limit=max((_longer(limit, one) for one in mine), default=limit) if limit else None,
        wait=timedelta(minutes=quiz.wait),
        opens_at=min((one.opens_at for one in mine if one.opens_at), default=quiz.opens_at),
        closes_at=max((one.closes_at for one in mine if one.closes_at), default=quiz.closes_at),
    )


def _longer(limit: timedelta, override: Override) -> timedelta:
    factor = override.time_factor or Fraction(1)
    whole = timedelta(microseconds=int(limit / timedelta(microseconds=1) * factor))
    return whole + timedelta(minutes=override.extra_minutes or 0)


def refusal(allowed: Allowance, made: Sequence[Attempt], *, now: datetime) -> Refused | None:
    """Why no further attempt may be started after these, none of which is open; ``None`` if one may."""
    if allowed.opens_at and now < allowed.opens_at:
        return Refused("not-open-yet", allowed.opens_at)
    if allowed.closes_at and now >= allowed.closes_at:
        return Refused("closed")
    if allowed.left(len(made)) == 0:
        return Refused("no-attempts-left")
    ended = max((end for one in made if (end := one.submitted_at or one.abandoned_at)), default=None)
    if ended and allowed.wait and now < ended.astimezone(UTC) + allowed.wait:
        return Refused("wait", ended.astimezone(UTC) + allowed.wait)
    return None


# ----------------------------------------------------------------------------------------- the life of an attempt


def start(learner: Any, quiz: Quiz, *, now: datetime) -> Attempt:
    """Return the learner's open attempt, or start one: fix the question versions, their order and the deadline.

    Raises :class:`Refused` where the rules do not let one start. Sections that came after an attempt was begun do not
    hold it up.
    """
    with transaction.atomic():
        # A load that changes questions holds this row too, so that no version changes while an attempt takes it.
        quiz = (
            Quiz.objects.select_for_update(no_key=True, of=("self",)).select_related("module").get(pk=quiz.pk)
        )
        enrolment, _created = Enrolment.objects.select_for_update().get_or_create(
            learner=learner, module=quiz.module, defaults={"begun_at": now}
        )
        made = list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number"))
        standing = [one for one in made if one.is_open and not close_if_late(one, now=now)]
        if standing:
            return standing[0]
        if quiz.unread_sections(learner).exists():
            raise Refused("unread")
        allowed = allowance(quiz, learner)
        if refused := refusal(allowed, made, now=now):
            raise refused
        last = (
            Attempt.with_deleted.filter(enrolment=enrolment, quiz=quiz).aggregate(last=Max("number"))["last"]
            or 0
        )
        return _begin(enrolment, quiz, allowed, number=last + 1, now=now)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it comes in: the keys of choices or a text, and whether the learner wants to come back to it.

    ``sequence`` grows with each change that a page sends by itself, and ``base`` is the number of the answer that this
    one follows. Without a ``sequence`` the person pressed a button: it is the newest by definition.
    """

    answer: Sequence[str]
    sequence: int | None = None
    base: int | None = None
    is_flagged: bool | None = None  # None leaves it as it is


def answer(attempt: Attempt, place: int, given: Given, *, now: datetime) -> Saved:
    """Save an answer in slot ``place`` (from 1), and return what the server holds now.

    One that is not newer than what is stored is left out, and so is one that follows an older answer than that: a late
    packet, or a window that was long without a network, never overwrites a newer answer. The same once more is
    acknowledged once more. Raises :class:`Response.DoesNotExist` where there is no such slot.
    """
    with transaction.atomic():
        return answer_locked(Attempt.objects.select_for_update().get(pk=attempt.pk), place, given, now=now)


def answer_locked(attempt: Attempt, place: int, given: Given, *, now: datetime) -> Saved:
    """:func:`answer` for an attempt that the transaction around it has locked."""
    response = _slot(attempt, place)
    if is_shut(attempt, now=now):
        return Saved(accepted=False, response=response)
    cleaned, flagged = _clean(response, given.answer), given.is_flagged
    flagged = response.is_flagged if flagged is None else flagged
    if given.sequence == response.sequence and (cleaned, flagged) == (response.answer, response.is_flagged):
        return Saved(accepted=True, response=response)
    if not _is_newer(given, response):
        return Saved(accepted=False, response=response)
    response.answer, response.is_flagged = cleaned, flagged
    response.sequence = response.sequence + 1 if given.sequence is None else given.sequence
    response.saved_at = now
    response.save(update_fields=["answer", "is_flagged", "sequence", "saved_at"])
    return Saved(accepted=True, response=response)


def _slot(attempt: Attempt, place: int) -> Response:
    """What stands in a slot, and of its question the kind. One query."""
    for response in Response.objects.raw(SLOT, [attempt.pk, min(place, NO_SLOT)]):
        kind = vars(response)["kind"]
        response.version = QuestionVersion.from_db(None, ["id", "kind"], [response.version_id, kind])
        return response
    raise Response.DoesNotExist


def _is_newer(given: Given, response: Response) -> bool:
    if given.sequence is None:
        return True
    follows = given.base is None or response.sequence <= given.base
    return follows and given.sequence > response.sequence


def submit(attempt: Attempt, *, now: datetime) -> Attempt:
    """Grade an attempt and close it. Submitting again changes nothing and returns the same result.

    What follows from it is recorded afterwards and for itself, so that nothing secondary can fail a submission.
    """
    with transaction.atomic():
        locked = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("enrolment__module")
            .get(pk=attempt.pk)
        )
        if locked.is_open and not close_if_late(locked, now=now):
            grading.close(locked, now=now)
    settle(locked, now=now)
    return locked


def close_if_late(attempt: Attempt, *, now: datetime) -> bool:
    """Close an open attempt that can no longer be submitted, as its rules say; say whether it was so.

    Whoever looks at an attempt calls this first, so no background process is needed.
    """
    ends = attempt.overdue_until or attempt.deadline
    if not attempt.is_open or ends is None or now < ends + TOLERANCE:
        return False
    with transaction.atomic():
        locked = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("enrolment__module")
            .get(pk=attempt.pk)
        )
        if locked.is_open and locked.late == Quiz.Late.SUBMIT:
            grading.close(locked, now=ends)
        elif locked.is_open:
            locked.abandoned_at = ends
            locked.save(update_fields=["abandoned_at"])
    for name in ("submitted_at", "abandoned_at", "passed_at", "mark", "max_mark"):
        setattr(attempt, name, getattr(locked, name))
    settle(attempt, now=now)
    return True


def is_shut(attempt: Attempt, *, now: datetime) -> bool:
    """Whether an attempt takes no more answers: it is closed, or its time is up."""
    return not attempt.is_open or (attempt.deadline is not None and now >= attempt.deadline + TOLERANCE)


def is_overdue(attempt: Attempt, *, now: datetime) -> bool:
    """Whether an attempt takes no more answers and can still be submitted."""
    return attempt.is_open and is_shut(attempt, now=now)


def settle(attempt: Attempt, *, now: datetime) -> None:
    """Record what follows from a submitted attempt. What fails is made up for the next time anyone looks."""
    if attempt.submitted_at is None or attempt.settled_at is not None:
        return
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("module", "learner")
            enrolment.get(pk=attempt.enrolment_id).settle(now)
    except Exception:
        logger.exception("What follows from attempt %s is not recorded yet", attempt.pk)


def shown(
    quiz: Quiz, allowed: Allowance, attempt: Attempt, made: Sequence[Attempt], *, now: datetime
) -> frozenset[str]:
    """The aspects of a submitted attempt that its learner, who has made these attempts, may see now."""
    if attempt.submitted_at is None:
        return frozenset({"answer"}) & rules.shown_by(quiz.review, "while_open", is_over=False)
    is_over = any(one.is_passed for one in made) or (
        allowed.left(len(made)) == 0 and not any(one.is_open for one in made)
    )
    return rules.shown_by(quiz.review, _moment(allowed, attempt, now), is_over=is_over)


def _moment(allowed: Allowance, attempt: Attempt, now: datetime) -> str:
    if allowed.closes_at and now >= allowed.closes_at:
        return "after_closing"
    ended = attempt.submitted_at
    return "right_after" if ended and now < ended + rules.RIGHT_AFTER else "while_open"


# -------------------------------------------------------------------------------------------------------- parts


def _begin(enrolment: Enrolment, quiz: Quiz, allowed: Allowance, *, number: int, now: datetime) -> Attempt:
    deadline = allowed.deadline(now)
    has_grace = deadline is not None and quiz.late == Quiz.Late.GRACE
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=number,
        pass_mark=quiz.pass_mark,
        scoring=quiz.scoring,
        late=quiz.late,
        started_at=now,
        deadline=deadline,
        overdue_until=deadline + timedelta(minutes=quiz.grace) if deadline and has_grace else None,
    )
    questions = quiz.questions.standing().select_related("current")
    versions = [question.current for question in questions if question.current]
    if quiz.draw:
        versions = _drawn(versions, quiz.draw, enrolment)
    if quiz.shuffle:
        random.SystemRandom().shuffle(versions)
    Response.objects.bulk_create(
        Response(attempt=attempt, place=place, version=version, order=_order(version, shuffle=quiz.shuffle))
        for place, version in enumerate(versions, start=1)
    )
    return attempt


def _drawn(versions: Sequence[QuestionVersion], number: int, enrolment: Enrolment) -> list[QuestionVersion]:
    """So many of the questions in their order, at random; those first that the learner has seen least often."""
    asked = Response.objects.filter(attempt__enrolment=enrolment).values_list("version__question", flat=True)
    seen = Counter(asked)
    lots = {one.pk: (seen[one.question_id], random.SystemRandom().random()) for one in versions}
    drawn = set(sorted(lots, key=lambda pk: lots[pk])[:number])
    return [one for one in versions if one.pk in drawn]


def _order(version: QuestionVersion, *, shuffle: bool) -> list[str]:
    """The keys of the choices in the order to show; a pinned choice ("all of these") keeps its place."""
    keys = [choice["key"] for choice in version.choices]
    if not shuffle:
        return keys
    loose = [choice["key"] for choice in version.choices if not choice["pinned"]]
    random.SystemRandom().shuffle(loose)
    return [choice["key"] if choice["pinned"] else loose.pop() for choice in version.choices]


def _clean(response: Response, given: Sequence[str]) -> list[str]:
    """The answer as it is kept: known choices only, at most one where one is asked, a typed text in bounds.

    Chosen ones are in the order that the learner sees.
    """
    if not response.version.has_choices:
        text = "".join(given[:1]).strip().replace("\0", "")[:LONGEST_ANSWER]
        return [text] if text else []
    chosen = [key for key in response.order if key in given]
    return chosen[:1] if response.version.kind == QuestionVersion.Kind.SINGLE else chosen
