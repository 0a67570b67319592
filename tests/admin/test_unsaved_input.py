"""What an instructor types outlives what goes wrong on its way: a form that is refused, a sign-in that has expired."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from modules.models import Attempt, Draft, Module, Override
from tests.cast import PLANETS, a_module, a_quiz, take
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ONE = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"
MARK = "typed%20budi%40example.com%20%2Fadmin%2F%23%20abc:1790000000000"
OURS = {"referer": "http://testserver/admin/"}


@pytest.fixture
def browser(signed_in, instructor) -> Client:
    return signed_in(instructor)


@pytest.fixture
def attempt(learner) -> Attempt:
    return take(learner, a_quiz(ONE, front_matter="attempts: 2\n"), ["Mars"])


# ------------------------------------------------------- what the browser keeps until the server has taken it


@pytest.fixture
def forms(attempt, instructor) -> dict[str, tuple[str, dict, dict]]:
    """The forms that are typed into: an address, what is right to send there, and what is refused."""
    module = attempt.quiz.module
    section = module.sections.get()
    question = attempt.quiz.questions.get()
    draft = Draft.objects.create(author=instructor, text=PLANETS)
    admin = "/admin/modules"
    right = {
        "text": PLANETS,
        "base_fingerprint": "",
        "source": section.source,
        "reason": "salah ketik",
        "mark": "1",
    }
    refused = {"text": "\0", "source": "\0", "reason": "", "mark": "banyak", "name": "", "time_limit": "x"}
    whom = {"email": "sari@example.com"}
    return {
        "part": (f"{admin}/module/parts/section/{section.pk}/", right | {"base_revision": module.current_id}, refused),
        "load": (f"{admin}/module/load/", right, {"text": ""}),
        "draft": (f"{admin}/draft/{draft.pk}/change/", right | {"action": "check"}, refused),
        "rules": (f"{admin}/module/{module.pk}/rules/", rules(module), refused),
        "deed": (f"{admin}/attempt/{attempt.pk}/corrections/", right | {"action": "delete"}, refused | {"action": "delete"}),
        "mark": (f"{admin}/attempt/{attempt.pk}/marks/1/", right, refused),
        "grades": (f"{admin}/module/questions/{question.pk}/grades/", right | {"action": "full-marks"}, refused | {"action": "full-marks"}),
        "group": ("/admin/auth/group/add/", {"name": "Kelas B"}, refused),
        "override": (f"{admin}/module/{module.pk}/overrides/", whom | {"attempts_allowed": "3"}, whom),
    }  # fmt: skip


def rules(module: Module) -> dict:
    chosen = {
        "counts": "last",
        "late": "submit",
        "scoring": "all_or_nothing",
        "review": "submitted",
        "quiz_opens": "at_once",
    }
    return chosen | {"base_revision": module.current_id, "attempts": "2"}


NAMES = ("part", "load", "draft", "rules", "deed", "mark", "grades", "group", "override")


@pytest.mark.parametrize("name", NAMES)
def test_the_browser_is_told_what_is_taken_and_need_be_kept_no_longer(browser, forms, name):
    address, right, refused = forms[name]
    assert "taken" not in browser.post(address, refused | {"typed": MARK}).cookies
    answer = browser.post(address, right | {"typed": MARK})
    assert (answer.status_code, answer.cookies["taken"].value) == (302, MARK)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_that_what_stands_in_its_form_is_not_saved(browser, forms, name):
    address, _right, refused = forms[name]
    page = browser.post(address, refused).content.decode()
    (form,) = re.findall(r"<form[^>]*data-unsaved[^>]*>", page)
    assert "data-keeps" in form


def test_a_page_that_was_only_opened_has_nothing_that_is_not_saved(browser, forms, attempt):
    pages = [forms[name][0] for name in NAMES if name not in ("deed", "mark")]
    pages.append(f"/admin/modules/attempt/{attempt.pk}/change/")
    for page in pages:
        shown = browser.get(page).content.decode()
        kept = re.findall(r"<form[^>]*data-keeps[^>]*>", shown)
        assert kept
        # What a browser fills in again by itself would stand beside a newer `state` than its own.
        assert [form for form in kept if 'autocomplete="off"' not in form or "data-unsaved" in form] == []


def test_what_is_filled_in_for_somebody_who_has_other_rules_is_kept_on_the_page_of_those(
    browser, forms, attempt, learner
):
    Override.objects.create(quiz=attempt.quiz, learner=learner, attempts_allowed=4)
    address, right, _refused = forms["override"]
    answer = browser.post(address, right | {"typed": MARK})
    assert (answer.status_code, answer.cookies["taken"].value) == (200, MARK)
    assert "data-unsaved" in answer.content.decode()


@pytest.mark.parametrize("mark", ["", "a b:1", "a:b", "<script>:1", "a" * 2_000 + ":1"])
def test_nothing_else_becomes_a_cookie(browser, forms, mark):
    address, right, _refused = forms["group"]
    assert "taken" not in browser.post(address, right | {"typed": mark}).cookies


# ------------------------------------------------------------------------------ when the sign-in has expired


@pytest.fixture
def addresses(attempt, learner) -> dict[str, str]:
    """Addresses that only forms are sent to, with the page that each form is on."""
    module, admin = attempt.quiz.module, "/admin/modules"
    group = Group.objects.create(name="Kelas B")
    override = Override.objects.create(quiz=attempt.quiz, group=group, attempts_allowed=4)
    a, m, r = (
        f"{admin}/{kind}/{row.pk}"
        for kind, row in [("attempt", attempt), ("module", module), ("revision", module.current)]
    )
    return {
        f"{a}/corrections/": f"{a}/change/",
        f"{a}/marks/1/": f"{a}/change/",
        f"{m}/draft/": f"{m}/change/",
        f"{m}/publication/": f"{m}/change/",
        f"{m}/overrides/{override.pk}/removal/": f"{m}/overrides/",
        f"/admin/auth/group/{group.pk}/members/{learner.pk}/removal/": f"/admin/auth/group/{group.pk}/change/",
        f"{r}/draft/": f"{r}/change/",
    }


def test_who_signs_in_on_the_way_of_a_form_comes_back_to_its_page(browser, addresses):
    assert {address: browser.get(address).headers["Location"] for address in addresses} == addresses
    assert {browser.get(page).status_code for page in addresses.values()} == {200}


def test_what_was_typed_is_shown_where_the_sign_in_has_expired(client, attempt):
    client.cookies["language"] = "en"
    address = f"/admin/modules/attempt/{attempt.pk}/marks/1/"
    answer = client.post(address, {"mark": "1", "reason": "<salah> cetak"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "&lt;salah&gt; cetak</textarea>" in page
    assert f'href="/accounts/login/?next={address}"' in page
    assert attempt.corrections.count() == 0


def test_who_has_typed_nothing_is_told_at_the_sign_in_that_nothing_was_saved(client, addresses):
    client.cookies["language"] = "en"
    for address in addresses:
        answer = client.post(address, {"action": "close", "reason": " "}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={address}"
        assert "Nothing was saved: you were signed out." in answer.content.decode()


# -------------------------------------------------------------- a form whose token is no longer good


@pytest.fixture
def strict(instructor: User) -> Client:
    """A browser in which the instructor has signed in again since the page was loaded."""
    browser = Client(enforce_csrf_checks=True)
    browser.login(email=instructor.email, password=PASSWORD)
    return browser


@pytest.mark.parametrize("field", ["source", "text", "reason", "emails"])
def test_what_was_typed_is_shown_where_the_token_is_no_longer_good(strict, field):
    section = a_module().sections.first()
    address = f"/admin/modules/module/parts/section/{section.pk}/"
    answer = strict.post(address, {field: "Satu <kalimat>."}, headers=OURS)
    assert answer.status_code == 403
    assert "Satu &lt;kalimat&gt;.</textarea>" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"referer": "http://evil.example/"}])
def test_what_another_site_sends_is_not_shown_as_if_somebody_had_written_it(strict, headers):
    answer = strict.post("/admin/modules/module/load/", {"text": "Hubungi 0800."}, headers=headers)
    assert answer.status_code == 403
    assert "0800" not in answer.content.decode()
