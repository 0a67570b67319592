"""Tests that forms do the same work for known and unknown addresses. bench/timing.py compares the times."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import base_user, hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN, RESET, SIGN_UP = "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def fields(page: str, email: str) -> dict[str, str]:
    if page == SIGN_IN:
        return {"login": email, "password": "not the password"}
    if page == RESET:
        return {"email": email}
    return {"name": "Rina", "email": email, "password1": PASSWORD}


def queries(page: str, email: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        Client().post(page, fields(page, email))
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize("page", [SIGN_IN, RESET, SIGN_UP])
def test_known_and_unknown_address_cost_the_same_queries(learner, other_learner, page):
    queries(page, other_learner.email)  # fills the caches of the process and the counts of this address
    queries(page, "first@example.com")
    known, unknown = queries(page, learner.email), queries(page, "second@example.com")

    # The sign-up of a known address makes one write more, so that its transaction reaches the disk too.
    assert known - unknown == (1 if page == SIGN_UP else 0)


@pytest.mark.parametrize("page", [SIGN_IN, SIGN_UP])
def test_known_and_unknown_address_cost_one_hash(learner, monkeypatch, page):
    hashed: list[str] = []

    def noted(function):
        def call(password, *arguments, **options):
            hashed.append(password)
            return function(password, *arguments, **options)

        return call

    monkeypatch.setattr(base_user, "make_password", noted(hashers.make_password))
    monkeypatch.setattr(hashers, "verify_password", noted(hashers.verify_password))
    for email in (learner.email, "nobody@example.com"):
        hashed.clear()
        Client().post(page, fields(page, email))
        assert len(hashed) == 1


def test_sign_up_of_a_known_address_leaves_nothing(learner):
    before = User.objects.values().get()
    Client().post(SIGN_UP, fields(SIGN_UP, learner.email))

    assert User.objects.values().get() == before
    assert [message.to for message in mail.outbox] == [[learner.email]]
    assert "example.invalid" not in mail.outbox[0].body


def test_reset_of_an_unknown_address_sends_nothing(learner):
    Client().post(RESET, {"email": "nobody@example.com"})
    assert mail.outbox == []


def test_failing_sign_up_leaves_no_half_account(monkeypatch):
    def fail(*_arguments: object) -> None:
        raise RuntimeError("stopped in the middle")

    monkeypatch.setattr("allauth.account.forms.setup_user_email", fail)
    with pytest.raises(RuntimeError):
        Client().post(SIGN_UP, fields(SIGN_UP, "rina@example.com"))
    assert not User.objects.exists()


def test_address_that_nobody_confirmed_gives_no_account_away(client, learner, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.create(user=learner, email="rina@example.com", verified=False)
    client.post("/accounts/password/reset/", {"email": "rina@example.com"})
    assert "password/reset/key" not in "".join(message.body for message in mail.outbox)

    new = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}
    client.post("/accounts/signup/", new)
    assert User.objects.filter(email="rina@example.com").exists()


def test_confirmed_address_of_an_account_gets_the_link(client, learner):
    EmailAddress.objects.create(user=learner, email="kedua@example.com", verified=True)
    client.post("/accounts/password/reset/", {"email": "kedua@example.com"})
    assert "password/reset/key" in mail.outbox[0].body


def test_long_row_of_accents_is_refused_at_once(client):
    email = "a" + "\u0345" * 20_000 + "\u0334" * 20_000 + "@x.id"
    response = client.post("/accounts/signup/", {"name": "A", "email": email, "password1": "x"})
    assert "254" in response.content.decode()
