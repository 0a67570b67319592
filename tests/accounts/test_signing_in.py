"""Tests signing up, signing in and out, and forgotten passwords."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.cast import PLANETS, a_module
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {"name": "Rina", "email": "Rina@Example.com", "password1": PASSWORD}


def signed_in_as(client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def test_sign_up_makes_a_signed_in_learner(client):
    response = client.post("/accounts/signup/", NEW)

    user = User.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert (user.email, user.name, user.language) == ("rina@example.com", "Rina", "")
    assert (user.is_staff, user.is_superuser, list(user.groups.all())) == (False, False, [])
    assert signed_in_as(client) == user.pk


def test_sign_up_ignores_roles(client):
    client.post("/accounts/signup/", {**NEW, "is_staff": "on", "is_superuser": "on", "role": "administrator"})
    assert (User.objects.get().is_staff, User.objects.get().is_superuser) == (False, False)


def test_sign_up_needs_name_and_good_password(client):
    response = client.post("/accounts/signup/", {**NEW, "name": "", "password1": "12345678"})

    assert set(response.context["form"].errors) == {"name", "password1"}
    assert not User.objects.exists()


def test_address_in_capitals_has_the_same_account(client, learner):
    client.post("/accounts/signup/", {**NEW, "email": learner.email.upper()})
    assert User.objects.get() == learner


def test_closed_sign_up_makes_no_account(client, settings):
    settings.SIGNUP_OPEN = False

    assert client.get("/accounts/signup/").status_code == 200
    client.post("/accounts/signup/", NEW)

    assert not User.objects.exists()


@pytest.mark.parametrize("is_open", [True, False])
def test_closed_sign_up_is_offered_nowhere(client, settings, is_open):
    settings.SIGNUP_OPEN = is_open
    slug = a_module(PLANETS).slug
    pages = ("/", "/accounts/login/", f"/modules/{slug}/")
    offered = ["/accounts/signup/" in client.get(page).content.decode() for page in pages]
    assert offered == [is_open] * 3


def test_sign_up_with_mail_reveals_no_account(client, settings, learner):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"

    known = client.post("/accounts/signup/", {**NEW, "email": learner.email})
    unknown = client.post("/accounts/signup/", NEW)

    assert known.headers["Location"] == unknown.headers["Location"] == "/accounts/confirm-email/"
    assert [message.to for message in mail.outbox] == [[learner.email], ["rina@example.com"]]


def test_sign_up_with_mail_confirms_the_address_first(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.post("/accounts/signup/", NEW)
    assert signed_in_as(client) is None

    client.post(address_in(mail.outbox[0]))
    client.post("/accounts/login/", {"login": "rina@example.com", "password": PASSWORD})

    assert signed_in_as(client) == User.objects.get().pk


def test_learner_signs_in_and_out(client, learner):
    client.post("/accounts/login/", {"login": learner.email.upper(), "password": PASSWORD})
    assert signed_in_as(client) == learner.pk

    client.get("/accounts/logout/")
    assert signed_in_as(client) == learner.pk

    client.post("/accounts/logout/")
    assert signed_in_as(client) is None


def test_wrong_password_and_unknown_address_get_same_answer(client, learner):
    def answer(login: str) -> tuple[int, dict]:
        response = client.post("/accounts/login/", {"login": login, "password": "not the password"})
        return response.status_code, response.context["form"].errors

    assert answer(learner.email) == answer("nobody@example.com")


def test_guessing_passwords_is_stopped(client, learner):
    for _guess in range(11):
        client.post("/accounts/login/", {"login": learner.email, "password": "a guess"})
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    assert signed_in_as(client) is None


def test_forgotten_password_is_reset_by_mail(client, learner):
    client.post("/accounts/password/reset/", {"email": learner.email})
    form = client.get(address_in(mail.outbox[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "angin-laut-77"})

    client.post("/accounts/login/", {"login": learner.email, "password": "angin-laut-77"})

    assert signed_in_as(client) == learner.pk


def test_new_password_is_kept_if_its_mail_fails(client, learner, settings, caplog):
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "angin-laut-77"}
    client.post("/accounts/password/change/", new)
    assert [message.to for message in mail.outbox] == [[learner.email]]

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.post("/accounts/login/", {"login": learner.email, "password": "angin-laut-77"})
    newer = {"oldpassword": "angin-laut-77", "password1": "bukit-hijau-8"}
    client.post("/accounts/password/change/", newer)
    learner.refresh_from_db()
    assert learner.check_password("bukit-hijau-8")
    assert "could not be sent" in caplog.text


def test_mail_about_a_new_password_says_who_when_and_from_where(client, learner):
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36"
    client.post("/accounts/password/reset/", {"email": learner.email})
    form = client.get(address_in(mail.outbox[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "angin-laut-77"})
    said = mail.outbox[-1].body
    for words in (f"Halo {learner.name},", "perangkat: Chrome, Linux", "alamat jaringan: 127.0.0.1"):
        assert words in said
    assert re.search(r"waktu: \d+ \w+ \d{4}, \d\d\.\d\d WIB\n", said)
    assert "http://testserver:8000/accounts/sessions/" in said
    assert "Mozilla" not in said


def test_person_corrects_their_own_name_and_nothing_else(client, signed_in, learner):
    sent = {
        "name": "Sari W.",
        "language": "id",
        "email": "x@example.com",
        "is_staff": "on",
        "is_superuser": "on",
    }
    response = signed_in(learner).post("/accounts/", sent, follow=True)
    assert "Data Anda tersimpan." in response.content.decode()
    learner.refresh_from_db()
    assert (learner.name, learner.email, learner.is_staff) == ("Sari W.", "sari@example.com", False)
    assert signed_in(learner).post("/accounts/", {"name": " "}).context["form"].errors
    assert client.get("/accounts/name/").headers["Location"] == "/accounts/"


def test_new_password_says_that_other_devices_are_signed_out(client, learner):
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "angin-laut-77"}
    page = client.post("/accounts/password/change/", new, follow=True).content.decode()
    assert "Anda keluar di semua perangkat lain." in page
    assert other.get("/accounts/email/").status_code == 302


def test_password_stays_if_the_task_of_its_mail_is_not_stored(client, learner, monkeypatch):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    client.raise_request_exception = False
    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.send_notification_mail", refuse)
    new = {"oldpassword": PASSWORD, "password1": "angin-laut-77"}
    response = client.post("/accounts/password/change/", new)
    learner.refresh_from_db()

    assert response.status_code == 500
    assert learner.check_password(PASSWORD)


def test_reset_reveals_no_account(client, learner):
    known = client.post("/accounts/password/reset/", {"email": learner.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})

    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [[learner.email]]


def test_inactive_learner_cannot_sign_in(client, learner):
    learner.is_active = False
    learner.save()
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    assert signed_in_as(client) is None


def test_session_is_short_until_somebody_signs_in(client, learner):
    client.post("/accounts/password/reset/", {"email": learner.email})
    client.get(address_in(mail.outbox[0]))
    assert client.session.get_expiry_age() == 3600

    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    assert client.session.get_expiry_age() > 7 * 24 * 3600


@pytest.mark.parametrize("other_site", ["https://evil.example/", "//evil.example/"])
def test_sign_in_redirects_to_no_other_site(client, learner, other_site):
    response = client.post(
        "/accounts/login/", {"login": learner.email, "password": PASSWORD, "next": other_site}
    )
    assert response.headers["Location"] == "/"


def address_in(message) -> str:
    """Returns the path of the first link in a mail."""
    return re.search(r"http://[^/\s]+(\S+)", message.body)[1]
