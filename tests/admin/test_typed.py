"""What an instructor types outlives what goes wrong on its way: a form that is refused, a sign-in that has expired."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from modules.models import Attempt, Override
from tests.conftest import PASSWORD
from tests.modules.cast import a_module, a_quiz, take

pytestmark = pytest.mark.django_db

ONE = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"
OURS = {"referer": "http://testserver/admin/"}


@pytest.fixture
def browser(signed_in, instructor) -> Client:
    return signed_in(instructor)


@pytest.fixture
def attempt(learner) -> Attempt:
    return take(learner, a_quiz(ONE, front_matter="attempts: 2\n"), ["Mars"])


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
