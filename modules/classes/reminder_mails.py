"""Writes the mail of a reminder, with the link by which its reader gets no more of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.site_address import site_address
from accounts.time_zones import zone_of
from modules.models import Reminder

SALT = "modules.classes.reminders"


def mail_of(reminder: Reminder) -> EmailMessage:
    """Writes a reminder in the language and the time zone of its learner.

    Mail programs show the link of ``List-Unsubscribe`` as a button of their own (RFC 8058).
    """
    learner, assignment = reminder.learner, reminder.assignment
    site = site_address(None)
    ending_url = site + reverse("reminders", args=[token_of(learner)])
    values = {
        "learner": learner,
        "assignment": assignment,
        "is_over": reminder.kind == Reminder.Kind.AFTER,
        "url": site + assignment.module.get_absolute_url(),
        "ending_url": ending_url,
        "domain": urlsplit(site).netloc,
    }
    with (
        translation.override(learner.language or settings.LANGUAGE_CODE),
        timezone.override(zone_of(learner)),
    ):
        subject = " ".join(render_to_string("modules/mail/reminder_subject.txt", values).split())
        body = render_to_string("modules/mail/reminder.txt", values)
    headers = {
        "List-Unsubscribe": f"<{ending_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, body, to=[learner.email], headers=headers)


def token_of(learner: User) -> str:
    """Returns what the link that ends reminders says. It has no last day, because old mails are opened, too."""
    return signing.Signer(salt=SALT).sign(str(learner.pk))


def learner_with(token: str) -> User | None:
    """Returns the learner of such a link, or None if it is no link of ours or the account is deleted."""
    try:
        return User.objects.filter(pk=int(signing.Signer(salt=SALT).unsign(token))).first()
    except (signing.BadSignature, ValueError):
        return None
