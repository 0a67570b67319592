"""An attempt whose learner never came back is closed as its rules say when an instructor looks, wherever that is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from modules.models import Attempt, Correction, Draft
from modules.quizzes import attempts
from tests.cast import a_quiz, give
from tests.conftest import person

pytestmark = pytest.mark.django_db

ONE = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def quiz():
    return a_quiz(ONE, front_matter="time_limit: 10\n")


@pytest.fixture
def left(learner, quiz) -> Attempt:
    """An attempt that was begun an hour ago, and left with the right answer."""
    return left_by(learner, quiz)


def left_by(learner, quiz, *, hours: int = 1) -> Attempt:
    began = timezone.now() - timedelta(hours=hours)
    attempt = attempts.start(learner, quiz, now=began)
    give(attempt, 1, "Jupiter", now=began)
    return attempt


@pytest.fixture
def pages(instructor, quiz, left) -> dict[str, str]:
    """The pages on which instructors see attempts, by their names."""
    module = quiz.module
    draft = Draft.objects.create(
        author=instructor, module=module, base_revision=module.current, text=module.text() + "\nAkhir.\n"
    )
    return {
        "list": "/admin/modules/attempt/",
        "attempt": f"/admin/modules/attempt/{left.pk}/change/",
        "results": f"/admin/modules/module/{module.pk}/results/",
        "learners": f"/admin/modules/module/{module.pk}/results/learners.csv",
        "answers": f"/admin/modules/module/{module.pk}/results/answers.csv",
        "grades": f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/",
        "plan": f"/admin/modules/draft/{draft.pk}/plan/",
    }


NAMES = ("list", "attempt", "results", "learners", "answers", "grades", "plan")


@pytest.mark.parametrize("name", NAMES)
def test_whoever_looks_closes_what_is_late(browser, left, pages, name):
    shown = browser.get(pages[name])
    left.refresh_from_db()
    assert (left.submitted_at, left.grade) == (left.deadline, 100)
    if name == "plan":
        assert shown.context["plan"].open_attempts == 0
    elif name != "grades":
        assert "100" in shown.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_one_that_cannot_be_closed_hides_no_page(browser, left, pages, name, monkeypatch):
    def fails(attempt, *, now):
        raise RuntimeError

    monkeypatch.setattr(attempts.grading, "close", fails)
    assert browser.get(pages[name]).status_code == 200
    left.refresh_from_db()
    assert left.is_open


def test_one_that_has_time_left_stays_open(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=timezone.now())
    browser.get("/admin/modules/attempt/")
    attempt.refresh_from_db()
    assert attempt.is_open


def test_learners_close_nothing_there(signed_in, left, pages, learner):
    for page in pages.values():
        assert signed_in(learner).get(page).status_code == 302
    left.refresh_from_db()
    assert left.is_open


def test_closing_it_by_hand_finds_it_closed(browser, left):
    sent = {"action": "close", "reason": "tidak kembali"}
    browser.post(f"/admin/modules/attempt/{left.pk}/corrections/", sent)
    left.refresh_from_db()
    assert (left.submitted_at, Correction.objects.count()) == (left.deadline, 0)


def test_opening_and_deleting_remember_the_grade_that_it_had_come_to(browser, left):
    for action in ("reopen", "delete"):
        sent = {"action": action, "reason": "listrik padam", "minutes": ""}
        browser.post(f"/admin/modules/attempt/{left.pk}/corrections/", sent)
    assert [(one.kind, one.before) for one in Correction.objects.order_by("pk")] == [
        ("reopened", 100),
        ("deleted", None),
    ]


def test_another_one_that_is_late_does_not_keep_one_from_being_opened_again(browser, learner, quiz):
    first = attempts.submit(left_by(learner, quiz, hours=2), now=timezone.now() - timedelta(minutes=119))
    left_by(learner, quiz)
    sent = {"action": "reopen", "reason": "listrik padam", "minutes": ""}
    browser.post(f"/admin/modules/attempt/{first.pk}/corrections/", sent)
    assert [one.number for one in Attempt.objects.open()] == [first.number]


def test_a_mark_by_hand_counts_for_one_that_was_left(browser, left):
    browser.post(f"/admin/modules/attempt/{left.pk}/marks/1/", {"mark": "0", "reason": "menyontek"})
    left.refresh_from_db()
    assert left.grade == 0


@pytest.mark.parametrize("many", [0, 3])
def test_looking_for_late_ones_takes_one_query(django_assert_num_queries, learner, quiz, many):
    for number in range(many):
        one = person(f"peserta{number}@example.com", Role.LEARNER, "Peserta")
        attempts.start(one, quiz, now=timezone.now())
    with django_assert_num_queries(1):
        attempts.close_late(Attempt.objects.all(), now=timezone.now())
