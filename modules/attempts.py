"""Attempts at a final quiz: start, answer, submit.

Each of these is one transaction that first locks the row it is about, so that what the page calls saved is counted,
and doing a thing twice at once does it once. Time comes in as an argument, so that only the server's clock decides.
"""

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from modules import allowances, grading
from modules.allowances import Allowance, History, Refused, allowance_for
from modules.models import (
    Attempt,
    AttemptQuerySet,
    Correction,
    Enrolment,
    Override,
    Question,
    QuestionVersion,
    Quiz,
    Response,
)

# To compose this through the ORM for every answer took four times as long as the database takes for it, and all that a
# question says would be read along.
SLOT = """
SELECT response.id, attempt_id, place, version_id, "order", answer, sequence, saved_at, is_flagged, manual_mark, kind
FROM modules_response response JOIN modules_questionversion version ON version.id = version_id
WHERE attempt_id = %s AND place = %s
"""
NO_SLOT = 2**31 - 1  # a larger number, which none of them is either, does not fit into the query
TOLERANCE = timedelta(seconds=5)  # for what was sent in time and arrives late

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer that the server holds now. ``accepted`` is false where it is not the one that came."""

    accepted: bool
    response: Response


def history(learner: Any, quiz: Quiz, *, now: datetime) -> History:
    """A learner's attempts at a quiz; late ones are closed first, and what follows from them is made up for.

    Two queries where there is nothing to do.
    """
    made = list(Attempt.objects.of(learner, quiz))
    for one in made:
        close_if_late(one, now=now)
        settle(one, now=now)
    return History(quiz, allowance_for(quiz, learner), made)


def under_way(learner: Any, *, now: datetime) -> list[Attempt]:
    """A learner's open attempts in published modules, what ends first before the others; late ones are closed first.

    One query where none is late.
    """
    if not learner.is_authenticated:
        return []
    made = Attempt.objects.open().filter(
        enrolment__learner_id=learner.pk, quiz__module__published_at__isnull=False
    )
    ordered = made.select_related("quiz").order_by(F("deadline").asc(nulls_last=True), "-started_at")
    return [one for one in ordered if not close_if_late(one, now=now)]


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
        enrolment, _created = Enrolment.objects.locked().get_or_create(
            learner=learner, module=quiz.module, defaults={"begun_at": now}
        )
        made = list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number"))
        standing = [one for one in made if one.is_open and not close_if_late(one, now=now)]
        if standing:
            return standing[0]
        if quiz.unread_sections(learner).exists():
            raise Refused("unread")
        allowed = allowance_for(quiz, learner)
        if refused := History(quiz, allowed, made).refusal(now):
            raise refused
        last = (
            Attempt.with_deleted.filter(enrolment=enrolment, quiz=quiz).aggregate(last=Max("number"))["last"]
            or 0
        )
        return _begin(enrolment, quiz, allowed, number=last + 1, now=now)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it comes in: the keys of choices or a text, and whether the learner wants to come back to it.

    ``sequence`` grows with each change that a page sends by itself; without one the person pressed a button. ``base``
    is the number of the answer that this one follows; without one it is the newest by definition.
    """

    answer: Sequence[str]
    sequence: int | None = None
    base: int | None = None
    is_flagged: bool | None = None  # None leaves it as it is


def answer(attempt: Attempt, place: int, given: Given, *, now: datetime) -> Saved:
    """Save an answer in slot ``place`` (from 1), and return what the server holds now.

    One that is not newer than what is stored is left out, and so is one that follows an older answer than that: a late
    packet, or a window that was long without a network or long open, never overwrites a newer answer. The same once
    more is acknowledged once more, also when the time is up. Raises :class:`Response.DoesNotExist` where there is no
    such slot.
    """
    with transaction.atomic():
        return answer_locked(Attempt.objects.select_for_update().get(pk=attempt.pk), place, given, now=now)


def answer_locked(attempt: Attempt, place: int, given: Given, *, now: datetime) -> Saved:
    """:func:`answer` for an attempt that the transaction around it has locked."""
    response = _slot(attempt, place)
    cleaned, flagged = response.as_kept(given.answer), given.is_flagged
    flagged = response.is_flagged if flagged is None else flagged
    if given.sequence == response.sequence and (cleaned, flagged) == (response.answer, response.is_flagged):
        return Saved(accepted=True, response=response)
    if is_shut(attempt, now=now) or not _is_newer(given, response):
        return Saved(accepted=False, response=response)
    if response.manual_mark is not None and cleaned != response.answer:
        _void_mark(response, now)
    response.answer, response.is_flagged = cleaned, flagged
    response.sequence = response.sequence + 1 if given.sequence is None else given.sequence
    response.saved_at = now
    response.save(update_fields=["answer", "is_flagged", "sequence", "saved_at", "manual_mark"])
    return Saved(accepted=True, response=response)


def _void_mark(response: Response, now: datetime) -> None:
    """A mark by hand was for the answer that stood there: another one, in an attempt opened again, is marked anew."""
    note = Correction(kind=Correction.Kind.MARK_VOID, attempt_id=response.attempt_id, place=response.place)
    note.before, note.made_at = response.manual_mark, now
    note.save()
    response.manual_mark = None


def _slot(attempt: Attempt, place: int) -> Response:
    """What stands in a slot, and of its question the kind. One query."""
    for response in Response.objects.raw(SLOT, [attempt.pk, min(place, NO_SLOT)]):
        kind = vars(response)["kind"]
        response.version = QuestionVersion.from_db(None, ["id", "kind"], [response.version_id, kind])
        return response
    raise Response.DoesNotExist


def _is_newer(given: Given, response: Response) -> bool:
    follows = given.base is None or response.sequence <= given.base
    return follows and (given.sequence is None or given.sequence > response.sequence)


def submit(attempt: Attempt, *, now: datetime) -> Attempt:
    """Grade an attempt and close it. Submitting again changes nothing and returns the same result.

    What follows from it is recorded afterwards and for itself, so that nothing secondary can fail a submission.
    """
    with transaction.atomic():
        locked = _locked(attempt)
        if _is_late(locked, now):
            _end(locked)
        elif locked.is_open:
            grading.close(locked, now=now)
    settle(locked, now=now)
    return locked


def close_if_late(attempt: Attempt, *, now: datetime) -> bool:
    """Close an open attempt that can no longer be submitted, as its rules say; say whether it was so.

    Whoever looks at an attempt calls this first, so no background process is needed.
    """
    if not _is_late(attempt, now):
        return False
    with transaction.atomic():
        locked = _locked(attempt)
        if _is_late(locked, now):  # somebody may have closed it meanwhile, or given it more time
            _end(locked)
    for name in (
        "deadline",
        "overdue_until",
        "submitted_at",
        "abandoned_at",
        "passed_at",
        "mark",
        "max_mark",
    ):
        setattr(attempt, name, getattr(locked, name))
    settle(attempt, now=now)
    return not attempt.is_open


def _locked(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update().get(pk=attempt.pk)


def _is_late(attempt: Attempt, now: datetime) -> bool:
    ends = attempt.overdue_until or attempt.deadline
    return attempt.is_open and ends is not None and now >= ends + TOLERANCE


def _end(locked: Attempt) -> None:
    ends = locked.overdue_until or locked.deadline
    if ends and locked.late == Quiz.Late.SUBMIT:
        grading.close(locked, now=ends)
    else:
        locked.abandoned_at = ends
        locked.save(update_fields=["abandoned_at"])


def close_late(among: AttemptQuerySet, *, now: datetime) -> None:
    """Close those of these attempts whose time is up, as their rules say. One query where there are none.

    For those who look at many attempts. Each is closed for itself: what fails is logged, hides no page, and is tried
    again the next time anyone looks.
    """
    since = now - TOLERANCE
    late = Q(overdue_until__lte=since) | Q(overdue_until__isnull=True, deadline__lte=since)
    for attempt in among.open().filter(late):
        try:
            close_if_late(attempt, now=now)
        except Exception:
            logger.exception("Attempt %s, whose time is up, is not closed yet", attempt.pk)


def lengthen(override: Override, *, now: datetime) -> int:
    """Give attempts that are under way the time that an override gives their learners; return how many got more.

    Nobody's time is made shorter. What was late before is closed first, and stays so.
    """
    who = (
        Q(enrolment__learner=override.learner_id)
        if override.learner_id
        else Q(enrolment__learner__groups=override.group_id)
    )
    theirs = Attempt.objects.filter(who, quiz=override.quiz_id)
    close_late(theirs, now=now)
    with transaction.atomic():
        quiz = Quiz.objects.select_for_update(no_key=True).get(pk=override.quiz_id)
        return allowances.lengthen(quiz, theirs, now=now)


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
            enrolments = Enrolment.objects.locked().select_related("module", "learner")
            enrolments.get(pk=attempt.enrolment_id).settle(now)
    except Exception:
        logger.exception("What follows from attempt %s is not recorded yet", attempt.pk)


# -------------------------------------------------------------------------------------------------------- parts


def _begin(enrolment: Enrolment, quiz: Quiz, allowed: Allowance, *, number: int, now: datetime) -> Attempt:
    deadline = allowed.deadline(now)
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=number,
        pass_mark=quiz.pass_mark,
        scoring=quiz.scoring,
        late=quiz.late,
        started_at=now,
        deadline=deadline,
        overdue_until=quiz.overdue_until(deadline, quiz.late),
    )
    versions = [question.current for question in _asked(quiz, enrolment) if question.current]
    Response.objects.bulk_create(
        Response(attempt=attempt, place=place, version=version, order=_order(version, shuffle=quiz.shuffle))
        for place, version in enumerate(versions, start=1)
    )
    return attempt


def _asked(quiz: Quiz, enrolment: Enrolment) -> list[Question]:
    """The questions of an attempt in the order to ask them.

    From each pool so many as it says, and from the questions without one as the quiz says. Shuffled, each stays among
    those that it stands with.
    """
    pools = list(quiz.pools.all())
    questions = list(quiz.questions.standing().select_related("current"))
    pool_of = {one.pk: next((pool for pool in pools if pool.holds(one.place)), None) for one in questions}
    asked = Response.objects.filter(attempt__enrolment=enrolment).values_list("version__question", flat=True)
    seen = Counter(asked) if quiz.draw or pools else Counter()
    drawn: set[int] = set()
    for pool in (None, *pools):
        mine = [one.pk for one in questions if pool_of[one.pk] == pool]
        drawn |= _drawn(mine, pool.draw if pool else quiz.draw, seen)
    kept = [one for one in questions if one.pk in drawn]
    runs = [list(run) for _pool, run in groupby(kept, key=lambda one: pool_of[one.pk])]
    for run in runs if quiz.shuffle else ():
        random.SystemRandom().shuffle(run)
    return [one for run in runs for one in run]


def _drawn(questions: Sequence[int], number: int | None, seen: Mapping[int, int]) -> set[int]:
    """So many of these keys at random, or all; those first that the learner has seen least often."""
    lots = {key: (seen[key], random.SystemRandom().random()) for key in questions}
    return set(sorted(lots, key=lambda key: lots[key])[:number])


def _order(version: QuestionVersion, *, shuffle: bool) -> list[str]:
    """The keys of the choices in the order to show; a pinned choice ("all of these") keeps its place."""
    keys = [choice["key"] for choice in version.choices]
    if not shuffle:
        return keys
    loose = [choice["key"] for choice in version.choices if not choice["pinned"]]
    random.SystemRandom().shuffle(loose)
    return [choice["key"] if choice["pinned"] else loose.pop() for choice in version.choices]
