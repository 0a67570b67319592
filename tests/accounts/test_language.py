"""Tests the language of the interface: Indonesian by default, else the person's choice."""

import pytest

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def language_of(response) -> str:
    return response.headers["Content-Language"]


def test_pages_are_indonesian_for_any_browser(client):
    assert language_of(client.get("/accounts/login/", headers={"accept-language": "en-GB"})) == "id"


def test_chosen_language_is_remembered(client):
    response = client.post("/language/", {"language": "en", "next": "/accounts/login/"})

    assert response.headers["Location"] == "/accounts/login/"
    assert language_of(client.get("/accounts/login/")) == "en"


def test_chosen_language_is_kept_with_the_account(signed_in, learner):
    signed_in(learner).post("/language/", {"language": "en"})
    assert User.objects.get(pk=learner.pk).language == "en"


@pytest.mark.parametrize("stored", ["id", ""])
def test_language_that_is_chosen_before_signing_in_is_kept(client, learner, stored):
    User.objects.filter(pk=learner.pk).update(language=stored)
    client.post("/language/", {"language": "en"})
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})

    assert language_of(client.get("/")) == "en"
    assert User.objects.get(pk=learner.pk).language == "en"


def test_language_of_another_person_on_the_device_is_no_choice(client, learner, other_learner):
    User.objects.filter(pk=other_learner.pk).update(language="id")
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    client.post("/language/", {"language": "en"})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": other_learner.email, "password": PASSWORD})

    assert language_of(client.get("/")) == "id"
    assert User.objects.get(pk=other_learner.pk).language == "id"


@pytest.mark.parametrize(("chosen", "stored"), [(None, ""), ("en", "en")])
def test_sign_up_keeps_only_a_language_that_was_chosen(client, chosen, stored):
    if chosen:
        client.post("/language/", {"language": chosen})
    new = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}
    client.post("/accounts/signup/", new)
    assert User.objects.get().language == stored


def test_chosen_language_follows_to_another_device(client, learner):
    learner.language = "en"
    learner.save()

    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})

    assert language_of(client.get("/accounts/login/", follow=True)) == "en"


@pytest.mark.parametrize(
    "other_site", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_choice_redirects_to_no_other_site(client, other_site):
    response = client.post("/language/", {"language": "en", "next": other_site})
    assert response.headers["Location"] == "/"


def test_unknown_language_changes_nothing(client):
    client.post("/language/", {"language": "xx", "next": "/accounts/login/"})
    client.cookies["language"] = "../../etc"
    assert language_of(client.get("/accounts/login/")) == "id"


def test_link_cannot_change_the_language(client):
    assert client.get("/language/?language=en").status_code == 405
