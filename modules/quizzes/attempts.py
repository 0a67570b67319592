"""Starts attempts, submits them, and closes them when their time is up.

Each step is one transaction that first locks its row, so that two equal requests at once have the effect of one. Time
comes in as an argument, so that only the server's clock decides.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.models import User, Visitor
from modules.models import (
    Attempt,
    AttemptQuerySet,
    Enrolment,
    Override,
    Quiz,
    Response,
    unread_sections,
)
from modules.quizzes import completion, grading
from modules.quizzes.drawing import choice_order, questions_to_ask
from modules.quizzes.learner_rules import History, LearnerRules, Refused, extend_deadlines, rules_for

gettext_noop("Close late attempts")

TOLERANCE = timedelta(seconds=5)  # for answers that are sent in time and arrive late

logger = logging.getLogger(__name__)


def history(learner: Visitor, quiz: Quiz, *, now: datetime) -> History:
    """Returns a learner's attempts at a quiz, after closing the late ones and recording missing outcomes.

    It takes two queries if there is nothing to close or record.
    """
    attempts = list(Attempt.objects.of(learner, quiz))
    for attempt in attempts:
        close_if_late(attempt, now=now)
        record_outcome(attempt, now=now)
    return History(quiz, rules_for(quiz, learner), attempts)


def open_attempts(learner: Visitor, *, now: datetime) -> list[Attempt]:
    """Returns a learner's open attempts that may be finished, after closing the late ones.

    The attempt that ends first comes first. It takes one query if no attempt is late.
    """
    if not learner.is_authenticated:
        return []
    attempts = Attempt.objects.running().filter(enrolment__learner_id=learner.pk)
    ordered = attempts.select_related("quiz").order_by(F("deadline").asc(nulls_last=True), "-started_at")
    return [attempt for attempt in ordered if not close_if_late(attempt, now=now)]


# ----------------------------------------------------------------------------------------- the life of an attempt


def start(learner: User, quiz: Quiz, *, now: datetime) -> Attempt:
    """Returns the learner's open attempt, or starts one: fixes the question versions, their order and the deadline.

    Raises :class:`Refused` if the rules do not let an attempt start. Sections that were added after an attempt was
    begun do not block it.
    """
    with transaction.atomic():
        # A load that changes questions holds this row too, so that no version changes while an attempt takes it.
        quiz = (
            Quiz.objects.select_for_update(no_key=True, of=("self",)).select_related("module").get(pk=quiz.pk)
        )
        enrolment = _enrolment(learner, quiz.module_id, now)
        earlier = list(Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("number"))
        still_open = [
            attempt for attempt in earlier if attempt.is_open and not close_if_late(attempt, now=now)
        ]
        if still_open:
            return still_open[0]
        if unread_sections(quiz, learner).exists():
            raise Refused("unread")
        learner_rules = rules_for(quiz, learner)
        if refused := History(quiz, learner_rules, earlier).refusal(now):
            raise refused
        last = (
            Attempt.with_deleted.filter(enrolment=enrolment, quiz=quiz).aggregate(last=Max("number"))["last"]
            or 0
        )
        return _begin(enrolment, quiz, learner_rules, number=last + 1, now=now)


def _enrolment(learner: User, module: int, now: datetime) -> Enrolment:
    """Returns a learner's enrolment with its row locked. Nobody begins a module that was withdrawn.

    Raises :class:`Refused`, and so undoes the transaction.
    """
    enrolment, is_new = (
        Enrolment.objects.locked()
        .select_related("module")
        .get_or_create(learner=learner, module_id=module, defaults={"begun_at": now, "last_seen_at": now})
    )
    # The module comes with this query: it may have been withdrawn while the request waited for the row of the quiz.
    state = enrolment.module
    if state.withdrawn_at and (is_new or not state.keeps_learners):
        raise Refused("withdrawn")
    return enrolment


def submit(attempt: Attempt, *, now: datetime) -> Attempt:
    """Grades an attempt and closes it. Submitting again changes nothing and returns the same result.

    The outcome is recorded afterwards, in a transaction of its own, so that it cannot fail a submission.
    """
    with transaction.atomic():
        locked = _locked(attempt)
        if _is_late(locked, now):
            _end(locked)
        elif locked.is_open and not locked.is_withdrawn:
            grading.close(locked, now=now)
    record_outcome(locked, now=now)
    return locked


def close_if_late(attempt: Attempt, *, now: datetime) -> bool:
    """Closes an open attempt that can no longer be submitted, as its rules say. Tells whether it was closed.

    Every page that shows an attempt calls this first, so that no background process is needed.
    """
    if not _is_late(attempt, now):
        return False
    with transaction.atomic():
        locked = _locked(attempt)
        if _is_late(locked, now):  # another request may have closed it meanwhile, or extended its time
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
    record_outcome(attempt, now=now)
    return not attempt.is_open


def _locked(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update().get(pk=attempt.pk)


def _is_late(attempt: Attempt, now: datetime) -> bool:
    ends = attempt.overdue_until or attempt.deadline
    is_running = attempt.is_open and not attempt.is_withdrawn
    return is_running and ends is not None and now >= ends + TOLERANCE


def _end(locked: Attempt) -> None:
    ends = locked.overdue_until or locked.deadline
    if ends and locked.late == Quiz.Late.SUBMIT:
        grading.close(locked, now=ends)
    else:
        locked.abandoned_at = ends
        locked.save(update_fields=["abandoned_at"])


def close_late(among: AttemptQuerySet, *, now: datetime) -> None:
    """Closes the attempts whose time is up, as their rules say. It takes one query if no time is up.

    Pages that show many attempts call it. Each attempt is closed on its own. A failure is logged, the page is still
    shown, and the next page tries again.
    """
    since = now - TOLERANCE
    late = Q(overdue_until__lte=since) | Q(overdue_until__isnull=True, deadline__lte=since)
    for attempt in among.running().filter(late):
        try:
            close_if_late(attempt, now=now)
        except Exception:
            logger.exception("Attempt %s, whose time is up, is not closed yet", attempt.pk)


@task()
def close_late_attempts() -> None:
    """Closes all attempts whose time is up, also those at which nobody looks, and records missing outcomes."""
    now = timezone.now()
    close_late(Attempt.objects.all(), now=now)
    for attempt in Attempt.objects.filter(submitted_at__isnull=False, outcome_recorded_at=None):
        record_outcome(attempt, now=now)


def extend_for_override(override: Override, *, now: datetime) -> int:
    """Gives open attempts the time that an override allows their learners. Returns how many attempts got more time.

    Nobody's time is made shorter. An attempt that is already late is closed first, and stays closed.
    """
    covered = (
        Q(enrolment__learner=override.learner_id)
        if override.learner_id
        else Q(enrolment__learner__groups=override.group_id)
    )
    attempts = Attempt.objects.filter(covered, quiz=override.quiz_id)
    close_late(attempts, now=now)
    with transaction.atomic():
        quiz = Quiz.objects.select_for_update(no_key=True).get(pk=override.quiz_id)
        return extend_deadlines(quiz, attempts, now=now)


def is_shut(attempt: Attempt, *, now: datetime) -> bool:
    """Tells whether an attempt takes no more answers: it is closed, it was withdrawn, or its time is up."""
    is_running = attempt.is_open and not attempt.is_withdrawn
    return not is_running or (attempt.deadline is not None and now >= attempt.deadline + TOLERANCE)


def is_overdue(attempt: Attempt, *, now: datetime) -> bool:
    """Tells whether an attempt takes no more answers and can still be submitted."""
    return attempt.is_open and is_shut(attempt, now=now)


def record_outcome(attempt: Attempt, *, now: datetime) -> None:
    """Records the outcome of a submitted attempt. After a failure, the next page of the attempt tries again."""
    if attempt.submitted_at is None or attempt.outcome_recorded_at is not None:
        return
    try:
        with transaction.atomic():
            enrolments = Enrolment.objects.locked().select_related("module", "learner")
            enrolment = enrolments.get(pk=attempt.enrolment_id)
            enrolment.see(attempt.submitted_at)
            completion.record_outcome(enrolment, now)
    except Exception:
        logger.exception("The outcome of attempt %s is not recorded yet", attempt.pk)


# -------------------------------------------------------------------------------------------------------- parts


def _begin(
    enrolment: Enrolment, quiz: Quiz, learner_rules: LearnerRules, *, number: int, now: datetime
) -> Attempt:
    deadline = learner_rules.deadline(now)
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
    enrolment.see(now)
    versions = [question.current for question in questions_to_ask(quiz, enrolment) if question.current]
    Response.objects.bulk_create(
        Response(
            attempt=attempt, slot=slot, version=version, order=choice_order(version, shuffle=quiz.shuffle)
        )
        for slot, version in enumerate(versions, start=1)
    )
    return attempt
