"""What an instructor puts right in the admin: it asks for a reason, says what it does, and is not for others."""

import pytest

from modules.models import Attempt, Correction, Enrolment
from modules.quizzes import attempts
from tests.cast import NOON, a_quiz, at, give, take

pytestmark = pytest.mark.django_db

ONE = "### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n"


@pytest.fixture
def quiz():
    return a_quiz(ONE)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def address(attempt: Attempt, rest: str = "corrections/") -> str:
    return f"/admin/modules/attempt/{attempt.pk}/{rest}"


def test_an_attempt_is_closed_opened_and_deleted_with_a_reason(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    for action in ("close", "reopen", "delete"):
        browser.post(address(attempt), {"action": action, "reason": f"karena {action}", "minutes": ""})
    assert [one.reason for one in Correction.objects.all()] == [
        "karena close",
        "karena reopen",
        "karena delete",
    ]
    assert not Attempt.objects.exists()


def test_a_deleted_attempt_is_found_with_its_reason_and_brought_back(browser, learner, quiz):
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
    ("state", "found"), [("open", [3]), ("passed", [2]), ("missed", [1]), ("abandoned", []), ("", [1, 2, 3])]
)
def test_attempts_are_listed_by_their_state(browser, learner, quiz, state, found):
    take(learner, quiz, ["Mars"])
    take(learner, quiz, ["Jupiter"])
    attempts.start(learner, quiz, now=NOON)
    shown = browser.get(f"/admin/modules/attempt/?state={state}").context["cl"].result_list
    assert sorted(one.number for one in shown) == found


def test_without_a_reason_nothing_happens_and_that_is_said(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    shown = browser.post(address(attempt), {"action": "close", "reason": " "})
    assert shown.context["deeds"][0].form.errors["reason"]
    assert Attempt.objects.get().is_open


def test_what_an_attempt_does_not_allow_is_said(browser, learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    sent = {"action": "reopen", "reason": "salah pencet"}
    shown = browser.post(address(attempt), sent, follow=True).content.decode()
    assert "masih berjalan" in shown


@pytest.mark.parametrize(
    ("mark", "stored"), [("0,5", "1/2"), ("1", "1"), ("2", "0"), ("-1", "0"), ("satu", "0")]
)
def test_a_mark_by_hand_lies_between_nothing_and_all_points(browser, learner, quiz, mark, stored):
    attempt = take(learner, quiz, ["Mars"])
    browser.post(address(attempt, "marks/1/"), {"mark": mark, "reason": "jawaban lisan"})
    assert str(attempt.responses.get().mark) == stored
    browser.post(address(attempt, "marks/1/"), {"undo": "1", "reason": "keliru"})
    assert attempt.responses.get().mark == 0


def test_a_mark_that_is_wrong_stands_where_it_was_typed_with_its_reason(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    shown = browser.post(address(attempt, "marks/1/"), {"mark": "lima", "reason": "jawaban lisan"})
    form = shown.context["slots"][0].form
    assert (form.data["reason"], list(form.errors)) == ("jawaban lisan", ["mark"])
    assert "dari 0 sampai 1." in shown.content.decode()
    done = browser.post(address(attempt, "marks/1/"), {"mark": "1", "reason": "jawaban lisan"})
    assert done.url.endswith("?done=1#slot-1")


def test_an_attempt_with_an_impossible_number_is_not_found(browser, learner, quiz):
    sent = {"action": "close", "reason": "x"}
    assert browser.post(f"/admin/modules/attempt/{10**30}/corrections/", sent).status_code == 404


def test_what_was_answered_to_a_question_is_counted(browser, learner, other_learner, quiz):
    take(learner, quiz, ["Mars"])
    take(other_learner, quiz, ["Jupiter"])
    attempts.submit(attempts.start(learner, quiz, now=at(5)), now=at(6))
    page = f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/"
    answers = browser.get(page).context["answers"]
    assert (answers.total, answers.right, answers.unanswered) == (3, 1, 1)
    assert [(one.text, one.times, one.is_right) for one in answers.given] == [
        ("Mars", 1, False),
        ("Jupiter", 1, True),
    ]


def test_the_page_of_an_attempt_shows_what_was_put_right(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    browser.post(address(attempt, "marks/1/"), {"mark": "1", "reason": "jawaban lisan"})
    shown = browser.get(address(attempt, "change/")).content.decode()
    assert "jawaban lisan" in shown
    assert "Budi Hartono" in shown


def test_a_faulty_question_gets_full_marks_and_loses_them(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    page = f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/"
    for action, grade in (("full-marks", 100), ("no-full-marks", 0)):
        browser.post(page, {"action": action, "reason": "soal keliru"})
        attempt.refresh_from_db()
        assert attempt.grade == grade
    assert "soal keliru" in browser.get(page).content.decode()


def test_a_dry_run_names_who_changes_before_anything_does(browser, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get()
    mended = question.current
    mended.pk, mended.number = None, 2
    mended.choices = [one | {"right": not one["right"]} for one in mended.choices]
    mended.save()
    quiz.questions.update(current=mended)
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


def test_learners_put_nothing_right(signed_in, learner, quiz):
    attempt = take(learner, quiz, ["Mars"])
    given = {"mark": "1", "action": "delete", "reason": "saya mau"}
    for page in (
        address(attempt),
        address(attempt, "marks/1/"),
        f"/admin/modules/module/questions/{quiz.questions.get().pk}/grades/",
    ):
        assert signed_in(learner).post(page, given).status_code in (302, 403)
    assert (Correction.objects.count(), Attempt.objects.get().grade) == (0, 0)
