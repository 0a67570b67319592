"""Tests that unsaved input survives refused forms, expired sign-ins, and invalid CSRF tokens."""

import re

import pytest
from django.test import Client

from accounts.models import User
from modules.models import Attempt, Draft, Module, Override
from tests.cast import PLANETS, a_module, a_quiz, take
from tests.classes.rooms import a_class
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ONE_QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"
INPUT_KEY = "typed%20budi%40example.com%20%2Fadmin%2F%23%20abc:1790000000000"
OUR_REFERER = {"referer": "http://testserver/admin/"}


@pytest.fixture
def browser(signed_in, instructor) -> Client:
    return signed_in(instructor)


@pytest.fixture
def attempt(learner) -> Attempt:
    return take(learner, a_quiz(ONE_QUESTION, front_matter="attempts: 2\n"), ["Mars"])


# ---------------------------------------------------------------------------- input kept by the browser


@pytest.fixture
def forms(attempt, instructor) -> dict[str, tuple[str, dict, dict]]:
    """Returns the forms with text fields, by name: address, data that is accepted, and data that is refused."""
    module = attempt.quiz.module
    section = module.sections.get()
    question = attempt.quiz.questions.get()
    draft = Draft.objects.create(author=instructor, text=PLANETS)
    admin = "/admin/modules"
    accepted = {
        "text": PLANETS,
        "base_fingerprint": "",
        "source": section.source,
        "reason": "salah ketik",
        "mark": "1",
    }
    refused = {"text": "\0", "source": "\0", "reason": "", "mark": "banyak", "name": "", "time_limit": "x"}
    learner = {"learner": attempt.enrolment.learner_id}
    return {
        "part": (f"{admin}/module/parts/section/{section.pk}/", accepted | {"base_revision": module.current_id}, refused),
        "load": (f"{admin}/module/load/", accepted, {"text": ""}),
        "draft": (f"{admin}/draft/{draft.pk}/change/", accepted | {"action": "check"}, refused),
        "rules": (f"{admin}/module/{module.pk}/rules/", rules_form_data(module), refused),
        "action-form": (f"{admin}/attempt/{attempt.pk}/corrections/", accepted | {"action": "delete"}, refused | {"action": "delete"}),
        "mark": (f"{admin}/attempt/{attempt.pk}/marks/1/", accepted, refused),
        "grades": (f"{admin}/module/questions/{question.pk}/grades/", accepted | {"action": "full-marks"}, refused | {"action": "full-marks"}),
        "class": (f"{admin}/studyclass/add/", {"name": "Kelas B"}, refused),
        "override": (f"{admin}/module/{module.pk}/overrides/?learner={learner['learner']}", learner | {"attempts_allowed": "3"}, learner),
    }  # fmt: skip


def rules_form_data(module: Module) -> dict:
    chosen = {
        "counts": "last",
        "late": "submit",
        "scoring": "all_or_nothing",
        "review": "submitted",
        "quiz_opens": "at_once",
    }
    return chosen | {"base_revision": module.current_id, "attempts": "2"}


NAMES = ("part", "load", "draft", "rules", "action-form", "mark", "grades", "class", "override")


@pytest.mark.parametrize("name", NAMES)
def test_saved_form_sets_cookie_to_forget_input(browser, forms, name):
    address, accepted, refused = forms[name]
    assert "taken" not in browser.post(address, refused | {"unsaved_input": INPUT_KEY}).cookies
    answer = browser.post(address, accepted | {"unsaved_input": INPUT_KEY})
    assert (answer.status_code, answer.cookies["taken"].value) == (302, INPUT_KEY)


@pytest.mark.parametrize("name", NAMES)
def test_refused_form_is_marked_as_unsaved(browser, forms, name):
    address, _right, refused = forms[name]
    page = browser.post(address, refused).content.decode()
    (form,) = re.findall(r"<form[^>]*data-unsaved[^>]*>", page)
    assert "data-keeps" in form


def test_opened_page_has_no_unsaved_input(browser, forms, attempt):
    pages = [forms[name][0] for name in NAMES if name not in ("action-form", "mark")]
    pages.append(f"/admin/modules/attempt/{attempt.pk}/change/")
    for page in pages:
        shown = browser.get(page).content.decode()
        kept = re.findall(r"<form[^>]*data-keeps[^>]*>", shown)
        assert kept
        # A browser that fills in old text again would send it with a newer `base_revision` than its own.
        assert [form for form in kept if 'autocomplete="off"' not in form or "data-unsaved" in form] == []


def test_input_for_existing_override_is_kept(browser, forms, attempt, learner):
    Override.objects.create(quiz=attempt.quiz, learner=learner, attempts_allowed=4)
    address, accepted, _refused = forms["override"]
    answer = browser.post(address, accepted | {"unsaved_input": INPUT_KEY})
    assert (answer.status_code, answer.cookies["taken"].value) == (200, INPUT_KEY)
    assert "data-unsaved" in answer.content.decode()


@pytest.mark.parametrize("key", ["", "a b:1", "a:b", "<script>:1", "a" * 2_000 + ":1"])
def test_invalid_mark_becomes_no_cookie(browser, forms, key):
    address, accepted, _refused = forms["class"]
    assert "taken" not in browser.post(address, accepted | {"unsaved_input": key}).cookies


# --------------------------------------------------------------------------------------- expired sign-in


@pytest.fixture
def addresses(attempt, instructor, learner) -> dict[str, str]:
    """Returns the addresses that accept only forms, each with the page that holds the form."""
    module, admin = attempt.quiz.module, "/admin/modules"
    study_class = a_class(by=instructor, members=[learner])
    override = Override.objects.create(quiz=attempt.quiz, group=study_class.group, attempts_allowed=4)
    class_url = f"{admin}/studyclass/{study_class.pk}"
    attempt_url, module_url, revision_url = (
        f"{admin}/{kind}/{row.pk}"
        for kind, row in [("attempt", attempt), ("module", module), ("revision", module.current)]
    )
    return {
        f"{attempt_url}/corrections/": f"{attempt_url}/change/",
        f"{attempt_url}/marks/1/": f"{attempt_url}/change/",
        f"{module_url}/draft/": f"{module_url}/change/",
        f"{module_url}/publication/": f"{module_url}/change/",
        f"{module_url}/overrides/{override.pk}/removal/": f"{module_url}/overrides/",
        f"{class_url}/members/{learner.pk}/removal/": f"{class_url}/change/",
        f"{class_url}/archiving/": f"{class_url}/settings/",
        f"{class_url}/link/closing/": f"{class_url}/link/",
        f"{revision_url}/draft/": f"{revision_url}/change/",
    }


def test_form_address_redirects_to_its_page(browser, addresses):
    assert {address: browser.get(address).headers["Location"] for address in addresses} == addresses
    assert {browser.get(page).status_code for page in addresses.values()} == {200}


def test_expired_sign_in_shows_unsaved_input(client, attempt):
    client.cookies["language"] = "en"
    address = f"/admin/modules/attempt/{attempt.pk}/marks/1/"
    answer = client.post(address, {"mark": "1", "reason": "<salah> cetak"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "&lt;salah&gt; cetak</textarea>" in page
    assert f'href="/accounts/login/?next={address}"' in page
    assert attempt.corrections.count() == 0


def test_expired_sign_in_without_input_says_nothing_saved(client, addresses):
    client.cookies["language"] = "en"
    for address in addresses:
        answer = client.post(address, {"action": "close", "reason": " "}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={address}"
        assert "Nothing was saved: you were signed out." in answer.content.decode()


# ------------------------------------------------------------------------------- invalid CSRF tokens


@pytest.fixture
def strict(instructor: User) -> Client:
    """Returns a client that checks CSRF tokens, signed in as the instructor. Its older tokens are invalid."""
    client = Client(enforce_csrf_checks=True)
    client.login(email=instructor.email, password=PASSWORD)
    return client


@pytest.mark.parametrize("field", ["source", "text", "reason", "emails"])
def test_bad_token_shows_unsaved_input(strict, field):
    section = a_module().sections.first()
    address = f"/admin/modules/module/parts/section/{section.pk}/"
    answer = strict.post(address, {field: "Satu <kalimat>."}, headers=OUR_REFERER)
    assert answer.status_code == 403
    assert "Satu &lt;kalimat&gt;.</textarea>" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"referer": "http://evil.example/"}])
def test_input_from_other_site_is_not_shown(strict, headers):
    answer = strict.post("/admin/modules/module/load/", {"text": "Hubungi 0800."}, headers=headers)
    assert answer.status_code == 403
    assert "0800" not in answer.content.decode()
