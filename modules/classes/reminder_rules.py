"""Decides of which due dates learners are reminded by mail, when, and why a reminder is not sent after all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from modules.classes.reminder_choice import wants_reminders
from modules.models import Assignment, Enrolment, OwnDueDate, Reminder, RemindersOff

AHEAD = timedelta(days=2)  # whole days before a due date; with more, learners forget again
BEHIND = timedelta(hours=12)  # after a due date; with less, a mail crosses those who are a little late
LATEST = timedelta(days=7)  # after a due date; a worker that was away for longer sends nothing of it
SETTLED = timedelta(hours=1)  # from the assigning on, so that a mistyped date can be corrected first
MOVED = timedelta(days=7)  # a due date that moves by more, to later, is a new one with new reminders
BY_DAY = range(6, 21)  # hours in the time zone of the site; no phone of a learner rings at night


def is_day(now: datetime) -> bool:
    return _at_the_site(now).hour in BY_DAY


def midnight(now: datetime) -> datetime:
    """Returns the moment at which the day began where the site is. A learner gets one mail on a day at most."""
    return _at_the_site(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _at_the_site(now: datetime) -> datetime:
    return timezone.localtime(now, timezone.get_default_timezone())


def due_assignments(kind: str, *, now: datetime) -> QuerySet[Assignment]:
    """Keeps the assignments of which somebody may be reminded now, because of the date of the class or an own one.

    Where the class has no date, own dates do not count.
    """
    reminding = Assignment.objects.filter(
        due_at__isnull=False,
        study_class__reminds_since__isnull=False,
        study_class__archived_at__isnull=True,
        assigned_at__lte=now - SETTLED,
    )
    if kind == Reminder.Kind.BEFORE:
        reminding = reminding.filter(Q(starts_at__isnull=True) | Q(starts_at__lte=now))
    since = F("study_class__reminds_since")
    own = OwnDueDate.objects.filter(_in_time(kind, "due_at", now), assignment=OuterRef("pk"))
    return reminding.filter(_in_time(kind, "due_at", now) | Exists(own)).annotate(since=since)


def learners_to_remind(assignment: Assignment, kind: str, *, now: datetime) -> QuerySet[Any]:
    """Keeps the members who have not finished, were not reminded, and want to be. Each has ``until``, the due date.

    A class that switches reminders on sends none of dates that were over already. A learner who gets a mail today, or
    whose mail waits, is left out until tomorrow. Of a module that two classes ask for within a week, one reminds.
    """
    asked = members_asked(assignment).filter(_in_time(kind, "until", now))
    if kind == Reminder.Kind.AFTER:
        asked = asked.filter(until__gt=assignment.study_class.reminds_since or now)
    before = ExpressionWrapper(OuterRef("until") - Value(MOVED), output_field=DateTimeField())
    of_learner = Reminder.objects.filter(learner=OuterRef("pk"))
    reminded = of_learner.filter(
        assignment__module=assignment.module_id, kind=kind, due_at__gte=before, dropped_at__isnull=True
    )
    mailed = of_learner.filter(Q(sent_at__gte=midnight(now)) | Reminder.waiting(made_after=now - LATEST))
    finished = Enrolment.objects.filter(
        learner=OuterRef("pk"), module=assignment.module_id, finished_at__isnull=False
    )
    unwanted = RemindersOff.objects.filter(learner=OuterRef("pk"))
    return asked.exclude(Exists(reminded) | Exists(mailed) | Exists(finished) | Exists(unwanted))


def members_asked(assignment: Assignment) -> QuerySet[Any]:
    """Keeps the members whom a mail may ask to go on with the module, each with ``until``, their own due date.

    A mail goes only to a confirmed address. People who may enter the admin are no learners of the class.
    """
    module = assignment.module
    own = OwnDueDate.objects.filter(
        learner=OuterRef("pk"), assignment=assignment, due_at__gt=assignment.due_at
    )
    until = Coalesce(Subquery(own.values("due_at")), Value(assignment.due_at, output_field=DateTimeField()))
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    members = User.objects.filter(
        Exists(confirmed), groups=assignment.study_class.group_id, is_active=True, is_staff=False
    ).annotate(until=until)
    if module.is_published:
        return members
    enrolled = Enrolment.objects.filter(learner=OuterRef("pk"), module=module)
    return members.filter(Exists(enrolled)) if module.keeps_learners else members.none()


def reason_against(reminder: Reminder, *, now: datetime) -> str:
    """Returns why a reminder that waited is not sent any more, or nothing. It takes over a date that moved a little."""
    assignment, learner = reminder.assignment, reminder.learner
    study_class = assignment.study_class
    if study_class.reminds_since is None or not wants_reminders(learner):
        return Reminder.Reason.SWITCHED_OFF
    if assignment.module.enrolments.filter(learner=learner, finished_at__isnull=False).exists():
        return Reminder.Reason.FINISHED
    if assignment.due_at is None:
        return Reminder.Reason.MOVED
    member = members_asked(assignment).filter(pk=learner.pk).first()
    if member is None or study_class.is_archived or not _has_started(reminder, now):
        return Reminder.Reason.NOT_ASKED
    if _is_in_time(reminder.kind, member.until, now):
        reminder.due_at = member.until
        return ""
    return Reminder.Reason.OVER if member.until == reminder.due_at else Reminder.Reason.MOVED


def _has_started(reminder: Reminder, now: datetime) -> bool:
    """Tells whether a class asks for a module already, as :func:`due_assignments` does. Late is late in any case."""
    starts_at = reminder.assignment.starts_at
    return reminder.kind == Reminder.Kind.AFTER or starts_at is None or starts_at <= now


def _in_time(kind: str, column: str, now: datetime) -> Q:
    """Returns the condition that a mail reminds of a due date now. Those of a day are told in its morning."""
    after, until = _bounds(kind, now)
    return Q(**{f"{column}__gt": after, f"{column}__lte": until})


def _is_in_time(kind: str, due_at: datetime, now: datetime) -> bool:
    after, until = _bounds(kind, now)
    return after < due_at <= until


def _bounds(kind: str, now: datetime) -> tuple[datetime, datetime]:
    if kind == Reminder.Kind.BEFORE:
        return now, midnight(now) + timedelta(days=1) + AHEAD
    return now - LATEST, now - BEHIND
