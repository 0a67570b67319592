"""Other rules of a quiz for somebody: who may make them, what they say, and what mistakes are told."""

from fractions import Fraction

import pytest

from modules.allowances import allowance_for
from modules.models import Override
from tests.modules.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

RULES = "---\ntime_limit: 20\nattempts: 2\n---\n"


@pytest.fixture
def module():
    return a_module(RULES + PLANETS)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def page(module) -> str:
    return f"/admin/modules/module/{module.pk}/overrides/"


def test_an_instructor_gives_a_learner_more_time(browser, module, learner):
    sent = {"email": learner.email.upper(), "time_factor": "1.5", "attempts_allowed": "4"}
    assert browser.post(page(module), sent).status_code == 302
    override = Override.objects.get()
    assert (override.learner, override.time_factor, override.attempts_allowed) == (learner, Fraction(3, 2), 4)
    assert allowance_for(module.quiz, learner).minutes == 30
    shown = browser.get(page(module)).content.decode()
    assert learner.email in shown
    assert "30 menit" in shown


def test_saving_again_changes_the_one_that_there_is(browser, module, learner):
    for minutes in ("5", "9"):
        browser.post(page(module), {"email": learner.email, "extra_minutes": minutes})
    assert Override.objects.get().extra_minutes == 9


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"email": "tidak.ada@example.com", "extra_minutes": "5"}, "Belum ada yang mendaftar"),
        ({"extra_minutes": "5"}, "untuk siapa"),
        ({"email": "sari@example.com"}, "apa yang berbeda"),
        ({"email": "sari@example.com", "time_factor": "0.5"}, "1"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_saved(browser, module, learner, sent, said):
    answer = browser.post(page(module), sent)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Override.objects.exists()


def test_an_override_is_taken_away(browser, module, learner):
    override = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=5)
    browser.post(f"{page(module)}{override.pk}/removal/")
    assert not Override.objects.exists()


def test_learners_have_no_say_in_it(signed_in, module, learner):
    assert (
        signed_in(learner).post(page(module), {"email": learner.email, "extra_minutes": "60"}).status_code
        == 302
    )
    assert not Override.objects.exists()
