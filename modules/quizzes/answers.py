"""Saves answers, so that an older answer never overwrites a newer one without asking.

Each answer is saved in one transaction that locks its attempt. Time comes in as an argument, so that only the server's
clock decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from modules.models import (
    Attempt,
    Correction,
    QuestionVersion,
    Response,
)
from modules.quizzes.attempts import is_shut

# To compose this through the ORM for every answer took four times as long as the database takes for it, and all that a
# question says would be read along.
SLOT = """
SELECT response.id, attempt_id, slot, version_id, "order", answer, sequence, saved_at, is_flagged, manual_mark, kind
FROM modules_response response JOIN modules_questionversion version ON version.id = version_id
WHERE attempt_id = %s AND slot = %s
"""
NO_SLOT = 2**31 - 1  # a larger number, which none of them is either, does not fit into the query


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer that the server holds now. ``accepted`` is false where it is not the one that came."""

    accepted: bool
    response: Response


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


def save_answer(attempt: Attempt, slot: int, given: Given, *, now: datetime) -> Saved:
    """Save an answer in slot ``slot`` (from 1), and return what the server holds now.

    One that is not newer than what is stored is left out, and so is one that follows an older answer than that: a late
    packet, or a window that was long without a network or long open, never overwrites a newer answer. The same once
    more is acknowledged once more, also when the time is up. Raises :class:`Response.DoesNotExist` where there is no
    such slot.
    """
    with transaction.atomic():
        return save_locked(Attempt.objects.select_for_update().get(pk=attempt.pk), slot, given, now=now)


def save_locked(attempt: Attempt, slot: int, given: Given, *, now: datetime) -> Saved:
    """:func:`save_answer` for an attempt that the transaction around it has locked."""
    response = _slot(attempt, slot)
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
    note = Correction(kind=Correction.Kind.MARK_VOID, attempt_id=response.attempt_id, slot=response.slot)
    note.before, note.made_at = response.manual_mark, now
    note.save()
    response.manual_mark = None


def _slot(attempt: Attempt, slot: int) -> Response:
    """Returns the response in a slot, with the kind of its question. One query."""
    for response in Response.objects.raw(SLOT, [attempt.pk, min(slot, NO_SLOT)]):
        kind = vars(response)["kind"]
        response.version = QuestionVersion.from_db(None, ["id", "kind"], [response.version_id, kind])
        return response
    raise Response.DoesNotExist


def _is_newer(given: Given, response: Response) -> bool:
    follows = given.base is None or response.sequence <= given.base
    return follows and (given.sequence is None or given.sequence > response.sequence)
