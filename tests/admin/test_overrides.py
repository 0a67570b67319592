"""Other rules of a quiz for somebody: who may make them, what they say, and what mistakes are told."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from modules.models import Override, Quiz
from modules.quizzes import attempts
from modules.quizzes.learner_rules import rules_for
from tests.cast import PLANETS, a_module, at, read_all

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
    assert rules_for(module.quiz, learner).minutes == 30
    shown = browser.get(page(module)).content.decode()
    assert learner.email in shown
    assert "30 menit" in shown


def test_a_group_is_chosen_of_those_that_learners_may_be_in(browser, module, learner):
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    shown = browser.get(page(module)).content.decode()
    assert "Kelas B</option>" in shown
    assert "Instructors" not in shown
    browser.post(page(module), {"group": group.pk, "extra_minutes": "15"})
    assert rules_for(module.quiz, learner).minutes == 35


def test_the_rules_of_somebody_are_changed_where_they_stand(browser, module, learner):
    active = Override.objects.create(
        quiz=module.quiz, learner=learner, time_factor=Fraction(3, 2), attempts_allowed=4
    )
    assert f'href="{page(module)}{active.pk}/"' in browser.get(page(module)).content.decode()

    shown = browser.get(f"{page(module)}{active.pk}/").content.decode()
    assert 'value="1.5"' in shown
    assert 'value="4"' in shown

    browser.post(f"{page(module)}{active.pk}/", {"time_factor": "", "attempts_allowed": "5"})
    active.refresh_from_db()
    assert (active.learner, active.time_factor, active.attempts_allowed) == (learner, None, 5)


def test_who_has_other_rules_already_gets_them_with_what_was_filled_in(browser, module, learner):
    active = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=30)
    answer = browser.post(page(module), {"email": learner.email, "attempts_allowed": "3"})
    shown = answer.content.decode()
    assert "Belum ada yang disimpan" in shown
    assert f'action="{page(module)}{active.pk}/"' in shown
    assert answer.context["form"]["extra_minutes"].value() == 30
    assert answer.context["form"]["attempts_allowed"].value() == 3
    active.refresh_from_db()
    assert (active.extra_minutes, active.attempts_allowed) == (30, None)


def test_nobody_elses_override_is_changed_on_the_page_of_a_module(browser, module, learner):
    other = a_module(RULES + PLANETS.replace("# Tata surya", "# Yang lain"))
    foreign = Override.objects.create(quiz=other.quiz, learner=learner, extra_minutes=30)
    for tail in (f"{foreign.pk}/", f"{foreign.pk}/removal/", f"{10**30}/removal/"):
        assert browser.post(f"{page(module)}{tail}", {"extra_minutes": "1"}).status_code == 404
    assert Override.objects.get().extra_minutes == 30


def test_an_attempt_whose_time_was_up_is_not_said_to_have_more(browser, module, learner):
    read_all(learner, module)
    late = attempts.start(learner, module.quiz, now=timezone.now() - timedelta(days=3))
    sent = {"email": learner.email, "extra_minutes": "10"}
    shown = browser.post(page(module), sent, follow=True).content.decode()
    assert "Berlaku untuk percobaan yang dimulai" in shown
    late.refresh_from_db()
    assert (late.is_open, late.submitted_at) == (False, late.deadline)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"email": "tidak.ada@example.com", "extra_minutes": "5"}, "Belum ada yang mendaftar"),
        ({"extra_minutes": "5"}, "untuk siapa"),
        ({"email": "sari@example.com"}, "apa yang berbeda"),
        ({"email": "sari@example.com", "time_factor": "0.5"}, "lebih besar dari atau sama dengan 1"),
        ({"email": "sari@example.com", "attempts_allowed": "0"}, "bilangan bulat dari 1 sampai 1000"),
        ({"email": "sari@example.com", "extra_minutes": "2147483648"}, "bilangan bulat dari 1 sampai 10080"),
        ({"email": "sari@example.com", "closes_at": "9999-12-31T23:59"}, "tanggal yang memang ada"),
        ({"email": "sari@example.com", "opens_at": "0001-01-01T00:00"}, "tanggal yang memang ada"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_saved(browser, module, learner, sent, said):
    answer = browser.post(page(module), sent)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert all(answer.context["form"][name].value() == value for name, value in sent.items())
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"opens_at": 90, "closes_at": 30}, "closes_at"),
        ({"opens_at": 120}, "opens_at"),  # later than it closes for everybody
        ({"closes_at": -60}, "closes_at"),  # sooner than it opens for everybody
    ],
)
def test_it_cannot_close_for_somebody_before_it_opens(browser, module, learner, sent, wrong):
    Quiz.objects.update(opens_at=at(0), closes_at=at(60))
    sent = {name: f"{timezone.localtime(at(minutes)):%Y-%m-%dT%H:%M}" for name, minutes in sent.items()}
    answer = browser.post(page(module), {"email": learner.email} | sent)
    assert list(answer.context["form"].errors) == [wrong]
    assert all(answer.context["form"][name].value() == value for name, value in sent.items())
    assert not Override.objects.exists()


def test_what_has_no_limit_for_anybody_is_not_lengthened_for_somebody(browser, module, learner):
    Quiz.objects.update(time_limit=None, attempts_allowed=None)
    limits = {"time_factor": "2", "extra_minutes": "5", "attempts_allowed": "3"}
    answer = browser.post(page(module), {"email": learner.email} | limits)
    assert set(answer.context["form"].errors) == set(limits)
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
