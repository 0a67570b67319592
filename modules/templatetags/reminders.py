"""Tells templates whether a person gets reminders by mail."""

from django import template
from django.conf import settings

from accounts.models import Visitor
from modules.classes.reminder_choice import wants_reminders

register = template.Library()


@register.simple_tag
def reminders_of(person: Visitor) -> str:
    """Returns ``on`` or ``off`` for a learner, or an empty text where nobody could send them a reminder."""
    if not settings.HAS_MAIL or not person.is_authenticated or person.is_staff:
        return ""
    return "on" if wants_reminders(person) else "off"
