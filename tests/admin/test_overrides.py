"""Tests overrides of quiz rules in the admin: permissions, values, and error messages."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from modules.models import Override, Quiz
from modules.quizzes import attempts
from modules.quizzes.learner_rules import rules_for
from tests.cast import NOON, PLANETS, a_module, at, read_all
from tests.classes.rooms import a_class

pytestmark = pytest.mark.django_db

RULES = "---\ntime_limit: 20\nattempts: 2\n---\n"


@pytest.fixture
def module(learner):
    module = a_module(RULES + PLANETS)
    module.enrolments.create(learner=learner, begun_at=NOON, last_seen_at=NOON)
    return module


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def overrides_url(module) -> str:
    return f"/admin/modules/module/{module.pk}/overrides/"


def test_override_gives_learner_more_time(browser, module, learner):
    sent = {"learner": learner.pk, "time_factor": "1.5", "attempts_allowed": "4"}
    assert browser.post(overrides_url(module), sent).status_code == 302
    override = Override.objects.get()
    assert (override.learner, override.time_factor, override.attempts_allowed) == (learner, Fraction(3, 2), 4)
    assert rules_for(module.quiz, learner).minutes == 30
    shown = browser.get(overrides_url(module)).content.decode()
    assert learner.email in shown
    assert "30 menit" in shown


def test_override_form_lists_only_own_classes(browser, module, learner, instructor):
    group = a_class("Kelas B", by=instructor, members=[learner]).group
    other = a_class("Kelas C").group
    shown = browser.get(overrides_url(module)).content.decode()
    assert "Kelas B</option>" in shown
    assert "Instructors" not in shown
    assert "Kelas C" not in shown
    refused = browser.post(overrides_url(module), {"group": other.pk, "extra_minutes": "15"})
    assert list(refused.context["form"].errors) == ["group"]
    browser.post(overrides_url(module), {"group": group.pk, "extra_minutes": "15"})
    assert rules_for(module.quiz, learner).minutes == 35


def test_override_is_changed_in_place(browser, module, learner):
    override = Override.objects.create(
        quiz=module.quiz, learner=learner, time_factor=Fraction(3, 2), attempts_allowed=4
    )
    assert (
        f'href="{overrides_url(module)}{override.pk}/"' in browser.get(overrides_url(module)).content.decode()
    )

    shown = browser.get(f"{overrides_url(module)}{override.pk}/").content.decode()
    assert 'value="1.5"' in shown
    assert 'value="4"' in shown

    browser.post(f"{overrides_url(module)}{override.pk}/", {"time_factor": "", "attempts_allowed": "5"})
    override.refresh_from_db()
    assert (override.learner, override.time_factor, override.attempts_allowed) == (learner, None, 5)


def test_second_override_merges_form_with_existing_one(browser, module, learner):
    override = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=30)
    answer = browser.post(overrides_url(module), {"learner": learner.pk, "attempts_allowed": "3"})
    shown = answer.content.decode()
    assert "Belum ada yang disimpan" in shown
    assert f'action="{overrides_url(module)}{override.pk}/"' in shown
    assert answer.context["form"]["extra_minutes"].value() == 30
    assert answer.context["form"]["attempts_allowed"].value() == 3
    override.refresh_from_db()
    assert (override.extra_minutes, override.attempts_allowed) == (30, None)


def test_override_of_other_module_is_not_found(browser, module, learner):
    other = a_module(RULES + PLANETS.replace("# Tata surya", "# Yang lain"))
    foreign = Override.objects.create(quiz=other.quiz, learner=learner, extra_minutes=30)
    for tail in (f"{foreign.pk}/", f"{foreign.pk}/removal/", f"{10**30}/removal/"):
        assert browser.post(f"{overrides_url(module)}{tail}", {"extra_minutes": "1"}).status_code == 404
    assert Override.objects.get().extra_minutes == 30


def test_late_attempt_is_not_extended_by_override(browser, module, learner):
    read_all(learner, module)
    late = attempts.start(learner, module.quiz, now=timezone.now() - timedelta(days=3))
    sent = {"learner": learner.pk, "extra_minutes": "10"}
    shown = browser.post(overrides_url(module), sent, follow=True).content.decode()
    assert "Berlaku untuk percobaan yang dimulai" in shown
    late.refresh_from_db()
    assert (late.is_open, late.submitted_at) == (False, late.deadline)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"learner": "999999", "extra_minutes": "5"}, "Pilihlah peserta dari daftar"),
        ({"extra_minutes": "5"}, "untuk siapa"),
        ({"learner": "sari"}, "apa yang berbeda"),
        ({"learner": "sari", "time_factor": "0.5"}, "lebih besar dari atau sama dengan 1"),
        ({"learner": "sari", "attempts_allowed": "0"}, "bilangan bulat dari 1 sampai 1000"),
        ({"learner": "sari", "extra_minutes": "2147483648"}, "bilangan bulat dari 1 sampai 10080"),
        ({"learner": "sari", "closes_at": "9999-12-31T23:59"}, "tanggal yang memang ada"),
        ({"learner": "sari", "opens_at": "0001-01-01T00:00"}, "tanggal yang memang ada"),
    ],
)
def test_invalid_override_shows_error_and_saves_nothing(browser, module, learner, sent, message):
    sent = {name: str(learner.pk) if value == "sari" else value for name, value in sent.items()}
    answer = browser.post(overrides_url(module), sent)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert all(answer.context["form"][name].value() == value for name, value in sent.items())
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("sent", "invalid_field"),
    [
        ({"opens_at": 90, "closes_at": 30}, "closes_at"),
        ({"opens_at": 120}, "opens_at"),  # later than the quiz closes
        ({"closes_at": -60}, "closes_at"),  # sooner than the quiz opens
    ],
)
def test_override_cannot_close_before_opening(browser, module, learner, sent, invalid_field):
    Quiz.objects.update(opens_at=at(0), closes_at=at(60))
    sent = {name: f"{timezone.localtime(at(minutes)):%Y-%m-%dT%H:%M}" for name, minutes in sent.items()}
    answer = browser.post(overrides_url(module), {"learner": learner.pk} | sent)
    assert list(answer.context["form"].errors) == [invalid_field]
    assert all(answer.context["form"][name].value() == value for name, value in sent.items())
    assert not Override.objects.exists()


def test_override_needs_a_limit_to_extend(browser, module, learner):
    Quiz.objects.update(time_limit=None, attempts_allowed=None)
    limits = {"time_factor": "2", "extra_minutes": "5", "attempts_allowed": "3"}
    answer = browser.post(overrides_url(module), {"learner": learner.pk} | limits)
    assert set(answer.context["form"].errors) == set(limits)
    assert not Override.objects.exists()


def test_override_form_leaves_out_what_has_no_limit(browser, module, learner):
    limits = {"time_factor", "extra_minutes", "attempts_allowed"}
    assert limits < browser.get(overrides_url(module)).context["form"].fields.keys()

    Quiz.objects.update(time_limit=None)
    answer = browser.get(overrides_url(module))
    assert limits & answer.context["form"].fields.keys() == {"attempts_allowed"}
    assert "tidak punya batas waktu" in answer.content.decode()

    Quiz.objects.update(attempts_allowed=None)
    sent = {"learner": learner.pk, "closes_at": f"{timezone.localtime(at(60)):%Y-%m-%dT%H:%M}"}
    assert browser.post(overrides_url(module), sent).status_code == 302
    assert Override.objects.get().closes_at == at(60)


def test_override_form_keeps_a_field_that_is_filled_in(browser, module, learner):
    override = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=5)
    Quiz.objects.update(time_limit=None)
    url = f"{overrides_url(module)}{override.pk}/"
    form = browser.get(url).context["form"]
    assert {"extra_minutes"} == {"extra_minutes", "time_factor"} & form.fields.keys()
    browser.post(url, {"extra_minutes": "", "attempts_allowed": "4"})
    override.refresh_from_db()
    assert (override.extra_minutes, override.attempts_allowed) == (None, 4)


def test_override_can_be_removed(browser, module, learner):
    override = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=5)
    browser.post(f"{overrides_url(module)}{override.pk}/removal/")
    assert not Override.objects.exists()


def test_learners_cannot_create_overrides(signed_in, module, learner):
    assert (
        signed_in(learner)
        .post(overrides_url(module), {"learner": learner.pk, "extra_minutes": "60"})
        .status_code
        == 302
    )
    assert not Override.objects.exists()
