"""Tests that wrong passwords stop a guesser, and nobody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.keys import account_key, origin_key
from accounts.models import User, WrongPassword
from tests.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db

SCHOOL, HOME = "203.0.113.5", "198.51.100.7"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def browser_at(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(browser: Client, user: User, password: str = PASSWORD) -> bool:
    browser.post("/accounts/login/", {"login": user.email, "password": password})
    return "_auth_user_id" in browser.session


def sign_out(browser: Client) -> None:
    browser.post("/accounts/logout/")


def guess(user: User, times: int, *, address: str) -> None:
    for number in range(times):
        sign_in(browser_at(address), user, f"a guess {number}")


def guess_from_everywhere(user: User) -> None:
    """Uses up the limit of the account alone, from many addresses."""
    fill(limits.ACCOUNT.amount, lambda number: (user.email, f"192.0.2.{number}"))


def fill(amount: int, attempt: Callable[[int], tuple[str, str]]) -> None:
    """Stores wrong passwords as attempts do, all at once."""
    now = timezone.now()
    rows = [
        WrongPassword(account=account_key(email), origin=origin_key(f"address {address}"), at=now)
        for email, address in map(attempt, range(amount))
    ]
    WrongPassword.objects.bulk_create(rows)


def test_sixth_guess_from_one_address_is_refused(learner):
    guess(learner, limits.ACCOUNT_AND_ORIGIN.amount, address=SCHOOL)

    assert not sign_in(browser_at(SCHOOL), learner)
    assert sign_in(browser_at(HOME), learner)


def test_refused_account_is_explained(learner):
    guess(learner, limits.ACCOUNT_AND_ORIGIN.amount, address=SCHOOL)
    page = browser_at(SCHOOL).post("/accounts/login/", {"login": learner.email, "password": PASSWORD})

    assert "5 menit" in page.content.decode()


def test_unknown_account_is_refused_alike(learner):
    nobody = User(email="nobody@example.com")
    guess(nobody, 6, address=SCHOOL)
    guess(learner, 6, address=SCHOOL)
    known, unknown = (
        browser_at(SCHOOL).post("/accounts/login/", {"login": user.email, "password": "x"}).context["form"]
        for user in (learner, nobody)
    )

    assert known.errors == unknown.errors
    assert "5 menit" in known.errors.as_text()


def test_owner_enters_after_the_wait(learner):
    guess(learner, limits.ACCOUNT_AND_ORIGIN.amount, address=SCHOOL)
    later = timezone.now() + limits.ACCOUNT_AND_ORIGIN.period + timedelta(seconds=1)

    assert limits.begin_attempt(learner.email, address=SCHOOL, browser=None, now=later)


def test_refused_attempts_do_not_lengthen_the_wait(learner):
    guess(learner, 40, address=SCHOOL)
    assert WrongPassword.objects.count() == limits.ACCOUNT_AND_ORIGIN.amount


def test_right_passwords_are_not_counted(learner):
    for _time in range(2 * limits.ACCOUNT_AND_ORIGIN.amount):
        assert sign_in(browser_at(SCHOOL), learner)
    assert not WrongPassword.objects.exists()


def test_known_browser_enters_in_spite_of_a_neighbour(learner):
    own = browser_at(SCHOOL)
    assert sign_in(own, learner)
    sign_out(own)
    guess(learner, 20, address=SCHOOL)

    assert sign_in(own, learner)


def test_known_browser_enters_in_spite_of_many_guessers(learner):
    own = browser_at(SCHOOL)
    assert sign_in(own, learner)
    sign_out(own)
    guess_from_everywhere(learner)

    assert not sign_in(browser_at(HOME), learner)
    assert sign_in(own, learner)


def test_known_browser_may_not_guess_for_ever(learner):
    own = browser_at(SCHOOL)
    sign_in(own, learner)
    sign_out(own)
    for number in range(limits.ACCOUNT_AND_ORIGIN.amount):
        sign_in(own, learner, f"a guess {number}")

    assert not sign_in(own, learner)


def test_browser_of_another_account_is_a_stranger(learner, other_learner):
    own = browser_at(SCHOOL)
    sign_in(own, other_learner)
    sign_out(own)
    guess_from_everywhere(learner)

    assert not sign_in(own, learner)


def test_forged_cookie_is_a_stranger(learner, settings):
    guess_from_everywhere(learner)
    forger = browser_at(HOME)
    forger.cookies[settings.BROWSER_COOKIE_NAME] = "WyJhIiwiYiJd:1abcde:forged"

    assert not sign_in(forger, learner)


def test_browser_remembers_ten_accounts_at_most(learner, settings):
    shared = browser_at(SCHOOL)
    people = [person(f"learner-{number}@example.com", "learner", "") for number in range(12)]
    for user in people:
        sign_in(shared, user)
        sign_out(shared)
    assert len(shared.cookies[settings.BROWSER_COOKIE_NAME].value) < 1000
    for user in (people[0], people[-1]):
        guess_from_everywhere(user)

    assert not sign_in(shared, people[0])
    assert sign_in(shared, people[-1])


def test_reset_password_opens_a_locked_account(client, learner):
    guess_from_everywhere(learner)
    learner.set_password("angin-laut-77")
    learner.save()

    assert sign_in(browser_at(HOME), learner, "angin-laut-77")


def test_new_password_of_the_command_opens_a_locked_account(learner):
    guess_from_everywhere(learner)
    out = StringIO()
    call_command("account", learner.email, "--new-password", stdout=out)

    assert sign_in(browser_at(HOME), learner, out.getvalue().split()[-1])


def test_changed_name_opens_no_locked_account(learner):
    guess_from_everywhere(learner)
    learner.name = "Sari W."
    learner.save()

    assert not sign_in(browser_at(HOME), learner)


def test_sixty_wrong_passwords_do_not_refuse_the_class(learner, other_learner):
    for number in range(60):
        sign_in(browser_at(SCHOOL), User(email=f"victim-{number % 12}@example.com"), "a guess")

    assert sign_in(browser_at(SCHOOL), learner)
    assert sign_in(browser_at(SCHOOL), other_learner)


def test_guesser_of_many_accounts_is_refused_in_the_end(learner):
    own = browser_at(SCHOOL)
    sign_in(own, learner)
    sign_out(own)
    fill(limits.ORIGIN.amount, lambda number: (f"victim-{number}@example.com", SCHOOL))

    assert not sign_in(browser_at(SCHOOL), User(email="another@example.com"), "a guess")
    assert WrongPassword.objects.count() == limits.ORIGIN.amount
    assert sign_in(own, learner)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_pass_no_limit(learner):
    def attempt(_number: int) -> bool:
        guess = limits.begin_attempt(learner.email, address=SCHOOL, browser=None, now=timezone.now())
        connection.close()
        return guess is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(24))) <= limits.ACCOUNT_AND_ORIGIN.amount


@pytest.mark.slow
@pytest.mark.usefixtures("at_noon")
def test_lock_outlives_ten_thousand_other_wrong_sign_ins(learner):
    guess(learner, limits.ACCOUNT_AND_ORIGIN.amount, address=SCHOOL)
    now = timezone.now()
    for number in range(10_000):
        address = f"10.{number >> 8 & 255}.{number & 255}.1"
        limits.begin_attempt(f"other-{number}@example.com", address=address, browser=None, now=now)

    assert WrongPassword.objects.count() == 10_000 + limits.ACCOUNT_AND_ORIGIN.amount
    assert not sign_in(browser_at(SCHOOL), learner)


def test_old_wrong_passwords_are_cleaned_away(learner):
    guess(learner, 5, address=SCHOOL)
    later = timezone.now() + limits.LONGEST + timedelta(seconds=1)
    limits.begin_attempt("other@example.com", address=HOME, browser=None, now=later)

    assert WrongPassword.objects.count() == 1


def test_table_holds_no_address(learner):
    guess(learner, 1, address=SCHOOL)
    row = WrongPassword.objects.get()

    assert not {learner.email, SCHOOL} & {row.account, row.origin}
    assert len(row.account) == len(row.origin) == 64


def test_cache_drops_nothing_that_has_not_expired():
    cache.set("first", "is kept", timeout=3600)
    for number in range(700):
        cache.set(f"other-{number}", number, timeout=3600)

    assert cache.get("first") == "is kept"
    assert all(cache.get(f"other-{number}") == number for number in (0, 350, 699))


def test_cache_drops_what_has_expired():
    for number in range(400):
        cache.set(f"old-{number}", number, timeout=-1)
        cache.set(f"young-{number}", number, timeout=3600)

    assert not cache.has_key("old-0")
    assert cache.has_key("young-0")
