"""Grades many attempts again: a few at once, and a large class in the background, in batches.

A load or a correction makes a :class:`RegradeJob` in its own transaction. Each batch is a short transaction that locks
the job and its attempts and reads them afresh. An attempt has its old grade until its batch, and then the new one.
A worker that is killed goes on where the last batch ended. ARCHITECTURE.md says what happens if something else changes
the attempts meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.models import User
from modules.models import (
    Attempt,
    Enrolment,
    Module,
    QuestionVersion,
    RegradeJob,
    Response,
)
from modules.quizzes import completion, grading, regrading
from modules.quizzes.new_keys import Marks, NewKeys, versions_of
from tasks.backend import enqueue_once

gettext_noop("Regrade in batches")

# With so many attempts or more, a regrade is left to the worker. Fewer are graded in the transaction that asks for it.
LARGE = 200

# Attempts of a batch. With more, learners wait longer for the write lock of SQLite. With fewer, the job takes longer.
BATCH = 50

# Seconds between two batches, in which those who answer get the write lock. They look for it every 0.1 seconds.
PAUSE = 0.15

# Seconds after which a job goes behind the other tasks that are due: mails should not wait for it.
SHIFT = 20.0

NEWS = timedelta(days=1)  # pages of a module say for so long what a job has done


@dataclass(frozen=True, slots=True)
class Order:
    """Says why, by whom and when grades are to change."""

    by: User | None
    now: datetime
    reason: str = ""


def start(module: Module, new: NewKeys, order: Order) -> RegradeJob:
    """Grades the attempts that have a question of ``new`` again: at once, or as a job for the worker.

    Call it in a transaction that holds the module's learners (:func:`modules.models.hold_learners`), so that nobody
    starts an attempt, and no batch runs, until it ends.
    """
    judged_anew = {*new.judged_anew, *_take_over(module, new)}
    job = RegradeJob(
        module=module,
        revision=module.current,
        keys={str(question): key.pk if key else None for question, key in new.keys.items()},
        judged_anew=sorted(judged_anew),
        reason=order.reason,
        made_at=order.now,
        made_by=order.by,
    )
    attempts = _holding(job.questions)
    job.total = attempts.count()
    job.until = attempts.order_by("-pk").values_list("pk", flat=True).first() or 0
    job.save()
    if job.total < LARGE:
        _grade_batch(job, job.total, order.now)
        _end(job, order.now)
    else:
        _give_keys_to_open(job)
        enqueue_once(regrade_in_batches, job.pk, now=order.now)
    return job


def is_large(questions: Iterable[int]) -> bool:
    """Tells whether so many attempts have one of these questions that the worker grades them."""
    return _holding(questions)[LARGE - 1 : LARGE].exists()


def versions_to_come(module: Module) -> set[int]:
    """Returns the versions of questions with whose keys a job still grades, so that nobody changes them."""
    jobs = RegradeJob.objects.unfinished().filter(module=module)
    return {version for job in jobs for version in job.versions.values() if version}


def pending(module: Module) -> NewKeys:
    """Returns the keys of all jobs of a module that are not finished, as one regrade."""
    keys: dict[int, int | None] = {}
    judged_anew: set[int] = set()
    for job in RegradeJob.objects.unfinished().filter(module=module):
        keys |= {question: key or keys.get(question) for question, key in job.versions.items()}
        judged_anew.update(job.judged_anew)
    return NewKeys(_with_rows(keys), judged_anew)


def waiting(attempts: QuerySet[Attempt], module: Module) -> QuerySet[Attempt]:
    """Keeps the attempts that a job of their module has not reached yet."""
    is_waiting = Q(pk__in=[])
    for job in RegradeJob.objects.unfinished().filter(module=module):
        is_waiting |= Q(_has_question(job.questions), pk__gt=job.cursor, pk__lte=job.until)
    return attempts.filter(is_waiting)


def is_waiting(attempt: Attempt) -> bool:
    """Tells whether the grade of a submitted attempt may still change by a job that has not reached it."""
    module = Module(pk=attempt.quiz.module_id)
    return waiting(Attempt.objects.submitted().filter(pk=attempt.pk), module).exists()


def recent(module: Module, *, now: datetime) -> list[RegradeJob]:
    """Returns the jobs of a module that an instructor wants to know of: unfinished ones, and those of the last day."""
    of_today = Q(finished_at__gt=now - NEWS, total__gte=LARGE)
    jobs = RegradeJob.objects.filter(Q(finished_at=None) | of_today, module=module)
    return list(jobs.select_related("revision", "made_by").defer("revision__text").order_by("pk"))


# ------------------------------------------------------------------------------------------------ the worker


@task()
def regrade_in_batches(pk: int) -> None:
    """Carries out a job, after the earlier jobs of its module, for one shift. Then it enqueues itself again."""
    module = RegradeJob.objects.filter(pk=pk).values("module")
    ends = time.monotonic() + SHIFT
    for job in RegradeJob.objects.unfinished().filter(module__in=module, pk__lte=pk):
        while grade_next(job.pk, now=timezone.now()):
            if time.monotonic() >= ends:
                regrade_in_batches.enqueue(pk)
                return
            time.sleep(PAUSE)


def grade_next(pk: int, *, now: datetime) -> bool:
    """Grades the next batch of a job, and tells whether there is more to do.

    It may be called for a finished job, and by two workers at once: each batch is graded once.
    """
    with transaction.atomic():
        job = RegradeJob.objects.unfinished().locked().filter(pk=pk).first()
        if job is None:
            return False
        _grade_batch(job, BATCH, now)
        if not _left(job).exists():
            _end(job, now)
    return job.finished_at is None


def _grade_batch(job: RegradeJob, size: int, now: datetime) -> None:
    """Grades the next attempts of a locked job again, and records what follows for their learners."""
    batch = list(_left(job).order_by("pk").values_list("pk", "enrolment_id")[:size])
    if not batch:
        return
    learners = {enrolment for _attempt, enrolment in batch}
    Enrolment.objects.filter(pk__in=learners).hold()
    attempts = Attempt.with_deleted.select_for_update().filter(pk__in=[pk for pk, _enrolment in batch])
    # Each attempt of the batch whose grade has changed, with its grade before and after.
    changes = regrading.regrade(list(attempts.order_by("pk")), _marks(job), job, now=now)
    completion.record_outcomes(job.module, now, graded=True, among=learners)
    job.cursor, job.done = batch[-1][0], job.done + len(batch)
    job.up += sum(change.after > change.before for change in changes)
    job.down += sum(change.after < change.before for change in changes)
    job.save(update_fields=["cursor", "done", "up", "down"])


def _end(job: RegradeJob, now: datetime) -> None:
    job.total, job.finished_at = job.done, now
    job.save(update_fields=["total", "finished_at"])


def _left(job: RegradeJob) -> QuerySet[Attempt]:
    return _holding(job.questions).filter(pk__gt=job.cursor, pk__lte=job.until)


def _holding(questions: Iterable[int]) -> QuerySet[Attempt]:
    """Returns the attempts that have one of these questions.

    Deleted attempts are graded like the others, so that a restored attempt counts with correct marks.
    """
    return Attempt.with_deleted.filter(_has_question(questions))


def _has_question(questions: Iterable[int]) -> Exists:
    return Exists(Response.objects.filter(attempt=OuterRef("pk"), version__question__in=list(questions)))


def _marks(job: RegradeJob) -> Marks:
    return Marks(versions_of(job.questions), NewKeys(_with_rows(job.versions), job.judged_anew))


def _with_rows(keys: Mapping[int, int | None]) -> dict[int, QuestionVersion | None]:
    """Returns the versions of keys.

    A question is left out if its row is gone: it was taken out after the last account that had answered it was deleted.
    """
    versions = QuestionVersion.objects.in_bulk([key for key in keys.values() if key])
    return {
        question: versions[key] if key else None
        for question, key in keys.items()
        if key is None or key in versions
    }


# ------------------------------------------------------------------------------------------------ the start


def _take_over(module: Module, new: NewKeys) -> Collection[int]:
    """Takes the questions that get a new key out of earlier jobs, which go on with their other questions.

    Returns those of them that were to be judged as today. Some attempts have been judged so already.
    """
    taken = {question for question, key in new.keys.items() if key is not None}
    judged_anew: set[int] = set()
    for job in RegradeJob.objects.unfinished().filter(module=module):
        if not taken.intersection(job.questions):
            continue
        judged_anew |= taken.intersection(job.judged_anew)
        job.keys = {question: key for question, key in job.versions.items() if question not in taken}
        job.judged_anew = [question for question in job.judged_anew if question not in taken]
        job.save(update_fields=["keys", "judged_anew"])
        if not job.keys:
            _end(job, timezone.now())
    return judged_anew


def _give_keys_to_open(job: RegradeJob) -> None:
    """Gives the new keys to the attempts that are not submitted, so that they are graded with them from the start."""
    still_open = _left(job).filter(submitted_at__isnull=True)
    # Whoever submits locks the attempt before its responses.
    list(still_open.select_for_update().order_by("pk").values_list("pk"))
    rows = Response.objects.filter(attempt__submitted_at__isnull=True, attempt__lte=job.until)
    for question, key in _with_rows(job.versions).items():
        if key is not None:
            kinds = grading.kinds_like(key)
            asked = rows.filter(version__question=question, version__kind__in=kinds, manual_mark__isnull=True)
            asked.exclude(version=key, graded_with__isnull=True).update(graded_with=key)
