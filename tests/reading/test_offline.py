"""Tests what a browser may keep of a module, and what makes the site installable."""

import json

import pytest

from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return a_module(f"---\nslug: planet\n---\n{PLANETS}")


def test_module_to_keep_names_its_pages_and_no_quiz(module, as_learner):
    reply = as_learner.get("/offline/planet/")
    kept = reply.json()
    assert kept["pages"] == [
        "/modules/planet/",
        "/modules/planet/planet-dalam/",
        "/modules/planet/planet-luar/",
    ]
    assert (kept["revision"], kept["title"]) == (module.current_id, "Tata surya")
    assert "no-store" in reply.headers["Cache-Control"]
    assert "/quizzes/" not in json.dumps(kept)


def test_kept_pages_hold_no_key(module, as_learner):
    for url in as_learner.get("/offline/planet/").json()["pages"]:
        text = as_learner.get(url).content.decode()
        assert "Jumlah planet?" not in text


def test_unpublished_module_is_kept_by_nobody(as_learner, signed_in, instructor, client):
    a_module(f"---\nslug: rahasia\n---\n{PLANETS}", published=False)
    assert as_learner.get("/offline/rahasia/").status_code == 404
    assert signed_in(instructor).get("/offline/rahasia/").status_code == 404
    assert client.get("/offline/rahasia/").json() == {"signed_out": True}


def test_worker_is_served_from_the_top_and_asked_for_each_time(client):
    reply = client.get("/worker.js")
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in reply.headers["Cache-Control"]
    assert "unsafe-" not in reply.headers["Content-Security-Policy"]
    assert b"addEventListener" in b"".join(reply.streaming_content)


def test_manifest_names_the_site(client):
    manifest = client.get("/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    assert manifest.json()["start_url"] == "/learning/"


def test_offline_page_is_the_same_for_everybody(client, as_learner, learner):
    client.cookies["language"] = "en"  # as the learner has it
    pages = [browser.get("/offline/").content.decode() for browser in (client, as_learner)]
    assert learner.email not in pages[1]
    assert pages[0] == pages[1]
