"""Lets instructors make tokens for programs and withdraw them."""

import re

import pytest
from django.test import Client

from modules.models import ApiToken
from tests.cast import NOON, squeezed

pytestmark = pytest.mark.django_db

PAGE = "/admin/modules/module/tokens/"


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


def test_new_token_works_and_is_shown_once(browser):
    html = browser.post(PAGE, {"name": "Buku nilai"}).content.decode()

    (token,) = re.findall(r"tuntas_[\w-]{40,}", html)
    asking = Client(headers={"Authorization": f"Bearer {token}"})
    assert asking.get("/api/v1/modules").status_code == 200
    again = squeezed(browser.get(PAGE).content.decode())
    assert token not in again
    assert "Buku nilai" in again
    assert "today" in again or re.search(r"\d\d[.:]\d\d", again)


def test_withdrawn_token_is_dead(browser, instructor):
    token = ApiToken.make(instructor, "Buku nilai", now=NOON)

    answer = browser.post(f"{PAGE}{ApiToken.objects.get().pk}/withdrawal/")
    assert answer["Location"] == PAGE
    assert not ApiToken.objects.exists()
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/modules").status_code == 401


def test_token_of_another_person_stays(browser, administrator):
    ApiToken.make(administrator, "Rapor", now=NOON)

    assert browser.post(f"{PAGE}{ApiToken.objects.get().pk}/withdrawal/").status_code == 404
    assert "Rapor" not in browser.get(PAGE).content.decode()
    assert ApiToken.objects.exists()


def test_looking_at_the_withdrawal_changes_nothing(browser, instructor):
    ApiToken.make(instructor, "Buku nilai", now=NOON)

    assert browser.get(f"{PAGE}{ApiToken.objects.get().pk}/withdrawal/")["Location"] == PAGE
    assert ApiToken.objects.exists()


def test_name_is_needed_and_their_number_is_limited(browser, instructor, monkeypatch):
    monkeypatch.setattr("modules.admin.api_tokens.MOST_TOKENS", 1)
    assert "errorlist" in browser.post(PAGE, {"name": ""}).content.decode()
    browser.post(PAGE, {"name": "A"})
    assert "Withdraw one first" in browser.post(PAGE, {"name": "B"}).content.decode()
    assert ApiToken.objects.count() == 1


def test_learner_has_no_such_page(signed_in, learner):
    assert signed_in(learner).get(PAGE).status_code in (302, 403)
