"""Tells people that something waits because no worker runs."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from tasks.models import Worker

register = template.Library()

QUEUED = "tasks.mail.QueuedBackend"


@register.inclusion_tag("_mail_waits.html")
def note_if_mail_waits() -> dict[str, Any]:
    """Shows a sentence if mails wait for a worker that does not run."""
    return {"waits": mail_waits()}


@register.simple_tag
def mail_waits() -> bool:
    """Tells whether mails wait for a worker that does not run, so that no page calls one sent."""
    return settings.EMAIL_BACKEND == QUEUED and not Worker.is_running(timezone.now())


@register.simple_tag
def is_worker_running() -> bool:
    return Worker.is_running(timezone.now())
