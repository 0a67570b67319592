"""Tests the page of an account, the sign-up form, and the pages of an account where no mail can be sent."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import User
from tests.cast import run_tasks, squeezed
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}
SENT = "/accounts/confirm-email/"
PROMISES = (
    "We have sent",
    "is on its way",
    "We will send",
    "a message from us",
    "it gets a link",
    "new link",
)


@pytest.fixture
def confirming(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def words(response) -> str:
    return squeezed(response.content.decode())


def test_details_are_saved_on_one_page(as_learner, learner):
    sent = {"name": "Sari W.", "language": "id", "time_zone": "Asia/Makassar"}
    answer = as_learner.post("/accounts/", sent, follow=True)
    assert "Data Anda tersimpan." in words(answer)
    learner.refresh_from_db()
    assert (learner.name, learner.language, learner.time_zone) == ("Sari W.", "id", "Asia/Makassar")
    assert answer.headers["Content-Language"] == "id"


def test_account_page_leads_to_everything(as_learner):
    page = words(as_learner.get("/accounts/"))
    for address in (
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/password/change/",
    ):
        assert f'"{address}"' in page
    for former in ("/accounts/name/", "/accounts/time-zone/"):
        assert as_learner.get(former).url == "/accounts/"


def test_password_is_changed_from_the_account_page(as_learner, learner):
    sent = {"oldpassword": PASSWORD, "password1": "angin-laut-77"}
    assert as_learner.post("/accounts/password/change/", sent).url == "/accounts/"
    learner.refresh_from_db()
    assert learner.check_password("angin-laut-77")
    wrong = as_learner.post("/accounts/password/change/", {**sent, "password1": "12345678"})
    assert set(wrong.context["form"].errors) == {"oldpassword", "password1"}


def test_sign_up_shows_the_rules_of_passwords_only_after_a_mistake(client):
    client.cookies["language"] = "en"
    page = words(client.get("/accounts/signup/"))
    assert "password2" not in page
    assert "at least 8 characters" not in page
    assert re.findall(r'autocomplete="([^"]+)"', page) == ["name", "email", "new-password"]
    wrong = words(client.post("/accounts/signup/", {**NEW, "password1": "abc"}))
    assert "at least 8 characters" in wrong


def test_button_that_shows_a_password_waits_for_the_script(client):
    page = client.get("/accounts/login/").content.decode()
    assert re.search(r'<button class="reveal"\s+type="button"\s+hidden', page)


@pytest.mark.usefixtures("confirming")
@pytest.mark.parametrize("has_account", [False, True])
def test_link_is_sent_again_and_the_page_tells_nothing_else(client, learner, has_account):
    email = learner.email if has_account else NEW["email"]
    EmailAddress.objects.filter(email=learner.email).update(verified=True)
    client.cookies["language"] = "en"
    client.post("/accounts/signup/", {**NEW, "email": email})
    assert f"The message goes to {email}." in words(client.get(SENT))
    page = words(client.post(f"{SENT}again/", follow=True))  # the first one went out a moment ago
    assert f"A link went to {email} a short while ago." in page


@pytest.mark.usefixtures("confirming")
def test_second_link_confirms_the_address(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirm_email": "10/m/key"}
    client.post("/accounts/signup/", NEW)
    client.post(f"{SENT}again/")
    run_tasks()
    links = [re.search(r"/accounts/confirm-email/\S+", message.body)[0] for message in mail.outbox]
    assert len(links) == 2
    client.post(links[-1])
    assert EmailAddress.objects.get(email=NEW["email"]).verified


@pytest.mark.usefixtures("confirming")
def test_nothing_is_sent_again_to_a_stranger(client):
    assert client.post(f"{SENT}again/").url == SENT
    assert mail.outbox == []
    assert client.get(f"{SENT}again/").status_code == 405


def test_no_page_promises_a_mail_that_cannot_be_sent(client, settings, signed_in, learner):
    settings.HAS_MAIL = False
    paths = (
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-no-key/",
        "/accounts/confirm-email/",
        "/accounts/confirm-email/none/",
        "/accounts/email/",
        "/accounts/",
        "/help/",
        "/privacy/",
    )
    for browser in (client, signed_in(learner)):
        browser.cookies["language"] = "en"
        promised = [
            (path, promise)
            for path in paths
            for promise in PROMISES
            if promise in words(browser.get(path, follow=True))
        ]
        assert promised == []
    assert User.objects.count() == 1
