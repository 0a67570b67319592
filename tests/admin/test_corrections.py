"""Tests corrections in the admin: the required reason, the effect shown, and who may correct."""

import pytest

from modules.models import Attempt, Correction, Enrolment
from modules.quizzes import attempts
from tests.cast import NOON, a_quiz, at, give, take

pytestmark = pytest.mark.django_db

ONE_QUESTION = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"


@pytest.fixture
def quiz():
    return a_quiz(ONE_QUESTION)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def address(attempt: Attempt, rest: str = "corrections/") -> str:
    return f"/admin/modules/attempt/{attempt.pk}/{rest}"


def test_attempt_actions_are_recorded_with_reason(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    for action in ("close", "reopen", "delete"):
        browser.post(address(attempt), {"action": action, "reason": f"karena {action}", "minutes": ""})
    assert [correction.reason for correction in Correction.objects.all()] == [
        "karena close",
        "karena reopen",
        "karena delete",
    ]
    assert not Attempt.objects.exists()


def test_deleted_attempt_is_listed_and_restored(browser, learner, quiz):
    attempt = take(learner, quiz, ["Jupiter"])
    browser.post(address(attempt), {"action": "delete", "reason": "percobaan guru"})
    listed = "/admin/modules/attempt/"
    assert address(attempt, "change/") not in browser.get(listed).content.decode()
    assert address(attempt, "change/") in browser.get(f"{listed}?state=deleted").content.decode()
    assert "percobaan guru" in browser.get(address(attempt, "change/")).content.decode()
    assert browser.post(address(attempt, "marks/1/"), {"mark": "0", "reason": "x"}).status_code == 404

    browser.post(address(attempt), {"action": "restore", "reason": "bukan milik guru"})
    assert Attempt.objects.get().grade == 100
    assert Enrolment.objects.get().passed_at is not None


@pytest.mark.parametrize(
    ("state", "numbers"),
    [("open", [3]), ("passed", [2]), ("missed", [1]), ("abandoned", []), ("", [1, 2, 3])],
)
def test_attempts_are_filtered_by_state(browser, learner, quiz, state, numbers):
    take(learner, quiz, ["Mars"])
    take(learner, quiz, ["Jupiter"])
    attempts.start(learner, quiz, now=NOON)
    shown = browser.get(f"/admin/modules/attempt/?state={state}").context["cl"].result_list
    assert sorted(attempt.number for attempt in shown) == numbers


def test_action_without_reason_is_refused(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    shown = browser.post(address(attempt), {"action": "close", "reason": " "})
    assert shown.context["corrections"][0].form.errors["reason"]
    assert Attempt.objects.get().is_open


def test_impossible_action_shows_its_cause(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    sent = {"action": "reopen", "reason": "salah pencet"}
    shown = browser.post(address(attempt), sent, follow=True).content.decode()
    assert "masih berjalan" in shown


@pytest.mark.parametrize(
    ("mark", "stored"), [("0,5", "1/2"), ("1", "1"), ("2", "0"), ("-1", "0"), ("satu", "0")]
)
def test_manual_mark_stays_between_zero_and_all_points(browser, learner, quiz, mark, stored):
    attempt = take(learner, quiz, ["Mars"])
    browser.post(address(attempt, "marks/1/"), {"mark": mark, "reason": "jawaban lisan"})
    assert str(attempt.responses.get().mark) == stored
    browser.post(address(attempt, "marks/1/"), {"undo": "1", "reason": "keliru"})
    assert attempt.responses.get().mark == 0


def test_invalid_mark_keeps_its_form_and_reason(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    shown = browser.post(address(attempt, "marks/1/"), {"mark": "lima", "reason": "jawaban lisan"})
    form = shown.context["slots"][0].form
    assert (form.data["reason"], list(form.errors)) == ("jawaban lisan", ["mark"])
    assert "dari 0 sampai 1." in shown.content.decode()
    done = browser.post(address(attempt, "marks/1/"), {"mark": "1", "reason": "jawaban lisan"})
    assert done.url.endswith("?done=1#slot-1")


def test_attempt_with_huge_number_is_not_found(browser, learner, quiz):
    sent = {"action": "close", "reason": "x"}
    assert browser.post(f"/admin/modules/attempt/{10**30}/corrections/", sent).status_code == 404


def test_grades_page_counts_answers_to_question(browser, learner, other_learner, quiz):
    take(learner, quiz, ["Mars"])
    take(other_learner, quiz, ["Jupiter"])
    attempts.submit(attempts.start(learner, quiz, now=at(5)), now=at(6))
    page = f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/"
    answers = browser.get(page).context["answers"]
    assert (answers.total, answers.right, answers.unanswered) == (3, 1, 1)
    assert [(answer.text, answer.times, answer.is_right) for answer in answers.counts] == [
        ("Mars", 1, False),
        ("Jupiter", 1, True),
    ]


def test_attempt_page_shows_manual_marks(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    browser.post(address(attempt, "marks/1/"), {"mark": "1", "reason": "jawaban lisan"})
    shown = browser.get(address(attempt, "change/")).content.decode()
    assert "jawaban lisan" in shown
    assert "Budi Hartono" in shown


def test_full_marks_are_granted_and_undone(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    page = f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/"
    for action, grade in (("full-marks", 100), ("no-full-marks", 0)):
        browser.post(page, {"action": action, "reason": "soal keliru"})
        attempt.refresh_from_db()
        assert attempt.grade == grade
    assert "soal keliru" in browser.get(page).content.decode()


def test_dry_run_lists_learners_before_regrading(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get()
    version = question.current
    version.pk, version.number = None, 2
    version.choices = [choice | {"right": not choice["right"]} for choice in version.choices]
    version.save()
    quiz.questions.update(current=version)
    page = f"/admin/modules/module/questions/{question.pk}/grades/"
    assert "Sari Wulandari" in browser.get(page).content.decode()
    attempt.refresh_from_db()
    assert attempt.grade == 0
    stale = browser.post(page, {"action": "regrade", "reason": "kunci diperbaiki", "shown": "lain"})
    assert "kunci diperbaiki" in stale.content.decode()
    attempt.refresh_from_db()
    assert attempt.grade == 0
    sign = stale.context["sign"]
    browser.post(page, {"action": "regrade", "reason": "kunci diperbaiki", "shown": sign})
    attempt.refresh_from_db()
    assert attempt.grade == 100
    assert "Sari Wulandari" not in browser.get(page).content.decode().partition("<main")[2]


def test_learners_cannot_correct_anything(signed_in, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    sent = {"mark": "1", "action": "delete", "reason": "saya mau"}
    for page in (
        address(attempt),
        address(attempt, "marks/1/"),
        f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/",
    ):
        assert signed_in(learner).post(page, sent).status_code in (302, 403)
    assert (Correction.objects.count(), Attempt.objects.get().grade) == (0, 0)
