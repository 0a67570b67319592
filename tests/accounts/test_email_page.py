"""Tests the page of a person's addresses, and that no page calls a mail sent that waits for a worker."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SENT, WAITS = "Kami telah mengirim", "Saat ini pesan belum dapat dikirim"


@pytest.fixture
def browser(client, learner):
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def words(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("django.core.mail.backends.locmem.EmailBackend", (True, False)),
        ("tasks.mail.QueuedBackend", (False, True)),
    ],
)
def test_mail_that_waits_is_not_called_sent(client, settings, backend, said):
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.EMAIL_BACKEND = "mandatory", backend
    new = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}
    page = words(client.post("/accounts/signup/", new, follow=True))
    assert (SENT in page, WAITS in page) == said


def test_link_is_offered_and_sent_only_for_an_unconfirmed_address(browser, learner):
    assert "action_send" not in words(browser.get("/accounts/email/"))
    page = browser.post("/accounts/email/", {"email": learner.email, "action_send": ""}, follow=True)
    assert "sudah dikonfirmasi" in words(page)

    EmailAddress.objects.create(user=learner, email="lain@example.com")
    assert "action_send" in words(browser.get("/accounts/email/"))
    sent = {"email": "lain@example.com", "action_send": ""}
    browser.post("/accounts/email/", sent)
    page = browser.post("/accounts/email/", sent, follow=True)
    assert [message.to for message in mail.outbox] == [["lain@example.com"]]
    assert "beberapa menit sebelum meminta lagi" in words(page)


def test_person_with_two_steps_reads_how_to_get_another_address(browser, learner):
    assert "action_add" in words(browser.get("/accounts/email/"))
    TOTP.activate(learner, generate_totp_secret())
    page = words(browser.get("/accounts/email/"))
    assert "action_add" not in page
    assert "Lepas dulu langkah kedua" in page
