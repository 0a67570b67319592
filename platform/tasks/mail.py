"""Turns every mail into a task, so that no request waits for a mail server."""

from __future__ import annotations

import re
import smtplib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from email.utils import formatdate, make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailAlternative, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_noop
from django_tasks import task

from tasks.outcomes import Hopeless, Postponed, Unreachable

gettext_noop("Send mail")
gettext_noop("Drop mail")

Packed = dict[str, Any]
QUEUE = "mail"
# Servers quote addresses in their answers. A line of the log and a stored problem shall name nobody.
ADDRESS = re.compile(r"[^\s<>]*(?:@|%40)[^\s<>,;:]*")
URGENT = 10  # A person waits for a mail. Nobody waits for the other tasks.


class QueuedBackend(BaseEmailBackend):
    """Is the value of ``EMAIL_BACKEND``. The worker sends through ``settings.SENDING_BACKEND``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        addressed = [message for message in email_messages if message.recipients()]
        for message in addressed:
            send_mail.enqueue(pack(message))
        return len(addressed)

    def discard(self, message: EmailMessage) -> None:
        """Enqueues a task that sends nothing, so that the time of a request does not tell whether a mail is sent."""
        drop_mail.enqueue(pack(message))


@task(queue_name=QUEUE, priority=URGENT)
def send_mail(packed: Packed) -> None:
    """Sends one mail. Every copy has the same Message-ID, so that mail programs can show it once."""
    deliver(unpack(packed))


def deliver(message: EmailMessage) -> None:
    """Hands a mail to the mail server, within a task of :data:`QUEUE`. Errors say whether another attempt helps."""
    connection = mail.get_connection(settings.SENDING_BACKEND)
    try:
        connection.open()
    except OSError as error:  # includes all errors of mail servers
        raise Unreachable(described(error)) from None
    try:
        connection.send_messages([message])
    except OSError as error:
        raise _outcome(error) from None
    finally:
        # The mail is accepted or refused. The server's answer to our farewell changes nothing.
        with suppress(OSError):
            connection.close()


@task(queue_name=QUEUE, priority=URGENT)
def drop_mail(packed: Packed) -> None:
    """Does nothing. The mail is to an address without an account."""


def _outcome(error: OSError) -> Exception:
    """Tells errors of the server from errors of the mail."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _text in error.recipients.values()]
        case smtplib.SMTPSenderRefused():
            codes = []  # The settings may be wrong, and an administrator corrects them.
        case smtplib.SMTPResponseException():
            codes = [error.smtp_code]
        case _:
            return Unreachable(described(error))
    is_final = bool(codes) and min(codes) >= 500
    return Hopeless(described(error)) if is_final else Postponed(described(error))


def described(error: OSError) -> str:
    """Returns an answer of a mail server as its number and its words, without addresses."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            answers = [_words(code, text) for code, text in error.recipients.values()]
            said = "; ".join(dict.fromkeys(answers))
        case smtplib.SMTPResponseException():
            said = _words(error.smtp_code, error.smtp_error)
        case _:
            said = f"{type(error).__name__}: {error}"
    return ADDRESS.sub("…", said)


def _words(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


# ------------------------------------------------------------------------------------- a mail as an argument


def pack(message: EmailMessage) -> Packed:
    """Returns a mail as values that JSON can hold."""
    sender = parseaddr(message.from_email)[1]
    own = {"Message-ID": make_msgid(domain=sender.rpartition("@")[2] or "localhost"), "Date": formatdate()}
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": own | {name: str(value) for name, value in message.extra_headers.items()},
        "subtype": message.content_subtype,
        "alternatives": _alternatives(message),
        "attachments": [_attachment(attachment) for attachment in message.attachments],
    }


def _alternatives(message: EmailMessage) -> list[list[str]]:
    found: Iterable[Any] = getattr(message, "alternatives", None) or ()
    return [[str(content), str(kind)] for content, kind in found]


def _attachment(attachment: object) -> list[str | None]:
    if not isinstance(attachment, tuple):
        raise TypeError("A mail in the queue attaches files by name, content and type.")
    name, content, kind = attachment
    coded = content.encode() if isinstance(content, str) else content
    return [name, b64encode(coded).decode(), kind]


def unpack(packed: Packed) -> EmailMessage:
    values = dict(packed)
    subtype, alternatives = values.pop("subtype"), values.pop("alternatives")
    attachments = [(name, b64decode(content), kind) for name, content, kind in values.pop("attachments")]
    message = EmailMultiAlternatives(
        **values,
        attachments=attachments,
        alternatives=[EmailAlternative(content, kind) for content, kind in alternatives],
    )
    message.content_subtype = subtype
    return message
