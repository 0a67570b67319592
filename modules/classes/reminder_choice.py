"""Keeps whether a learner wants reminders."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from modules.models import RemindersOff


def wants_reminders(learner: User) -> bool:
    return not RemindersOff.objects.filter(learner=learner).exists()


def choose_reminders(learner: User, *, on: bool, now: datetime) -> None:
    """Switches the reminders of a learner on or off. A second call changes nothing."""
    if on:
        RemindersOff.objects.filter(learner=learner).delete()
    else:
        RemindersOff.objects.get_or_create(learner=learner, defaults={"since": now})
