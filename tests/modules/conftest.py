"""Who looks at the pages of the tests of learning, and when."""

import pytest

from tests.modules.cast import NOON


@pytest.fixture
def at_noon(monkeypatch):
    """Stops the clock at the noon of these tests; before anybody signs in, since a sign-in does not last."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def as_learner(signed_in, learner):
    """A learner's browser, in English."""
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    return browser
