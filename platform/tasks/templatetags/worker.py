"""Tells people that something waits because no worker runs, or because the mail server does not answer."""

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone

from tasks.mail import QUEUE
from tasks.models import StoredTask, Worker

register = template.Library()

QUEUED = "tasks.mail.QueuedBackend"


@register.inclusion_tag("_mail_waits.html")
def note_if_mail_waits() -> dict[str, Any]:
    """Shows a sentence if mails wait for a worker that does not run, or for a mail server that does not answer."""
    return {"waits": mail_waits()}


@register.simple_tag
def mail_waits() -> bool:
    """Tells whether mails wait, so that no page calls one sent."""
    is_queued = settings.EMAIL_BACKEND == QUEUED
    return is_queued and (not Worker.is_running(timezone.now()) or is_mail_server_silent())


def is_mail_server_silent() -> bool:
    return StoredTask.objects.unanswered().filter(queue=QUEUE).exists()


@register.simple_tag
def state_of_background_work() -> str:
    """Returns ``stopped`` without a worker, ``silent`` if the mail server does not answer, ``failed``, or ``fine``."""
    if not Worker.is_running(timezone.now()):
        return "stopped"
    if is_mail_server_silent():
        return "silent"
    return "failed" if StoredTask.objects.failed().exists() else "fine"
