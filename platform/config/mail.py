"""Keeps mails where no mail server is set up."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger("tuntas.mail")


class NoMailBackend(BaseEmailBackend):
    """Sends nothing, and says so without a word of the mail: a log must not hold a link that opens an account."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        log.warning("%s mails were not sent, because EMAIL_URL is not set.", len(email_messages))
        return len(email_messages)
