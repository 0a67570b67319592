"""Sends the reminders of one learner in one mail. Changes since they were made count."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task

from modules.classes.reminder_mails import mail_of
from modules.classes.reminder_rules import BY_DAY, is_day, midnight, reason_against
from modules.models import Reminder
from tasks.mail import QUEUE, deliver

gettext_noop("Mail reminders")


@task(queue_name=QUEUE)
def mail_reminders(learner: int) -> None:
    """Sends what a learner is reminded of, unless it is out of date: a mail server may have been away for days.

    The row says that a mail was sent. A worker that is killed before it says so sends the mail again, with the same
    Message-ID.
    """
    now = timezone.now()
    if not is_day(now):
        mail_reminders.using(run_after=_morning(now)).enqueue(learner)
        return
    waiting = Reminder.objects.filter(Reminder.waiting(), learner=learner).order_by("pk")
    rows = waiting.select_related("learner", "assignment__module", "assignment__study_class__group")
    valid = [reminder for reminder in rows if not _dropped(reminder, now)]
    if not valid:
        return
    deliver(mail_of(valid))
    for reminder in valid:
        reminder.sent_at = now
    Reminder.objects.bulk_update(valid, ["sent_at", "due_at"])


def _dropped(reminder: Reminder, now: datetime) -> bool:
    """Stores why a reminder is not sent, if there is a reason."""
    reason = reason_against(reminder, now=now)
    if reason:
        Reminder.objects.filter(pk=reminder.pk).update(dropped_at=now, reason=reason)
    return bool(reason)


def _morning(now: datetime) -> datetime:
    """Returns the next moment at which mails may arrive."""
    today = midnight(now) + timedelta(hours=BY_DAY[0])
    return today if today > now else today + timedelta(days=1)
