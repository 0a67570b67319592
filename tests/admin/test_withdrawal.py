"""Tests that unpublishing asks first, with numbers, and does what is chosen."""

import pytest
from django.utils import timezone

from modules.models import Attempt, Module
from modules.quizzes import attempts
from tests.cast import PLANETS, a_module, read_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


@pytest.fixture
def module(learner, other_learner) -> Module:
    """Returns a module that two learners have begun; one of them has an open attempt."""
    module = a_module(PLANETS)
    for reader in (learner, other_learner):
        read_all(reader, module)
    attempts.start(learner, module.quiz, now=timezone.now())
    return module


def page_of(module: Module) -> str:
    return f"/admin/modules/module/{module.pk}/withdrawal/"


def test_question_has_numbers_and_changes_nothing(browser, module):
    counts = browser.get(page_of(module)).context["counts"]
    assert (counts.learners, counts.finished, counts.open_attempts) == (2, 0, 1)
    assert Module.objects.get().is_published


@pytest.mark.parametrize(
    ("sent", "keeps_learners", "rests"),
    [
        ({"withdrawn_for": "newcomers"}, True, False),
        ({"withdrawn_for": "everybody"}, False, False),
        ({"withdrawn_for": "everybody", "with_attempts": "on"}, False, True),
    ],
)
def test_choice_is_done_and_named(browser, instructor, module, sent, keeps_learners, rests):
    browser.post(page_of(module), sent)
    withdrawn = Module.objects.get()
    assert (withdrawn.is_published, withdrawn.keeps_learners) == (False, keeps_learners)
    assert (withdrawn.withdrawn_by, Attempt.objects.get().is_withdrawn) == (instructor, rests)
    page = browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()
    assert ("those who have begun go on" in page) == keeps_learners


@pytest.mark.parametrize("sent", [{}, {"withdrawn_for": "newcomers", "with_attempts": "on"}])
def test_choice_that_says_nothing_is_asked_again(browser, module, sent):
    assert browser.post(page_of(module), sent).context["form"].errors
    assert Module.objects.get().is_published


def test_module_without_learners_needs_no_choice(browser):
    module = a_module(PLANETS)
    assert not browser.get(page_of(module)).context["form"].fields
    browser.post(page_of(module))
    assert not Module.objects.get().is_published


def test_publishing_again_brings_everything_back(browser, module):
    browser.post(page_of(module), {"withdrawn_for": "everybody", "with_attempts": "on"})
    browser.post(f"/admin/modules/module/{module.pk}/publication/", {"published": "yes"})
    published = Module.objects.get()
    assert (published.is_published, published.withdrawn_at, published.withdrawn_by) == (True, None, None)
    assert not Attempt.objects.get().is_withdrawn
