"""Shows how learners join a class by its code and by an invitation, and what everybody else is told."""

import re
import time

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from modules.classes import inviting
from modules.classes.links import VALID, new_code, token_of
from modules.classes.roster import read_roster
from modules.models import Enrolment, Invitation
from tests.cast import NOON, a_module, run_tasks
from tests.classes.rooms import a_class, assign, people_in
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {"name": "Rina", "email": "rina@example.com", "password1": PASSWORD}


@pytest.fixture
def study_class(instructor):
    return a_class(by=instructor, join_code=new_code(), join_opened_at=NOON)


def url_of(study_class) -> str:
    return f"/join/{study_class.join_code}/"


def signup(client, next_url: str, **changed):
    return client.post("/accounts/signup/", NEW | {"next": next_url} | changed, follow=True)


def confirm(client):
    path = re.search(r"/accounts/confirm-email/[^\s]+/", mail.outbox[-1].body).group()
    return client.post(path, follow=True)


def test_signed_in_learner_joins_and_lands_on_the_first_module(as_learner, learner, study_class):
    module = a_module()
    assign(study_class, module)
    page = as_learner.get(url_of(study_class)).content.decode()
    assert "X-TKR 2" in page
    assert "Budi Hartono" in page
    assert people_in(study_class) == set()
    answer = as_learner.post(url_of(study_class))
    assert answer.headers["Location"] == module.get_absolute_url()
    assert people_in(study_class) == {learner.email}
    assert as_learner.get(url_of(study_class)).headers["Location"] == module.get_absolute_url()


def test_sign_up_from_the_link_joins_in_one_step(client, study_class):
    module = a_module()
    assign(study_class, module)
    answer = signup(client, url_of(study_class))
    assert answer.redirect_chain[-1][0] == module.get_absolute_url()
    assert people_in(study_class) == {"rina@example.com"}


def test_sign_up_from_the_link_joins_once_the_address_is_confirmed(client, settings, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    signup(client, url_of(study_class))
    assert people_in(study_class) == set()
    confirm(client)
    assert people_in(study_class) == {"rina@example.com"}


def test_confirmed_address_leads_on_signed_in(client, settings, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.cookies["language"] = "en"
    module = a_module()
    assign(study_class, module)
    page = signup(client, url_of(study_class)).content.decode()
    assert "A place in X-TKR 2 is kept for you for 3 days." in page
    answer = confirm(client)
    assert answer.redirect_chain[-1][0] == module.get_absolute_url()
    assert answer.wsgi_request.user.email == "rina@example.com"
    assert "You are in X-TKR 2 now." in answer.content.decode()


def test_address_confirmed_in_another_browser_asks_for_the_sign_in(client, settings, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    signup(client, url_of(study_class))
    other = Client()
    other.cookies["language"] = "en"
    answer = confirm(other)
    assert answer.redirect_chain[-1][0] == "/accounts/login/"
    assert not answer.wsgi_request.user.is_authenticated
    assert "Sign in here with this address" in answer.content.decode()
    assert people_in(study_class) == {"rina@example.com"}


def test_sign_up_form_names_the_class(client, instructor, study_class):
    client.cookies["language"] = "en"
    url = f"/accounts/signup/?next={url_of(study_class)}"
    assert "You sign up and join X-TKR 2." in client.get(url).content.decode()
    assert "You sign up for" not in client.get("/accounts/signup/?next=/learning/").content.decode()
    path = invite(study_class, "rina@example.com", instructor)
    assert "You sign up and join X-TKR 2." in client.get(path, follow=True).content.decode()


def test_sign_up_without_mail_says_that_somebody_joined(client, study_class):
    client.cookies["language"] = "en"
    assert "You are in X-TKR 2 now." in signup(client, url_of(study_class)).content.decode()


@pytest.mark.parametrize(
    ("is_assigned", "words"), [(True, "you have finished all its modules"), (False, "It has no modules yet")]
)
def test_member_without_anything_to_do_is_told_so(as_learner, learner, study_class, is_assigned, words):
    study_class.group.user_set.add(learner)
    if is_assigned:
        duty = assign(study_class, a_module())
        Enrolment.objects.create(
            learner=learner, module=duty.module, begun_at=NOON, last_seen_at=NOON, finished_at=NOON
        )
    answer = as_learner.get(url_of(study_class), follow=True)
    assert answer.redirect_chain[-1][0] == "/learning/"
    assert words in answer.content.decode()


def test_sign_up_by_whoever_typed_the_address_keeps_the_mail(client, settings, instructor, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    inviting.apply_roster(study_class, read_roster("rina@example.com"), by=instructor, now=NOON)
    signup(client, url_of(study_class))
    assert [invited.address for invited in Invitation.objects.unsent()] == ["rina@example.com"]
    confirm(client)
    assert people_in(study_class) == {"rina@example.com"}


def test_former_address_of_a_member_is_anybodys(client, settings, learner, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    Invitation.objects.create(
        study_class=study_class, address="rina@example.com", invited_at=NOON, joined_at=NOON, learner=learner
    )
    signup(client, url_of(study_class))
    confirm(client)
    assert people_in(study_class) == {"rina@example.com"}


def test_sign_up_elsewhere_joins_nothing(client, study_class):
    signup(client, "/learning/")
    signup(client, "/join/aaaa-aaaa/", email="lain@example.com")
    assert people_in(study_class) == set()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"join_opened_at": None}, "This code is closed"),
        ({"join_closes_at": NOON}, "last day of this code"),
        ({"join_limit": 0}, "As many people"),
        ({"archived_at": NOON}, "This class is over"),
    ],
)  # fmt: skip
def test_closed_link_says_why(as_learner, client, instructor, link, words):
    study_class = a_class(by=instructor, join_code=new_code(), **{"join_opened_at": NOON} | link)
    client.cookies["language"] = "en"
    for browser in (as_learner, client):
        for answer in (browser.get(url_of(study_class)), browser.post(url_of(study_class))):
            assert answer.status_code == 403
            assert words in answer.content.decode()
    assert people_in(study_class) == set()


def test_code_is_typed_in_a_form(client, study_class):
    assert client.get("/join/").status_code == 200
    answer = client.get("/join/", {"code": study_class.join_code.upper()}, follow=True)
    assert (answer.status_code, "X-TKR 2" in answer.content.decode()) == (200, True)
    assert client.get("/join/", {"code": "a/b?c"}, follow=True).status_code == 404


# ------------------------------------------------------------------------------------------------- invitations


def invite(study_class, address: str, instructor) -> str:
    """Invites an address, and returns the path of the link in the mail."""
    inviting.apply_roster(study_class, read_roster(address), by=instructor, now=NOON)
    run_tasks()
    return re.search(r"/join/invitation/[^\s]+/", mail.outbox[-1].body).group()


@pytest.mark.parametrize("is_open", [True, False])
def test_invited_person_signs_up_and_joins_in_one_step(client, settings, instructor, study_class, is_open):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.SIGNUP_OPEN = is_open
    path = invite(study_class, "rina@example.com", instructor)
    module = a_module()
    assign(study_class, module)
    page = client.get(path, follow=True)
    assert (page.status_code, "rina@example.com" in page.content.decode()) == (200, True)
    answer = signup(client, path)
    assert answer.redirect_chain[-1][0] == module.get_absolute_url()
    assert people_in(study_class) == {"rina@example.com"}
    assert User.objects.get(email="rina@example.com").emailaddress_set.get().verified


def test_opened_invitation_binds_the_sign_up_to_its_address(client, instructor, study_class):
    path = invite(study_class, "rina@example.com", instructor)
    client.get(path, follow=True)
    signup(client, path, email="lain@example.com")
    assert people_in(study_class) == {"rina@example.com"}
    assert not User.objects.filter(email="lain@example.com").exists()


def test_next_person_at_the_browser_signs_up_freely(client, settings, instructor, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client.get(invite(study_class, "rina@example.com", instructor), follow=True)
    client.get("/accounts/signup/")
    signup(client, "/", email="lain@example.com")
    assert not User.objects.get(email="lain@example.com").emailaddress_set.get().verified
    assert people_in(study_class) == set()


def test_withdrawn_invitation_opens_no_sign_up(client, settings, instructor, study_class):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.SIGNUP_OPEN = False
    path = invite(study_class, "rina@example.com", instructor)
    client.get(path, follow=True)
    inviting.withdraw(Invitation.objects.get(), now=NOON)
    signup(client, path)
    assert not User.objects.filter(email="rina@example.com").exists()


def test_invitation_of_somebody_else_says_so(as_learner, learner, instructor, study_class):
    page = as_learner.get(invite(study_class, "rina@example.com", instructor))
    assert page.status_code == 403
    assert learner.email in page.content.decode()
    assert people_in(study_class) == set()


def test_withdrawn_old_and_forged_links_say_so(client, instructor, study_class, monkeypatch):
    path = invite(study_class, "rina@example.com", instructor)
    inviting.withdraw(Invitation.objects.get(), now=NOON)
    assert client.get(path).status_code == 403
    assert client.get(path[:-2] + "x/").status_code == 404
    token = token_of(Invitation.objects.get())
    later = time.time() + VALID.total_seconds() + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "tetap berlaku" in client.get(f"/join/invitation/{token}/").content.decode()


def test_invited_person_with_an_account_signs_in_and_joins(client, learner, instructor, study_class):
    Invitation.objects.create(study_class=study_class, address=learner.email, invited_at=NOON)
    client.post("/accounts/login/", {"login": learner.email, "password": PASSWORD})
    assert people_in(study_class) == {learner.email}
