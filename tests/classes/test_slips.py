"""Shows slips: accounts with one-time passwords for the people of a list, where no mail can invite them."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User
from accounts.roles import Role, confirm_address, give
from modules.classes import slips
from modules.models import Invitation, Slip
from tests.cast import NOON
from tests.classes.rooms import a_class, people_in
from tests.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_mail(monkeypatch):
    monkeypatch.setattr(settings, "HAS_MAIL", False)


@pytest.fixture
def study_class(instructor):
    return a_class(by=instructor)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def invite(study_class, *addresses: str) -> None:
    for address in addresses:
        Invitation.objects.create(
            study_class=study_class, address=address, name="Tono", number="7", invited_at=NOON
        )


def url_of(study_class, part: str) -> str:
    return f"/admin/modules/studyclass/{study_class.pk}/{part}"


def sign_in(client, email: str, password: str):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_slip_leads_to_an_own_password(client, browser, study_class, instructor):
    invite(study_class, "tono@example.com")
    answer = browser.post(url_of(study_class, "slips/"))
    (slip,) = answer.context["slips"]
    assert (slip.name, slip.number, slip.address) == ("Tono", "7", "tono@example.com")
    assert slip.password in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert people_in(study_class) == {"tono@example.com"}
    assert Slip.objects.get().made_by == instructor

    sign_in(client, slip.address, slip.password)
    for url in ("/", "/learning/", "/accounts/", "/join/"):
        assert client.get(url).headers["Location"].startswith("/accounts/password/change/?next=")
    assert client.get("/").headers["Location"].endswith("next=/learning/")  # which leads on to the class
    form = client.get("/accounts/password/change/").context["form"]
    assert "slip" in str(form.fields["oldpassword"].help_text)
    kept = {"oldpassword": slip.password, "password1": slip.password}
    assert client.post("/accounts/password/change/", kept).context["form"].errors["password1"]
    sent = {"oldpassword": slip.password, "password1": PASSWORD, "next": "/learning/"}
    assert client.post("/accounts/password/change/", sent).headers["Location"] == "/learning/"
    assert client.get("/learning/").status_code == 200
    client.logout()
    assert sign_in(client, slip.address, slip.password).status_code == 200
    assert sign_in(client, slip.address, PASSWORD).status_code == 302


def test_slips_are_made_a_few_at_a_time(browser, study_class):
    invite(study_class, *(f"s{number}@example.com" for number in range(slips.AT_ONCE + 3)))
    first = browser.post(url_of(study_class, "slips/"))
    assert (len(first.context["slips"]), first.context["left"]) == (slips.AT_ONCE, 3)
    assert len(browser.post(url_of(study_class, "slips/")).context["slips"]) == 3
    assert browser.post(url_of(study_class, "slips/")).status_code == 302
    assert len(people_in(study_class)) == slips.AT_ONCE + 3


def test_account_that_exists_gets_no_slip(browser, study_class, learner, other_learner):
    other = User.objects.create_user("lain@example.com", PASSWORD)
    EmailAddress.objects.create(user=learner, email="kedua@example.com", verified=True)
    invite(study_class, learner.email, other_learner.email, other.email, "kedua@example.com")
    browser.post(url_of(study_class, "slips/"))
    assert not Slip.objects.exists()
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_lost_slip_is_replaced_and_recorded(client, browser, study_class):
    invite(study_class, "tono@example.com")
    (old,) = browser.post(url_of(study_class, "slips/")).context["slips"]
    tono = User.objects.get(email="tono@example.com")
    (new,) = browser.post(url_of(study_class, f"slips/{tono.pk}/renewal/")).context["slips"]
    assert (sign_in(client, tono.email, old.password).status_code, Slip.objects.count()) == (200, 2)
    assert sign_in(client, tono.email, new.password).status_code == 302
    assert client.get("/learning/").status_code == 302


def test_instructor_has_no_power_over_other_accounts(browser, signed_in, study_class, learner, administrator):
    """Puts into the class whom a slip could betray: strangers, staff, confirmed people, people of other classes."""
    elsewhere = a_class("X-TKR 3", by=person("rina@example.com", Role.INSTRUCTOR, "Rina"))
    invite(elsewhere, "tono@example.com")
    slips.make_slips(elsewhere, by=administrator, now=NOON)
    invite(study_class, "naik@example.com", "pasti@example.com", "keluar@example.com")
    browser.post(url_of(study_class, "slips/"))
    tono, risen, confirmed, gone = (
        User.objects.get(email=f"{name}@example.com") for name in ("tono", "naik", "pasti", "keluar")
    )
    give(risen, Role.INSTRUCTOR)
    confirm_address(confirmed)
    study_class.group.user_set.remove(gone)
    unconfirmed = User.objects.create_user("baru@example.com", PASSWORD)
    study_class.group.user_set.add(learner, tono, unconfirmed, administrator)
    for target in (learner, tono, risen, confirmed, gone, unconfirmed, administrator):
        before = User.objects.get(pk=target.pk).password
        answer = browser.post(url_of(study_class, f"slips/{target.pk}/renewal/"))
        assert (answer.status_code, User.objects.get(pk=target.pk).password) == (404, before)
    assert browser.post(url_of(elsewhere, f"slips/{tono.pk}/renewal/")).status_code == 404
    assert browser.post(url_of(elsewhere, "slips/")).status_code == 404


def test_site_with_mail_makes_no_slips(browser, study_class, monkeypatch):
    monkeypatch.setattr(settings, "HAS_MAIL", True)
    invite(study_class, "tono@example.com")
    assert browser.post(url_of(study_class, "slips/")).status_code == 404
    assert not User.objects.filter(email="tono@example.com").exists()
