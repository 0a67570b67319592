"""Sends invitations by mail. Each is a row first; the worker turns it into a mail, which is a row again."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_noop
from django_tasks import task

from accounts.site_address import site_address
from modules.classes.links import VALID, token_of
from modules.models import Invitation, InvitationQuerySet

gettext_noop("Send invitations")

BATCH = 50  # mails in one transaction; on SQLite everybody else waits for it to end
PAUSE = 0.05  # seconds between two transactions, so that others get their turn


@task()
def send_invitations(pk: int) -> None:
    """Enqueues a mail for each invitation of a class that has none, a few in each transaction."""
    unsent = Invitation.objects.unsent().filter(study_class=pk, study_class__archived_at__isnull=True)
    while _send_some(unsent):
        time.sleep(PAUSE)


@transaction.atomic
def _send_some(unsent: InvitationQuerySet) -> int:
    locked = unsent.select_for_update(of=("self",)).select_related("study_class__group", "invited_by")
    some = list(locked.order_by("pk")[:BATCH])
    for invitation in some:
        mail_of(invitation).send()
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in some]).update(sent_at=timezone.now())
    return len(some)


def mail_of(invitation: Invitation) -> EmailMessage:
    """Writes the mail of an invitation, in the language of the installation: its reader has chosen none yet."""
    site = site_address(None)
    values = {
        "invitation": invitation,
        "study_class": invitation.study_class,
        "url": site + reverse("invitation", args=[token_of(invitation)]),
        "days": VALID.days,
        "domain": urlsplit(site).netloc,
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string("modules/mail/invitation_subject.txt", values).split())
        body = render_to_string("modules/mail/invitation.txt", values)
    return EmailMessage(subject, body, to=[invitation.address])
