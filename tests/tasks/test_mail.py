"""Tests that a mail is a task: no request waits for a mail server, and no mail is lost."""

import logging
import smtplib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import smtp
from django.utils import timezone

from accounts.models import User
from tasks.models import LEASE, StoredTask, Worker
from tasks.templatetags.worker import state_of_background_work
from tasks.worker import LONGEST_REST
from tests.cast import run_tasks
from tests.conftest import PASSWORD
from tests.mail_sink import mail_sink

pytestmark = pytest.mark.django_db

NEW = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}


@pytest.fixture
def sink(settings):
    """Sets the mail of the installation up to go to a server on this machine."""
    with mail_sink() as server:
        settings.EMAIL_BACKEND = "tasks.mail.QueuedBackend"
        settings.SENDING_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.5
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        yield server


def mails() -> list[StoredTask]:
    return list(StoredTask.objects.filter(queue="mail"))


def send(to: str = "sari@example.com") -> None:
    mail.send_mail("Halo", "Isi surat", None, [to])


def test_request_never_speaks_to_the_mail_server(client, learner, sink):
    sink.mode = "silent"

    reset = client.post("/accounts/password/reset/", {"email": learner.email})
    signup = client.post("/accounts/signup/", NEW)

    assert (reset.status_code, signup.status_code) == (302, 302)
    assert (sink.connections, len(mails())) == (0, 2)


@pytest.mark.parametrize("mode", ["silent", "refusing", "busy", "cutting"])
def test_mail_waits_for_a_server_in_trouble_and_arrives(sink, mode):
    sink.mode = mode
    send()
    run_tasks()
    assert (sink.connections, mails()[0].done_at, mails()[0].failed_at) == (1, None, None)
    assert mails()[0].problem

    sink.mode = "accept"
    run_tasks(timezone.now() + LONGEST_REST)

    assert mails()[0].done_at is not None
    assert {delivery.text.count("Isi surat") for delivery in sink.deliveries} == {1}


def test_people_and_administrators_learn_that_the_mail_server_is_silent(
    sink, client, signed_in, administrator
):
    Worker.objects.create(name="a", started_at=timezone.now(), seen_at=timezone.now())
    assert state_of_background_work() == "fine"
    sink.mode = "silent"
    client.post("/accounts/password/reset/", {"email": administrator.email})
    run_tasks()
    assert state_of_background_work() == "silent"
    assert "belum dapat dikirim" in client.get("/accounts/password/reset/done/").content.decode()
    browser = signed_in(administrator)
    assert "Server email tidak menjawab" in browser.get("/admin/").content.decode()
    assert "server yang dituju tidak menjawab" in browser.get("/admin/tasks/storedtask/").content.decode()

    sink.mode = "accept"
    run_tasks(timezone.now() + LONGEST_REST)
    assert state_of_background_work() == "fine"


def test_mail_server_without_a_port_is_tried_again(settings, sink):
    settings.EMAIL_PORT = 1
    send()
    run_tasks()
    settings.EMAIL_PORT = sink.port
    run_tasks(timezone.now() + LONGEST_REST)
    assert len(sink.deliveries) == 1


def test_cut_acknowledgement_gives_a_copy_with_the_same_number(sink):
    sink.mode = "cutting"
    send()
    run_tasks()
    sink.mode = "accept"
    run_tasks(timezone.now() + LONGEST_REST)

    first, second = sink.deliveries
    assert first.message_id == second.message_id != ""
    assert first.text == second.text


def test_refused_recipient_is_not_tried_again(sink):
    sink.mode = "rejecting"
    send("nobody@example.com")
    run_tasks()

    failed = mails()[0]
    assert failed.failed_at is not None
    assert failed.problem == "550 nobody here"


GREYLISTED = (450, b"4.2.0 <sari@example.com>: Recipient sari%40example.com rejected: Greylisted")


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"sari@example.com": GREYLISTED}),
        smtplib.SMTPDataError(*GREYLISTED),
        smtplib.SMTPServerDisconnected("sari@example.com: Greylisted"),
        smtplib.SMTPRecipientsRefused({"sari@example.com": (550, GREYLISTED[1])}),
    ],
)
def test_no_address_is_in_the_log_or_the_stored_problem(sink, monkeypatch, caplog, error):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(smtplib.SMTP, "sendmail", refuse)
    send()
    run_tasks()

    assert "Greylisted" in mails()[0].problem
    assert (mails()[0].failed_at is not None) == ("550" in mails()[0].problem)
    assert "sari" not in mails()[0].problem + caplog.text
    written = [record for record in caplog.records if logging.getLogger(record.name).propagate]
    assert [record.exc_info for record in written] == [None]


def test_silent_farewell_sends_no_second_mail(sink, monkeypatch):
    def close(self: smtp.EmailBackend) -> None:
        raise TimeoutError

    monkeypatch.setattr(smtp.EmailBackend, "close", close)
    send()
    run_tasks()
    assert (len(sink.deliveries), mails()[0].done_at is not None) == (1, True)


def test_refused_sender_waits_for_other_settings(sink, monkeypatch):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise smtplib.SMTPSenderRefused(550, b"not from here", "tuntas@localhost")

    monkeypatch.setattr(smtplib.SMTP, "sendmail", refuse)
    send()
    run_tasks()
    assert (mails()[0].failed_at, mails()[0].attempts) == (None, 1)


def test_sent_mail_leaves_no_link_in_the_table(client, learner, sink):
    client.post("/accounts/password/reset/", {"email": learner.email})
    assert "/accounts/password/reset/key/" in str(mails()[0].arguments)

    run_tasks()

    assert "/accounts/password/reset/key/" in sink.deliveries[0].text.replace("=\n", "")
    assert mails()[0].arguments == {}


def test_mail_is_packed_with_all_its_parts(settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueuedBackend"
    settings.SENDING_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    message = EmailMultiAlternatives(
        "Nilai ½",
        "Teks",
        "Tuntas <tuntas@example.com>",
        ["a@example.com"],
        bcc=["b@example.com"],
        cc=["c@example.com"],
        reply_to=["d@example.com"],
        headers={"List-Id": "x"},
        attachments=[("nilai.csv", "a,b", "text/csv"), ("foto.png", b"\x89PNG", "image/png")],
    )
    message.attach_alternative("<p>Teks</p>", "text/html")

    message.send()
    run_tasks()

    sent = mail.outbox[0]
    assert isinstance(sent, EmailMultiAlternatives)
    for name in (
        "subject",
        "body",
        "from_email",
        "to",
        "cc",
        "bcc",
        "reply_to",
        "alternatives",
        "attachments",
    ):
        assert getattr(sent, name) == getattr(message, name)
    assert sent.extra_headers["List-Id"] == "x"
    assert sent.message()["Message-ID"].endswith("@example.com>")


def test_html_mail_stays_html(settings):
    settings.EMAIL_BACKEND = "tasks.mail.QueuedBackend"
    settings.SENDING_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    message = EmailMessage("a", "<p>b</p>", to=["a@example.com"])
    message.content_subtype = "html"
    message.send()
    run_tasks()
    assert mail.outbox[0].message().get_content_type() == "text/html"


def test_mail_without_recipient_is_no_task(sink):
    EmailMessage("a", "b").send()
    assert mails() == []


def test_unknown_address_writes_an_equal_row_and_no_mail(client, learner, sink):
    for email in (learner.email, "nobody@example.com"):
        assert client.post("/accounts/password/reset/", {"email": email}).status_code == 302
    known, unknown = sorted(mails(), key=lambda row: row.pk)
    assert known.arguments.keys() == unknown.arguments.keys()

    run_tasks()

    assert [learner.email in str(delivery.recipients) for delivery in sink.deliveries] == [True]
    assert all(row.done_at and not row.arguments for row in mails())


def test_sign_up_makes_account_and_mail_or_neither(client, sink, monkeypatch):
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the disk is full")

    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("tasks.mail.pack", fail)
        assert client.post("/accounts/signup/", NEW).status_code == 500
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()

    client.post("/accounts/signup/", NEW)
    assert (User.objects.count(), len(mails())) == (1, 1)


NOTE = "Messages are not being sent at the moment."


@pytest.mark.parametrize("address", ["/accounts/password/reset/done/", "/accounts/confirm-email/"])
def test_page_says_if_no_worker_sends_mails(client, sink, address):
    client.cookies["language"] = "en"
    assert NOTE in client.get(address).content.decode()

    now = timezone.now()
    worker = Worker.objects.create(name="a", started_at=now, seen_at=now)
    assert NOTE not in client.get(address).content.decode()

    worker.seen_at = now - LEASE
    worker.save()
    assert NOTE in client.get(address).content.decode()
