"""Tests that the chosen theme and size of text are on every page, and are remembered by the browser."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


def choose(client, **choice: str):
    return client.post(reverse("appearance"), {"next": "/learning/", **choice})


def root(client, url: str = "/") -> str:
    found = re.search(r"<html[^>]*>", client.get(url).content.decode())
    assert found is not None
    return found[0]


def test_choices_are_applied_by_the_server_and_kept_apart(client):
    assert root(client) == '<html lang="id">'
    assert choose(client, theme="dark").url == "/learning/"
    choose(client, size="large")
    assert root(client) == '<html lang="id" data-theme="dark" data-size="large">'
    choose(client, theme="")
    assert root(client, reverse("account_login")) == '<html lang="id" data-size="large">'


def test_choice_drops_the_pages_that_the_browser_has_made_ready(client):
    assert choose(client, theme="dark")["Clear-Site-Data"] == '"prefetchCache", "prerenderCache"'


def test_colours_of_the_browser_follow_the_theme(client):
    choose(client, theme="dark")
    page = client.get("/").content.decode()
    assert '<meta name="color-scheme" content="dark">' in page
    assert "#fbfaf6" not in page


def test_button_of_the_choice_is_pressed(client):
    choose(client, theme="light")
    pressed = re.findall(r'value="(\w*)"\s+aria-pressed="true"', client.get("/").content.decode())
    assert pressed[:2] == ["", "light"]


@pytest.mark.parametrize("choice", [{"theme": "neon"}, {"size": '"><script>'}, {}])
def test_unknown_choice_changes_nothing(client, choice):
    choose(client, theme="dark", size="small")
    choose(client, **choice)
    assert root(client) == '<html lang="id" data-theme="dark" data-size="small">'


def test_key_of_the_search_can_be_turned_off(client):
    choose(client, theme="dark")
    choose(client, keys="off")
    assert root(client) == '<html lang="id" data-theme="dark" data-keys="off">'
    choose(client, keys="")
    assert root(client) == '<html lang="id" data-theme="dark">'


def test_broken_cookie_counts_as_not_chosen(client):
    client.cookies[settings.APPEARANCE_COOKIE_NAME] = "neon.<b>.<i>.more"
    assert root(client) == '<html lang="id">'


def test_choice_leads_to_no_other_site(client):
    assert choose(client, theme="dark", next="https://example.org/").url == "/"
    assert client.get(reverse("appearance")).status_code == 405
