"""Gives every test its people, their browsers and a clock."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import NoReturn

import hypothesis
import pytest
from django.conf import settings
from django.test import Client

from accounts.hashers import Argon2Hasher
from accounts.models import User
from accounts.roles import Role, confirm_address, give
from tests.cast import NOON

PASSWORD = "buku-tulis-kertas-42"
HANGING = 120  # seconds; the slowest text takes a small part of that on a busy machine

# Continuous integration always tries the same examples. Elsewhere, each run tries new ones.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


def pytest_configure() -> None:
    Argon2Hasher.memory_cost, Argon2Hasher.time_cost = 8, 1  # most tests make a person, and none guesses
    # Hashed names need collected files. `make test` collects them once with the real storage instead.
    settings.HAS_MAIL = True  # in the outbox of the tests
    settings.ACCOUNT_MAX_EMAIL_ADDRESSES = None
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def person(email: str, role: Role, name: str) -> User:
    """Makes an account with a confirmed address and the password PASSWORD."""
    user = User.objects.create_user(email, PASSWORD, name=name)
    give(user, role)
    confirm_address(user)
    return user


@pytest.fixture
def learner(db: None) -> User:
    return person("sari@example.com", Role.LEARNER, "Sari Wulandari")


@pytest.fixture
def other_learner(db: None) -> User:
    return person("dewi@example.com", Role.LEARNER, "Dewi Lestari")


@pytest.fixture
def instructor(db: None) -> User:
    return person("budi@example.com", Role.INSTRUCTOR, "Budi Hartono")


@pytest.fixture
def administrator(db: None) -> User:
    return person("tuti@example.com", Role.ADMINISTRATOR, "Tuti Rahayu")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Returns a browser in which a person is signed in: ``signed_in(learner).get("/")``."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


@pytest.fixture
def at_noon(monkeypatch):
    """Stops the clock at NOON. Use it before anybody signs in, because a session expires."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def as_learner(signed_in, learner):
    """Returns a learner's browser in English."""
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def stopped_if_it_hangs() -> Iterator[None]:
    """Fails a test that would never end, for example in exponential time. It does not measure speed."""

    def stop(*_signal: object) -> NoReturn:
        raise AssertionError(f"not finished after {HANGING} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANGING)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
