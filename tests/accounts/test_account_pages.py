"""Tests the pages with which an administrator helps a person: address, second step, devices, deleting."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from modules.models import Draft
from tests.cast import a_quiz, take
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(signed_in, administrator):
    browser = signed_in(administrator)
    browser.cookies["language"] = "en"
    return browser


def page_of(user: User, name: str = "change") -> str:
    return f"/admin/accounts/user/{user.pk}/{name}/"


def words(response) -> str:
    return response.content.decode()


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_address_of_another_account_is_refused_in_a_sentence(browser, learner, other_learner):
    learner.emailaddress_set.create(email="kedua@example.com", verified=True)
    for taken in (learner.email.upper(), "kedua@example.com"):
        sent = {"email": taken, "name": "D", "role": "learner", "is_active": "on", "language": ""}
        form = browser.post(page_of(other_learner), sent).context["adminform"].form
        assert form.errors == {"email": ["Another account has this address already."]}
    with pytest.raises(CommandError, match="kedua"):
        call_command("account", "kedua@example.com")


def test_pages_of_passwords_speak_one_language(browser, learner):
    page = words(browser.get(page_of(learner, "password"))) + words(browser.get("/admin/accounts/user/add/"))
    assert "Without a password, " in page
    for word in ("LDAP", "kata sandi", "Jika"):
        assert word not in page


def test_account_page_shows_no_hash(browser, learner):
    page = words(browser.get(page_of(learner)))
    assert "argon2" not in page
    assert 'href="../password/"' in page


def test_second_step_is_taken_away_and_the_person_is_told(browser, learner):
    User.objects.filter(pk=learner.pk).update(language="id")
    TOTP.activate(learner, generate_totp_secret())
    assert page_of(learner, "second-step") in words(browser.get(page_of(learner)))
    assert Authenticator.objects.exists(), words(browser.get(page_of(learner, "second-step")))
    browser.post(page_of(learner, "second-step"))

    assert not Authenticator.objects.exists()
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([learner.email], "Langkah kedua Anda telah dilepas")
    ]
    assert "The second step was taken away." in words(browser.get(page_of(learner, "history")))
    assert f"Halo {learner.name}," in mail.outbox[0].body


def test_administrator_takes_the_own_second_step_away_where_the_password_is_asked(browser, administrator):
    TOTP.activate(administrator, generate_totp_secret())
    assert browser.post(page_of(administrator, "second-step")).headers["Location"] == "/accounts/2fa/"
    assert Authenticator.objects.exists()


def test_administrator_ends_a_session_of_a_person(browser, client, learner):
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/130.0")
    for each in (client, phone):
        each.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    devices = browser.get(page_of(learner, "devices")).context["devices"]
    key = next(device.key for device in devices if device.name == "Firefox, Linux")
    browser.post(page_of(learner, "devices"), {"session": key})
    assert (is_signed_in(client), is_signed_in(phone)) == (True, False)
    browser.post(page_of(learner, "devices"))
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["devices", "second-step"])
def test_nobody_else_reaches_these_pages(signed_in, instructor, learner, name):
    assert signed_in(instructor).get(page_of(learner, name)).status_code == 403


def test_account_without_answers_is_deleted_in_words(browser, client, learner):
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    page = words(browser.get(page_of(learner, "delete")))
    assert f"the address {learner.email}, and every sign-in" in page
    assert "object (" not in page
    browser.post(page_of(learner, "delete"), {"post": "yes"})
    assert not User.objects.filter(pk=learner.pk).exists()


@pytest.mark.parametrize("kept", ["answers", "draft"])
def test_account_with_answers_or_drafts_is_erased_after_it_is_said(browser, learner, kept):
    if kept == "answers":
        take(learner, a_quiz("### A?\n\n- [x] A\n- [ ] B\n"), ["A"])
    else:
        Draft.objects.create(author=learner, text="# A")
    page = words(browser.get(page_of(learner, "delete")))
    assert {"answers": "1 attempt with its choices", "draft": "1 draft"}[kept] in page
    browser.post(page_of(learner, "delete"), {"post": "yes"})
    assert not User.objects.filter(email=learner.email).exists()
    assert User.objects.filter(pk=learner.pk).exists() == (kept == "answers")
