"""Saves answers, so that an older answer never overwrites a newer one without asking.

The protocol between a question page and the server:

``sequence``
    Numbers the answers to one question. The server stores it with the answer. The script of the page counts it up with
    each change. A page without a script sends none, and the server counts.
``base``
    Is the ``sequence`` of the stored answer that the learner saw when they answered. Each form and message has it.
    If the server holds a newer answer by then, from another window or device, it refuses this one.
``answer``, ``flag``
    Hold the keys of the chosen choices, or one text, and whether the learner wants to come back to the question.

A form gets a page as reply: the next one if the server stored the answer, and otherwise (409) a page that asks which of
the two answers counts. The script asks for JSON and gets one of these:

``{"accepted": true, "sequence", "saved_at", "is_answered", "seconds_left", "lack"}``
    The server has stored the answer. The same message again gets the same reply and changes nothing. ``lack`` says
    that the answer is no number where one is asked for.
``{"accepted": false, ..., "answer", "is_flagged"}``
    The server has refused the answer. It holds this newer one. The script keeps its own, and the learner decides.
``{"closed": true, "kept", "url"}``
    The attempt takes no more answers. The page goes to ``url``. If ``kept`` is true, the server has stored the answer
    as a late one, or holds the same one, and the script forgets it. Otherwise the script keeps it and shows it as late.
``{"signed_out": true, "url"}``
    Nobody is signed in. The script keeps the answer and links to ``url``.

Any other reply says something about the way to the server only. The script keeps the answer and tries again. It stops
after a refusal of the message itself (status 400 to 499), which it calls invalid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from modules.models import Attempt, AttemptQuerySet, Correction, LateAnswer, Response
from modules.quizzes.attempts import is_shut

MOST_LATE = 10  # late answers to one question that are kept; raised, a page of an instructor may get longer

# Saving reads these columns only: the text of a question can be long.
OF_ATTEMPT = ("deadline", "submitted_at", "abandoned_at", "withdrawn_at")
OF_RESPONSE = (
    "attempt_id", "slot", "order", "answer", "sequence", "saved_at", "is_flagged", "manual_mark", "version__kind", "version__answers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer that the server holds now. ``accepted`` is false if the server refused the incoming answer.

    ``is_kept``: the answer arrived too late to count, and the server has it nevertheless.
    """

    accepted: bool
    response: Response
    attempt: Attempt
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """An answer as it arrives. The docstring of this file explains its fields.

    Without a ``sequence`` the server counts. Without a ``base`` the answer is the newest by definition. If
    ``is_flagged`` is ``None``, the flag stays as it is.
    """

    answer: Sequence[str]
    sequence: int | None = None
    base: int | None = None
    is_flagged: bool | None = None


def save_answer(attempt: AttemptQuerySet, slot: int, incoming: IncomingAnswer, *, now: datetime) -> Saved:
    """Saves an answer in a slot (from 1), and returns what the server holds now.

    ``attempt`` finds the one attempt that the learner may answer. The transaction of this function locks it. Saving
    also acknowledges a repeated message when time is up. Raises :class:`Attempt.DoesNotExist` or
    :class:`Response.DoesNotExist` if there is no such attempt or slot.
    """
    with transaction.atomic():
        locked = attempt.select_for_update(of=("self",)).only(*OF_ATTEMPT).get()
        responses = Response.objects.select_related("version").only(*OF_RESPONSE)
        response = responses.get(attempt_id=locked.pk, slot=slot)
        is_stored = _is_stored(locked, response, incoming, now)
        is_late = not is_stored and is_shut(locked, now=now) and not locked.is_withdrawn
        return Saved(is_stored, response, locked, is_late and _keep_late(response, incoming, now))


def _is_stored(attempt: Attempt, response: Response, incoming: IncomingAnswer, now: datetime) -> bool:
    """Stores an answer if it is the newest, and tells whether the server holds it now."""
    answer = response.as_kept(incoming.answer)
    is_flagged = response.is_flagged if incoming.is_flagged is None else incoming.is_flagged
    if incoming.sequence == response.sequence and (answer, is_flagged) == (
        response.answer,
        response.is_flagged,
    ):
        return True
    if is_shut(attempt, now=now) or not _is_newest(incoming, response):
        return False
    if response.manual_mark is not None and answer != response.answer:
        _void_mark(response, now)
    response.answer, response.is_flagged = answer, is_flagged
    response.sequence = response.sequence + 1 if incoming.sequence is None else incoming.sequence
    response.saved_at = now
    response.save(update_fields=["answer", "is_flagged", "sequence", "saved_at", "manual_mark"])
    return True


def _keep_late(response: Response, incoming: IncomingAnswer, now: datetime) -> bool:
    """Keeps an answer that arrived too late, once. Tells whether the server holds it now."""
    answer = response.as_kept(incoming.answer)
    earlier = list(response.late_answers.values_list("answer", flat=True))
    if answer == response.answer or answer in earlier:
        return True
    if len(earlier) >= MOST_LATE:
        return False
    LateAnswer.objects.create(response=response, answer=answer, arrived_at=now)
    return True


def _is_newest(incoming: IncomingAnswer, response: Response) -> bool:
    follows = incoming.base is None or response.sequence <= incoming.base
    return follows and (incoming.sequence is None or incoming.sequence > response.sequence)


def _void_mark(response: Response, now: datetime) -> None:
    """Takes a manual mark back, because it was for the answer that a reopened attempt now replaces."""
    correction = Correction(
        kind=Correction.Kind.MARK_VOID,
        attempt_id=response.attempt_id,
        slot=response.slot,
        before=response.manual_mark,
        made_at=now,
    )
    correction.save()
    response.manual_mark = None
