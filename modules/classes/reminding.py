"""Reminds members of due dates by mail, once before each and once after it. The worker looks every few minutes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.models import User
from modules.classes.reminder_mails import mail_of
from modules.models import Assignment, Enrolment, Reminder, RemindersOff

gettext_noop("Send reminders")

AHEAD = timedelta(days=2)  # before a due date; with more, learners forget again
BEHIND = timedelta(hours=12)  # after a due date; with less, a mail crosses those who are a little late
LATEST = timedelta(days=7)  # after a due date; a worker that was away for longer sends nothing of it
SETTLED = timedelta(hours=1)  # from the assigning on, so that a mistyped date can be corrected first
MOVED = timedelta(days=7)  # a due date that moves by more, to later, is a new one with new reminders
BY_DAY = range(6, 21)  # hours in the time zone of the site; no phone of a learner rings at night

BATCH = 50  # mails in one transaction; on SQLite everybody else waits for it to end
PAUSE = 0.05  # seconds between two transactions, so that others get their turn


@task()
def send_reminders() -> None:
    """Enqueues a mail for each reminder that is due. A kill loses and repeats nothing: mail and row are one step."""
    if settings.HAS_MAIL:
        remind_all(now=timezone.now())


def remind_all(*, now: datetime) -> int:
    """Enqueues the mails of all reminders that are due, and returns how many. At night there are none."""
    if timezone.localtime(now, timezone.get_default_timezone()).hour not in BY_DAY:
        return 0
    return sum(
        remind_of(assignment, kind, now=now)
        for kind in Reminder.Kind
        for assignment in _due_assignments(kind, now=now).values_list("pk", flat=True)
    )


def remind_of(pk: int, kind: Reminder.Kind, *, now: datetime) -> int:
    """Enqueues the reminders of one assignment, a few in each transaction. Returns how many."""
    total = 0
    while number := _remind_some(pk, kind, now=now):
        total += number
        time.sleep(PAUSE)
    return total


@transaction.atomic
def _remind_some(pk: int, kind: Reminder.Kind, *, now: datetime) -> int:
    """Locks the assignment, so that of two workers one finds nothing left, and no date moves meanwhile."""
    locked = _due_assignments(kind, now=now).select_for_update(of=("self",), no_key=True)
    assignment = locked.select_related("study_class__group", "module").filter(pk=pk).first()
    if assignment is None or assignment.due_at is None:
        return 0
    learners = list(learners_to_remind(assignment, kind).order_by("pk")[:BATCH])
    reminders = [
        Reminder(assignment=assignment, learner=learner, kind=kind, due_at=assignment.due_at, made_at=now)
        for learner in learners
    ]
    Reminder.objects.bulk_create(
        reminders,
        update_conflicts=True,
        unique_fields=["assignment", "learner", "kind"],
        update_fields=["due_at", "made_at"],
    )
    for reminder in reminders:
        mail_of(reminder).send()
    return len(reminders)


def _due_assignments(kind: Reminder.Kind, *, now: datetime) -> QuerySet[Assignment]:
    """Keeps the assignments of whose due date members are reminded now."""
    reminding = Assignment.objects.filter(
        study_class__reminds_since__isnull=False,
        study_class__archived_at__isnull=True,
        assigned_at__lte=now - SETTLED,
    )
    if kind == Reminder.Kind.BEFORE:
        has_begun = Q(starts_at__isnull=True) | Q(starts_at__lte=now)
        return reminding.filter(has_begun, due_at__gt=now, due_at__lte=now + AHEAD)
    # A class that switches reminders on sends none of dates that were over already.
    is_new = Q(due_at__gt=F("study_class__reminds_since"))
    return reminding.filter(is_new, due_at__lte=now - BEHIND, due_at__gt=now - LATEST)


def learners_to_remind(assignment: Assignment, kind: Reminder.Kind) -> QuerySet[User]:
    """Keeps the members who have not finished, were not reminded, may read the module and want to be reminded.

    A mail goes only to a confirmed address. People who may enter the admin are no learners of the class.
    """
    due_at, module = assignment.due_at or assignment.assigned_at, assignment.module
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    enrolled = Enrolment.objects.filter(learner=OuterRef("pk"), module=module)
    reminded = Reminder.objects.filter(
        learner=OuterRef("pk"), assignment=assignment, kind=kind, due_at__gte=due_at - MOVED
    )
    members = User.objects.filter(groups=assignment.study_class.group_id, is_active=True, is_staff=False)
    asked = members.filter(Exists(confirmed), ~Exists(enrolled.filter(finished_at__isnull=False)))
    wanting = asked.exclude(Exists(reminded)).exclude(
        Exists(RemindersOff.objects.filter(learner=OuterRef("pk")))
    )
    if module.is_published:
        return wanting
    return wanting.filter(Exists(enrolled)) if module.keeps_learners else wanting.none()
