"""Makes the reminders of due dates, once before each and once after it. The worker looks every few minutes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.models import User
from modules.classes.reminder_rules import due_assignments, is_day, learners_to_remind
from modules.classes.reminder_sending import mail_reminders
from modules.models import Assignment, Reminder

gettext_noop("Send reminders")

BATCH = 50  # learners in one transaction; on SQLite everybody else waits for it to end
PAUSE = 0.05  # seconds between two transactions, so that others get their turn

Duty = tuple[str, int]  # a kind of reminders, and the key of an assignment


@task()
def send_reminders() -> None:
    """Enqueues a mail for each learner who is to be reminded. A kill loses and repeats nothing."""
    if settings.HAS_MAIL:
        remind_all(now=timezone.now())


def remind_all(*, now: datetime) -> int:
    """Makes the reminders that are due, and a mail for each learner. Returns how many mails, at night none."""
    if not is_day(now):
        return 0
    duties = _duties(now)
    total, keys = 0, list(duties)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        total += _remind_some({key: duties[key] for key in some}, now=now)
        time.sleep(PAUSE)
    return total


def _duties(now: datetime) -> Mapping[int, set[Duty]]:
    """Maps learners to what they are reminded of."""
    duties: dict[int, set[Duty]] = defaultdict(set)
    for kind in Reminder.Kind:
        for assignment in due_assignments(kind, now=now).select_related("study_class", "module"):
            learners = learners_to_remind(assignment, kind, now=now)
            for learner in learners.order_by("pk").values_list("pk", flat=True):
                duties[learner].add((kind.value, assignment.pk))
    return duties


@transaction.atomic
def _remind_some(duties: Mapping[int, set[Duty]], *, now: datetime) -> int:
    """Locks the learners, so that of two workers one finds nothing left. Their rows and their mails are one step."""
    held = User.objects.select_for_update(no_key=True).filter(pk__in=duties).order_by("pk")
    learners = list(held.values_list("pk", flat=True))
    asked = {duty for of_learner in duties.values() for duty in of_learner}
    reminders = list(_reminders(learners, asked, now))
    Reminder.objects.bulk_create(
        reminders,
        update_conflicts=True,
        unique_fields=["assignment", "learner", "kind"],
        update_fields=["due_at", "made_at", "sent_at", "dropped_at", "reason"],
    )
    reminded = sorted({reminder.learner_id for reminder in reminders})
    for learner in reminded:
        mail_reminders.enqueue(learner)
    return len(reminded)


def _reminders(learners: Iterable[int], duties: set[Duty], now: datetime) -> Iterable[Reminder]:
    """Yields what is still to be said once the learners are locked. Dates may have moved meanwhile."""
    for kind, key in sorted(duties):
        due = due_assignments(kind, now=now).select_related("study_class", "module")
        assignment: Assignment | None = due.filter(pk=key).first()
        if assignment is None:
            continue
        for learner in learners_to_remind(assignment, kind, now=now).filter(pk__in=learners):
            yield Reminder(
                assignment=assignment, learner=learner, kind=kind, due_at=learner.until, made_at=now
            )
