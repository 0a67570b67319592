"""Tests answers that arrive after the end: they are kept, shown, and count only by a correction."""

import pytest
from django.utils import timezone

from modules.models import Attempt, Correction, LateAnswer, Notice
from modules.quizzes import answers, attempts, corrections
from modules.quizzes.corrections import Why
from modules.quizzes.withdrawal import withdraw
from tests.cast import NOON, a_quiz, at, keys, save, take

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
TWO = """\
### Planet terbesar?

- [ ] Mars
- [x] Jupiter

### Planet keempat?

- [=] Mars
"""


@pytest.fixture
def quiz():
    return a_quiz(TWO)


@pytest.fixture
def closed(learner, quiz) -> Attempt:
    """Returns a submitted attempt with the first question wrong and the second one empty."""
    return take(learner, quiz, ["Mars"])


@pytest.fixture
def why(instructor):
    return Why(instructor, "Jaringan sekolah mati", at(60))


def send_late(attempt: Attempt, text: str, *, slot: int = 1, now=None):
    response = attempt.responses.select_related("version").get(slot=slot)
    values = keys(response, text) if response.version.has_choices else [text]
    return save(attempt, answers.IncomingAnswer(values, 9, 0), slot=slot, now=now or at(5))


def test_late_answer_is_kept_and_does_not_count(closed):
    saved = send_late(closed, "Jupiter")
    assert (saved.accepted, saved.is_kept) == (False, True)
    late = LateAnswer.objects.get()
    assert (late.answer, late.arrived_at, late.counted_at) == (keys(late.response, "Jupiter"), at(5), None)
    assert (Attempt.objects.get().grade, late.response.answer) == (0, keys(late.response, "Mars"))


def test_late_answer_that_comes_again_is_kept_once(closed):
    send_late(closed, "Jupiter")
    assert send_late(closed, "Jupiter").is_kept
    assert send_late(closed, "Mars").is_kept  # the answer that is stored already
    assert LateAnswer.objects.count() == 1


def test_number_of_late_answers_has_a_limit(closed, monkeypatch):
    monkeypatch.setattr(answers, "MOST_LATE", 2)
    kept = [send_late(closed, text, slot=2).is_kept for text in ("Bumi", "Venus", "Mars")]
    assert (kept, LateAnswer.objects.count()) == ([True, True, False], 2)


def test_script_learns_that_the_answer_is_kept(closed, signed_in, learner, other_learner):
    address, sent = f"/attempts/{closed.pk}/questions/2/", {"answer": "Mars", "sequence": 1, "base": 0}
    reply = signed_in(learner).post(address, sent, headers=JSON).json()
    assert reply == {"closed": True, "kept": True, "url": f"/attempts/{closed.pk}/result/"}
    assert signed_in(other_learner).post(address, sent, headers=JSON).status_code == 404
    assert LateAnswer.objects.count() == 1


def test_resting_attempt_keeps_no_late_answer(learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    withdraw(quiz.module, by=None, now=timezone.now(), keeps_learners=False, with_attempts=True)
    assert not send_late(attempt, "Jupiter").is_kept
    assert not LateAnswer.objects.exists()


def test_learner_and_instructor_see_the_late_answer(closed, signed_in, learner, instructor):
    send_late(closed, "TERLAMBAT", slot=2)
    result = signed_in(learner).get(f"/attempts/{closed.pk}/result/").content.decode()
    admin = signed_in(instructor).get(f"/admin/modules/attempt/{closed.pk}/change/").content.decode()
    assert "TERLAMBAT" in result
    assert "TERLAMBAT" in admin


def test_hidden_answers_hide_the_late_one(learner, signed_in):
    quiz = a_quiz(TWO, front_matter="review:\n  while_open: marks\n  right_after: marks\n")
    attempt = take(learner, quiz, ["Mars"])
    send_late(attempt, "TERLAMBAT", slot=2)
    page = signed_in(learner).get(f"/attempts/{attempt.pk}/result/")
    assert [late.number for late in page.context["page"].late] == [2]
    assert "TERLAMBAT" not in page.content.decode()


def test_late_answer_counts_by_a_correction_only(closed, why):
    send_late(closed, "Jupiter")
    corrections.count_late(LateAnswer.objects.get(), why)
    late, attempt = LateAnswer.objects.get(), Attempt.objects.get()
    assert (attempt.grade, late.counted_at) == (50, at(60))
    assert (late.response.answer, late.replaced) == (late.answer, keys(late.response, "Mars"))
    assert list(Correction.objects.values_list("kind", "slot", "reason")) == [("late", 1, why.reason)]
    assert Notice.objects.get().after == 50

    corrections.count_late_no_more(late, why)
    late = LateAnswer.objects.get()
    assert (Attempt.objects.get().grade, late.counted_at) == (0, None)
    assert late.response.answer == keys(late.response, "Mars")


def test_open_attempt_refuses_to_count_a_late_answer(closed, why):
    send_late(closed, "Jupiter")
    corrections.reopen(closed, why)
    with pytest.raises(corrections.Impossible, match="open"):
        corrections.count_late(LateAnswer.objects.get(), why)


def test_instructor_counts_a_late_answer_with_a_reason(closed, signed_in, learner, instructor):
    send_late(closed, "Jupiter")
    address = f"/admin/modules/attempt/{closed.pk}/late/{LateAnswer.objects.get().pk}/"
    assert signed_in(learner).post(address, {"reason": "x"}).status_code in (302, 403, 404)
    browser = signed_in(instructor)
    assert browser.post(address, {"reason": ""}).status_code == 200
    assert Attempt.objects.get().grade == 0
    browser.post(address, {"reason": "Jaringan mati"})
    assert Attempt.objects.get().grade == 50
    browser.post(address, {"reason": "Ternyata tidak", "undo": "1"})
    assert Attempt.objects.get().grade == 0


def test_reopened_attempt_offers_the_late_answer(closed, why, signed_in, learner):
    send_late(closed, "TERLAMBAT", slot=2)
    corrections.reopen(closed, why)
    browser, address = signed_in(learner), f"/attempts/{closed.pk}/questions/2/"
    page = browser.get(address)
    assert page.context["page"].late.text == "TERLAMBAT"
    assert "TERLAMBAT" in page.content.decode()
    browser.post(address, {"answer": "TERLAMBAT", "base": page.context["page"].base, "go": "2"})
    assert Attempt.objects.get().responses.get(slot=2).answer == ["TERLAMBAT"]
    assert browser.get(address).context["page"].late is None


def test_kept_stored_answer_hides_the_late_one(closed, why, signed_in, learner):
    send_late(closed, "Jupiter")
    corrections.reopen(closed, why)
    browser, address = signed_in(learner), f"/attempts/{closed.pk}/questions/1/"
    page = browser.get(address).context["page"]
    browser.post(address, {"answer": page.stored_answer, "base": page.base, "go": "1"})
    assert browser.get(address).context["page"].late is None
