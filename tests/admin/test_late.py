"""Tests that each admin page with attempts first closes the late ones, as their rules say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from modules.models import Attempt, Correction, Draft
from modules.quizzes import attempts
from tests.cast import a_quiz, give
from tests.conftest import person

pytestmark = pytest.mark.django_db

ONE_QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def quiz():
    return a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")


@pytest.fixture
def late_attempt(learner, quiz) -> Attempt:
    """Returns an open attempt whose time is up. It began an hour ago and has the right answer."""
    return start_late_attempt(learner, quiz)


def start_late_attempt(learner, quiz, *, hours: int = 1) -> Attempt:
    began = timezone.now() - timedelta(hours=hours)
    attempt = attempts.start(learner, quiz, now=began)
    give(attempt, 1, "Jupiter", now=began)
    return attempt


@pytest.fixture
def pages(instructor, quiz, late_attempt) -> dict[str, str]:
    """Returns the addresses of the pages that show attempts, by name."""
    module = quiz.module
    draft = Draft.objects.create(
        author=instructor, module=module, base_revision=module.current, text=module.text() + "\nAkhir.\n"
    )
    return {
        "list": "/admin/modules/attempt/",
        "attempt": f"/admin/modules/attempt/{late_attempt.pk}/change/",
        "results": f"/admin/modules/module/{module.pk}/results/",
        "learners": f"/admin/modules/module/{module.pk}/results/learners.csv",
        "answers": f"/admin/modules/module/{module.pk}/results/answers.csv",
        "grades": f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/",
        "plan": f"/admin/modules/draft/{draft.pk}/plan/",
    }


NAMES = ("list", "attempt", "results", "learners", "answers", "grades", "plan")


@pytest.mark.parametrize("name", NAMES)
def test_page_view_closes_late_attempt(browser, late_attempt, pages, name):
    shown = browser.get(pages[name])
    late_attempt.refresh_from_db()
    assert (late_attempt.submitted_at, late_attempt.grade) == (late_attempt.deadline, 100)
    if name == "plan":
        assert shown.context["page"].plan.open_attempts == 0
    elif name != "grades":
        assert "100" in shown.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_page_is_shown_when_closing_fails(browser, late_attempt, pages, name, monkeypatch):
    def fails(attempt, *, now):
        raise RuntimeError

    monkeypatch.setattr(attempts.grading, "close", fails)
    assert browser.get(pages[name]).status_code == 200
    late_attempt.refresh_from_db()
    assert late_attempt.is_open


def test_attempt_with_time_left_stays_open(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=timezone.now())
    browser.get("/admin/modules/attempt/")
    attempt.refresh_from_db()
    assert attempt.is_open


def test_learner_request_closes_no_attempt(signed_in, late_attempt, pages, learner):
    for page in pages.values():
        assert signed_in(learner).get(page).status_code == 302
    late_attempt.refresh_from_db()
    assert late_attempt.is_open


def test_late_attempt_is_closed_before_manual_close(browser, late_attempt):
    sent = {"action": "close", "reason": "tidak kembali"}
    browser.post(f"/admin/modules/attempt/{late_attempt.pk}/corrections/", sent)
    late_attempt.refresh_from_db()
    assert (late_attempt.submitted_at, Correction.objects.count()) == (late_attempt.deadline, 0)


def test_corrections_of_late_attempt_keep_its_grade(browser, late_attempt):
    for action in ("reopen", "delete"):
        sent = {"action": action, "reason": "listrik padam", "minutes": ""}
        browser.post(f"/admin/modules/attempt/{late_attempt.pk}/corrections/", sent)
    assert [(correction.kind, correction.before) for correction in Correction.objects.order_by("pk")] == [
        ("reopened", 100),
        ("deleted", None),
    ]


def test_late_attempt_does_not_block_reopening_another(browser, learner, quiz):
    first = attempts.submit(
        start_late_attempt(learner, quiz, hours=2), now=timezone.now() - timedelta(minutes=119)
    )
    start_late_attempt(learner, quiz)
    sent = {"action": "reopen", "reason": "listrik padam", "minutes": ""}
    browser.post(f"/admin/modules/attempt/{first.pk}/corrections/", sent)
    assert [attempt.number for attempt in Attempt.objects.open()] == [first.number]


def test_manual_mark_counts_for_late_attempt(browser, late_attempt):
    browser.post(f"/admin/modules/attempt/{late_attempt.pk}/marks/1/", {"mark": "0", "reason": "menyontek"})
    late_attempt.refresh_from_db()
    assert late_attempt.grade == 0


@pytest.mark.parametrize("open_count", [0, 3])
def test_search_for_late_attempts_takes_one_query(django_assert_num_queries, learner, quiz, open_count):
    for number in range(open_count):
        participant = person(f"peserta{number}@example.com", Role.LEARNER, "Peserta")
        attempts.start(participant, quiz, now=timezone.now())
    with django_assert_num_queries(1):
        attempts.close_late(Attempt.objects.all(), now=timezone.now())
