"""Writes the mail of reminders, with the link by which its reader gets no more of them."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
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


def mail_of(reminders: Sequence[Reminder]) -> EmailMessage:
    """Writes the reminders of one learner in one mail, in their language and time zone.

    Mail programs show the link of ``List-Unsubscribe`` as a button of their own (RFC 8058). A mail that is sent again
    has the Message-ID of before.
    """
    learner, site = reminders[0].learner, site_address(None)
    listed = _listed(reminders)
    ending_url = site + reverse("reminders", args=[token_of(learner)])
    values = {
        "learner": learner,
        "over": [each for each in listed if each.kind == Reminder.Kind.AFTER],
        "ahead": [each for each in listed if each.kind == Reminder.Kind.BEFORE],
        "total": len(listed),
        "only": listed[0] if len(listed) == 1 else None,
        "site": site,
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
        "Message-ID": _message_id(reminders[0], site),
        "Date": formatdate(),
        "List-Unsubscribe": f"<{ending_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, body, to=[learner.email], headers=headers)


def _listed(reminders: Sequence[Reminder]) -> list[Reminder]:
    """Returns the reminders by date. A module that two classes ask for is listed once, with its first date."""
    by_module: dict[int, Reminder] = {}
    for reminder in sorted(reminders, key=lambda each: (each.due_at, each.pk)):
        by_module.setdefault(reminder.assignment.module_id, reminder)
    return list(by_module.values())


def _message_id(first: Reminder, site: str) -> str:
    return f"<reminder-{first.pk}-{int(first.made_at.timestamp())}@{urlsplit(site).hostname}>"


def token_of(learner: User) -> str:
    """Returns what the link that ends reminders says. It has no last day, because old mails are opened, too."""
    return signing.Signer(salt=SALT).sign(str(learner.pk))


def learner_with(token: str) -> User | None:
    """Returns the learner of such a link, or None if it is no link of ours or the account is deleted."""
    try:
        return User.objects.filter(pk=int(signing.Signer(salt=SALT).unsign(token))).first()
    except (signing.BadSignature, ValueError):
        return None
