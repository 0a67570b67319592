"""Tests that guessed codes of classes are stopped, and a school behind one address is not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.limits import CODES, CODES_OF_PERSON, CodeGuesser
from accounts.models import WrongPassword
from modules.classes.links import new_code
from tests.cast import NOON
from tests.classes.rooms import a_class, people_in

pytestmark = pytest.mark.django_db

SCHOOL = "203.0.113.5"
WRONG = "/join/aaaa-aaaa/"


@pytest.fixture
def study_class(instructor):
    return a_class(by=instructor, join_code=new_code(), join_opened_at=NOON)


def at_school() -> Client:
    browser = Client(REMOTE_ADDR=SCHOOL)
    browser.cookies["language"] = "en"
    return browser


def fill_network(amount: int = CODES.amount) -> None:
    """Stores wrong codes as other browsers of the school type them."""
    before = set(WrongPassword.objects.values_list("pk", flat=True))
    CodeGuesser("", SCHOOL, is_signed_in=False).count_wrong(now=timezone.now())
    row = WrongPassword.objects.exclude(pk__in=before).get()
    others = [WrongPassword(account=row.account, origin=row.origin, at=row.at) for _row in range(amount - 1)]
    WrongPassword.objects.bulk_create(others)


def test_browser_is_stopped_before_its_network_is(study_class):
    mistyping = at_school()
    for _guess in range(CODES_OF_PERSON.amount):
        assert mistyping.get(WRONG).status_code == 404
    stopped = mistyping.get(f"/join/{study_class.join_code}/")
    assert stopped.status_code == 429
    assert "You have typed many wrong codes" in stopped.content.decode()
    counted = WrongPassword.objects.count()
    for _guess in range(10):
        mistyping.get(WRONG)
    assert WrongPassword.objects.count() == counted
    assert at_school().get(f"/join/{study_class.join_code}/").status_code == 200


def test_network_is_stopped_whatever_its_browsers_do(study_class):
    fill_network(CODES.amount - 1)
    assert at_school().get(WRONG).status_code == 404
    stopped = at_school().get(f"/join/{study_class.join_code}/")
    assert stopped.status_code == 429
    assert f"/accounts/login/?next=/join/{study_class.join_code}/" in stopped.content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(f"/join/{study_class.join_code}/").status_code == 200
    assert (
        at_school().post("/accounts/login/", {"login": "x@example.com", "password": "x"}).status_code == 200
    )


def test_signed_in_learner_joins_from_a_network_that_guesses(as_learner, learner, study_class):
    fill_network()
    as_learner.post(f"/join/{study_class.join_code}/", REMOTE_ADDR=SCHOOL)
    assert people_in(study_class) == {learner.email}


def test_account_is_stopped_in_every_browser(signed_in, learner, study_class):
    browser = signed_in(learner)
    for _guess in range(CODES_OF_PERSON.amount):
        assert browser.get(WRONG).status_code == 404
    assert signed_in(learner).get(f"/join/{study_class.join_code}/").status_code == 429


def test_code_behind_a_sign_up_counts_too(study_class):
    for _guess in range(3):
        assert at_school().get(f"/accounts/signup/?next={WRONG}").status_code == 200
    fill_network(CODES.amount - 3)
    page = at_school().get(f"/accounts/signup/?next=/join/{study_class.join_code}/").content.decode()
    assert "X-TKR 2" not in page


def test_codes_are_taken_again_after_the_period(study_class):
    guesser = CodeGuesser("browser x", SCHOOL, is_signed_in=False)
    for _guess in range(CODES_OF_PERSON.amount):
        guesser.count_wrong(now=NOON)
    assert guesser.has_tried_too_often(now=NOON)
    assert not guesser.has_tried_too_often(now=NOON + limits.CODES_OF_PERSON.period + timedelta(seconds=1))
