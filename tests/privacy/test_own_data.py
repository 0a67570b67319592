"""Tests that people take all of their data, and no key, and delete their own account."""

import io
import json
import tracemalloc
import zipfile
from html import unescape

import pytest
from django.core.cache import cache

from accounts.roles import Role
from modules.models import Attempt, Proof, Reading
from modules.privacy import own_archive
from modules.views import own_data
from tests.cast import NOON, a_module, at, read_all
from tests.classes.rooms import a_class
from tests.conftest import PASSWORD, person
from tests.privacy.planted import ADDRESS, NAME, TYPED, plant

pytestmark = pytest.mark.django_db

DELETION = "/accounts/deletion/"


@pytest.fixture
def zula(db):
    cache.clear()
    return person(ADDRESS, Role.LEARNER, NAME)


@pytest.fixture
def attempt(zula, instructor):
    module = a_module(by=instructor)
    read_all(zula, module)
    return plant(zula, module, a_class(by=instructor, members=[zula]), instructor)


def files_of(client) -> tuple[dict, str]:
    """Downloads one's own data. Returns the values for programs and the page."""
    response = client.post("/accounts/data/")
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert archive.namelist() == ["data.json", "data.html"]
    return json.loads(archive.read("data.json")), unescape(archive.read("data.html").decode())


def test_file_has_everything_of_the_person(attempt, zula, signed_in):
    values, page = files_of(signed_in(zula))
    assert values["account"][0]["email"] == ADDRESS
    [row] = values["attempts"]
    assert [answer["answer"] for answer in row["answers"]] == ["Jupiter", "Saturnus; Uranus", TYPED, "8"]
    assert row["grade_percent"] == 75.0
    counts = {name: len(entries) for name, entries in values.items() if name != "written"}
    assert counts["readings"] == 2
    assert all(counts[name] for name in counts), counts
    for words in (ADDRESS, NAME, TYPED, "Planet dalam"):
        assert words in page


def test_hidden_marks_and_keys_are_not_in_it(attempt, zula, signed_in):
    quiz = attempt.quiz
    quiz.review = "right_after: answer"
    quiz.save()
    values, page = files_of(signed_in(zula))
    [row] = values["attempts"]
    assert row["grade_percent"] is None
    assert {answer["mark"] for answer in row["answers"]} == {None}
    for key in ("Mars", "Betul.", "right"):
        assert key not in json.dumps(values["attempts"])
        assert key not in page.split('id="attempts"')[1].split("</section>")[0]


def test_file_has_nothing_of_others(attempt, other_learner, signed_in):
    values, page = files_of(signed_in(other_learner))
    assert TYPED not in json.dumps(values) + page
    assert NAME not in json.dumps(values) + page


def test_html_of_a_person_is_only_text(zula, signed_in):
    zula.name = "<script>alert(1)</script>"
    zula.save()
    archive = signed_in(zula).post("/accounts/data/").getvalue()
    assert b"<script>" not in zipfile.ZipFile(io.BytesIO(archive)).read("data.html")


def test_downloads_are_limited(zula, signed_in, monkeypatch):
    monkeypatch.setattr(own_data, "MOST_FILES", 1)
    client = signed_in(zula)
    assert client.post("/accounts/data/")["Content-Type"] == "application/zip"
    assert client.post("/accounts/data/").status_code == 302


@pytest.mark.slow
def test_long_history_needs_no_more_memory(attempt, zula):
    def peak() -> int:
        tracemalloc.start()
        own_archive.write(zula, now=NOON).close()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    reading = Reading.objects.select_related("enrolment").first()

    def read_again(number: int) -> None:
        Reading.objects.bulk_create(
            Reading(
                enrolment=reading.enrolment, section=reading.section, revision=reading.revision,
                read_at=at(each), lapsed_at=at(each + 1),
            )
            for each in range(number)
        )  # fmt: skip

    read_again(5_000)  # more than two chunks of the database
    short = peak()
    read_again(10_000)
    assert peak() < short * 1.2


def test_visitors_have_no_data(client):
    for address in ("/accounts/data/", DELETION):
        assert client.post(address)["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/data/").status_code in (302, 405)


# ------------------------------------------------------------------------------------------------- deletion


def test_page_says_what_goes_and_what_stays(attempt, zula, signed_in):
    page = unescape(signed_in(zula).get(DELETION).content.decode())
    assert ADDRESS in page
    assert "1 percobaan" in page


def test_wrong_password_deletes_nothing_and_is_limited(attempt, zula, signed_in):
    client = signed_in(zula)
    pages = [client.post(DELETION, {"password": "salah", "proofs": "withdraw"}) for _each in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [302]
    right = client.post(DELETION, {"password": PASSWORD, "proofs": "withdraw"})
    assert (right.status_code, right["Location"]) == (302, DELETION)
    zula.refresh_from_db()
    assert not zula.is_erased


@pytest.mark.parametrize(("choice", "name"), [("withdraw", ""), ("keep", NAME)])
def test_right_password_deletes_the_account(attempt, zula, signed_in, choice, name):
    client = signed_in(zula)
    response = client.post(DELETION, {"password": PASSWORD, "proofs": choice})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/accounts/").status_code == 302
    zula.refresh_from_db()
    assert zula.is_erased
    assert Proof.objects.get(enrolment__learner=zula).name == name
    assert Attempt.objects.get().mark == attempt.mark


def test_person_without_password_types_the_address(zula, signed_in):
    zula.set_unusable_password()
    zula.save()
    client = signed_in(zula)
    client.post(DELETION, {"address": "lain@example.org"})
    assert type(zula).objects.filter(pk=zula.pk).exists()
    client.post(DELETION, {"address": ADDRESS.upper()})
    assert not type(zula).objects.filter(pk=zula.pk).exists()


def test_only_administrator_stays(administrator, signed_in):
    client = signed_in(administrator)
    client.post(DELETION, {"password": PASSWORD})
    administrator.refresh_from_db()
    assert administrator.is_active
    assert 'name="password"' not in client.get(DELETION).content.decode()
