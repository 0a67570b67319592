"""A quiz that is under way comes first wherever its learner looks; and how far somebody is, is not more than it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from modules.models import Attempt, Module, Quiz, Reading
from modules.quizzes import attempts, corrections
from modules.reading import progress
from tests.cast import READABLE, a_module, a_quiz, read_all, take

pytestmark = pytest.mark.django_db

QUESTION = "### Dua tambah dua?\n\n- [ ] 3\n- [x] 4\n"
LIMITED = "time_limit: 30\nlate: grace\ngrace: 10\n"


@pytest.fixture
def begun(learner):
    """Starts an attempt, so many minutes ago, at a quiz with these rules."""

    def begun(minutes: int, front_matter: str = LIMITED) -> Attempt:
        quiz = a_quiz(QUESTION, front_matter=front_matter)
        read_all(learner, quiz.module)
        return attempts.start(learner, quiz, now=timezone.now() - timedelta(minutes=minutes))

    return begun


def words(browser, url: str) -> str:
    return " ".join(browser.get(url).content.decode().split())


def places(attempt: Attempt) -> list[str]:
    module = attempt.quiz.module
    return ["/", "/learning/", module.get_absolute_url(), attempt.quiz.get_absolute_url()]


def test_it_is_named_with_its_end_and_leads_back_to_it(as_learner, begun):
    attempt = begun(5)
    end = timezone.localtime(attempt.deadline)
    for url in places(attempt):
        page = words(as_learner, url)
        assert "Quiz under way, until " in page, url
        assert f"{end:%H:%M}" in page.partition("Quiz under way, until ")[2][:30], url
        assert f'href="{attempt.get_absolute_url()}">Go on with the quiz</a>' in page, url


def test_without_a_time_limit_it_is_named_too(as_learner, begun):
    attempt = begun(5, "pass_mark: 60\n")
    assert all("Quiz under way </span>" in words(as_learner, url) for url in places(attempt))


def test_when_its_time_is_up_it_is_to_be_submitted(as_learner, begun):
    attempt = begun(32)
    for url in places(attempt):
        page = words(as_learner, url)
        assert "Time is up. Submit by " in page, url
        assert f'href="{attempt.get_absolute_url()}">Submit</a>' in page, url


@pytest.mark.parametrize(("minutes", "ends_in"), [(5, 25), (32, 8)])
def test_before_submitting_a_clock_runs_until_answers_end_and_then_until_grace_does(
    as_learner, begun, minutes, ends_in
):
    page = as_learner.get(f"{begun(minutes).get_absolute_url()}submission/")
    assert ends_in * 60 - 30 < page.context["seconds_left"] <= ends_in * 60
    text = page.content.decode()
    assert "data-clock" in text
    assert "clock.js" in text
    assert ("After submitting, answers can no longer be changed." in text) == (minutes == 5)


def test_what_is_over_is_closed_and_not_named(as_learner, begun):
    attempt = begun(60)
    assert "Quiz under way" not in words(as_learner, "/")
    attempt.refresh_from_db()
    assert attempt.is_abandoned


def test_it_comes_before_a_module_that_was_read_later_even_one_that_is_finished(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    take(learner, quiz, ["4"])
    progress.record_reading(
        learner, a_module(READABLE).sections.get(identity="planet-dalam"), now=timezone.now()
    )
    assert as_learner.get("/").context["continue_with"].module.title == "Tata surya"
    attempts.start(learner, quiz, now=timezone.now() - timedelta(hours=1))
    assert as_learner.get("/").context["continue_with"].module == quiz.module


def test_what_is_under_way_in_a_module_that_is_not_published_is_not_named(as_learner, begun):
    attempt = begun(5)
    Module.objects.filter(pk=attempt.quiz.module_id).update(published_at=None)
    assert "Quiz under way" not in words(as_learner, "/")


def test_a_module_is_not_full_until_its_quiz_is_passed(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    (card,) = as_learner.get("/").context["cards"]
    outline = as_learner.get(quiz.module.get_absolute_url()).context["outline"]
    assert (card.done, card.steps) == (outline.done, outline.steps) == (1, 2)
    assert outline.percent == 50
    assert "1 of 1 section · quiz not passed yet" in words(as_learner, "/")

    take(learner, quiz, ["4"])

    (card,) = as_learner.get("/").context["cards"]
    assert (card.done, card.steps, card.waits_for_quiz) == (2, 2, False)


def test_who_has_finished_does_not_wait_for_the_quiz_that_they_no_longer_pass(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    attempt = take(learner, quiz, ["3"])
    why = corrections.Why(None, "Soal keliru.", timezone.now())
    question = attempt.responses.get().version.question
    corrections.give_full_marks(question, why)
    corrections.take_full_marks_back(question, why)

    page = words(as_learner, quiz.module.get_absolute_url())
    assert "You have finished this module." in page
    assert "quiz not passed yet" not in page + words(as_learner, "/")
    (card,) = as_learner.get("/").context["cards"]
    assert (card.done, card.steps, card.waits_for_quiz) == (1, 2, False)


def test_the_quiz_that_is_under_way_is_not_told_to_open_later(as_learner, learner):
    quiz = a_quiz(QUESTION, opens=Quiz.QuizOpens.AFTER_SECTIONS)
    read_all(learner, quiz.module)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    Reading.objects.update(lapsed_at=timezone.now())

    page = words(as_learner, quiz.module.get_absolute_url())
    assert "Go on with the quiz" in page
    assert "opens when all sections are read" not in page
    attempts.submit(attempt, now=timezone.now())
    assert "opens when all sections are read" in words(as_learner, quiz.module.get_absolute_url())


@pytest.mark.parametrize(("hours", "says"), [(1, True), (-1, False)])
def test_the_page_of_a_module_says_when_its_quiz_opens_until_it_does(as_learner, hours, says):
    quiz = a_quiz(QUESTION)
    Quiz.objects.update(opens_at=timezone.now() + timedelta(hours=hours))
    assert ("The quiz opens on " in words(as_learner, quiz.module.get_absolute_url())) == says


def test_without_a_quiz_a_module_is_full_when_it_is_read(as_learner, learner):
    read_all(learner, a_module(READABLE))
    (card,) = as_learner.get("/").context["cards"]
    assert (card.done, card.steps, card.waits_for_quiz) == (2, 2, False)


@pytest.mark.usefixtures("at_noon")
def test_the_page_of_a_quiz_says_once_what_holds_and_nothing_that_is_past(as_learner, learner):
    quiz = a_quiz(
        "### Mana?\n\n- [x] a\n- [x] b\n- [ ] c\n",
        front_matter="time_limit: 20\nattempts: 3\nwait: 10\nopens: 2026-01-01\ncloses: 2099-01-01\n",
    )
    rules = as_learner.get(quiz.get_absolute_url()).context["rules"]
    assert rules == [
        "When time is up, what you have answered is submitted by itself.",
        "The quiz closes on 1 Jan 2099, 24:00.",
        "Between two attempts there is a pause of 10 minutes.",
        "The highest grade counts.",
        "Where several choices are right: each right one adds, each wrong one takes as much away, never below 0.",
        "The right answers are shown once you have passed, or have no attempts left.",
    ]


def test_a_module_is_finished_by_its_condition_and_the_rules_stand_apart(as_learner):
    quiz = a_quiz(QUESTION, front_matter="time_limit: 20\n")
    page = words(as_learner, quiz.module.get_absolute_url())
    condition = page.partition("This module is finished when")[2].partition("</section>")[0]
    assert "An attempt lasts at most" not in condition
    assert "An attempt lasts at most" in page
