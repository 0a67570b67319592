"""Who looks at the pages of the tests of learning."""

import pytest


@pytest.fixture
def as_learner(signed_in, learner):
    """A learner's browser, in English."""
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    return browser
