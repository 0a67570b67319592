"""Tests how pages show an open attempt and the progress of a module."""

from datetime import timedelta

import pytest
from django.utils import timezone

from modules.models import Attempt, Quiz, Reading
from modules.quizzes import attempts, corrections
from modules.quizzes.withdrawal import withdraw
from modules.reading import progress
from tests.cast import READABLE, a_module, a_quiz, read_all, squeezed, take

pytestmark = pytest.mark.django_db

QUESTION = "### Dua tambah dua?\n\n- [ ] 3\n- [x] 4\n"
LIMITED = "time_limit: 30\nlate: grace\ngrace: 10\n"


@pytest.fixture
def start_attempt(learner):
    """Returns a function that starts an attempt the given number of minutes ago."""

    def start_attempt(minutes: int, front_matter: str = LIMITED) -> Attempt:
        quiz = a_quiz(QUESTION, front_matter=front_matter)
        read_all(learner, quiz.module)
        return attempts.start(learner, quiz, now=timezone.now() - timedelta(minutes=minutes))

    return start_attempt


def page_text(browser, url: str) -> str:
    return " ".join(browser.get(url).content.decode().split())


def pages_with_notice(attempt: Attempt) -> list[str]:
    module = attempt.quiz.module
    return ["/", "/learning/", module.get_absolute_url(), attempt.quiz.get_absolute_url()]


def test_open_attempt_is_linked_with_its_end(as_learner, start_attempt):
    attempt = start_attempt(5)
    end = timezone.localtime(attempt.deadline)
    for url in pages_with_notice(attempt):
        page = page_text(as_learner, url)
        assert "Quiz under way, until " in page, url
        assert f"{end:%H:%M}" in page.partition("Quiz under way, until ")[2][:30], url
        assert f'href="{attempt.get_absolute_url()}">Go on with the quiz</a>' in squeezed(page), url


def test_open_attempt_without_limit_is_named(as_learner, start_attempt):
    attempt = start_attempt(5, "pass_mark: 60\n")
    assert all("Quiz under way </span>" in page_text(as_learner, url) for url in pages_with_notice(attempt))


def test_overdue_attempt_asks_to_be_submitted(as_learner, start_attempt):
    attempt = start_attempt(32)
    for url in pages_with_notice(attempt):
        page = page_text(as_learner, url)
        assert "Time is up. Submit by " in page, url
        assert f'href="{attempt.get_absolute_url()}">Submit</a>' in squeezed(page), url


@pytest.mark.parametrize(("minutes", "ends_in"), [(5, 25), (32, 8)])
def test_submission_page_counts_down_to_deadline_then_grace(as_learner, start_attempt, minutes, ends_in):
    page = as_learner.get(f"{start_attempt(minutes).get_absolute_url()}submission/")
    assert ends_in * 60 - 30 < page.context["page"].seconds_left <= ends_in * 60
    text = page.content.decode()
    assert "data-clock" in text
    assert "clock.js" in text
    assert ("After submitting, answers can no longer be changed." in text) == (minutes == 5)


def test_expired_attempt_is_closed_and_not_named(as_learner, start_attempt):
    attempt = start_attempt(60)
    assert "Quiz under way" not in page_text(as_learner, "/")
    attempt.refresh_from_db()
    assert attempt.is_abandoned


def test_open_attempt_comes_before_recently_read_module(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    take(learner, quiz, ["4"])
    progress.record_reading(
        learner, a_module(READABLE).sections.get(identity="planet-dalam"), now=timezone.now()
    )
    assert as_learner.get("/").context["page"].resume.module.title == "Tata surya"
    attempts.start(learner, quiz, now=timezone.now() - timedelta(hours=1))
    assert as_learner.get("/").context["page"].resume.module == quiz.module


@pytest.mark.parametrize("with_attempts", [False, True])
def test_open_attempt_of_withdrawn_module_is_named_unless_it_rests(as_learner, start_attempt, with_attempts):
    module = start_attempt(5).quiz.module
    withdraw(module, by=None, now=timezone.now(), keeps_learners=False, with_attempts=with_attempts)
    assert ("Quiz under way" in page_text(as_learner, "/")) is not with_attempts
    assert f'href="{module.get_absolute_url()}"' not in as_learner.get("/").content.decode()


def test_progress_is_full_only_after_passing(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    (card,) = as_learner.get("/").context["page"].cards
    outline = as_learner.get(quiz.module.get_absolute_url()).context["outline"]
    assert (card.done, card.steps) == (outline.done, outline.steps) == (1, 2)
    assert outline.percent == 50
    assert "1 of 1 section · only the final quiz is left" in page_text(as_learner, "/")

    take(learner, quiz, ["4"])

    (card,) = as_learner.get("/").context["page"].cards
    assert (card.done, card.steps, card.waits_for_quiz) == (2, 2, False)


def test_finished_learner_need_not_pass_again(as_learner, learner):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    attempt = take(learner, quiz, ["3"])
    why = corrections.Why(None, "Soal keliru.", timezone.now())
    question = attempt.responses.get().version.question
    corrections.give_full_marks(question, why)
    corrections.take_full_marks_back(question, why)

    page = page_text(as_learner, quiz.module.get_absolute_url())
    assert "You have finished this module." in page
    assert "quiz not passed yet" not in page + page_text(as_learner, "/")
    (card,) = as_learner.get("/").context["page"].cards
    assert (card.done, card.steps, card.waits_for_quiz) == (1, 2, False)


def test_open_attempt_hides_when_quiz_opens(as_learner, learner):
    quiz = a_quiz(QUESTION, opens=Quiz.QuizOpens.AFTER_SECTIONS)
    read_all(learner, quiz.module)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    Reading.objects.update(lapsed_at=timezone.now())

    page = page_text(as_learner, quiz.module.get_absolute_url())
    assert "Go on with the quiz" in page
    assert "opens when all sections are read" not in page
    attempts.submit(attempt, now=timezone.now())
    assert "opens when all sections are read" in page_text(as_learner, quiz.module.get_absolute_url())


@pytest.mark.parametrize(("hours", "is_said"), [(1, True), (-1, False)])
def test_module_page_says_when_quiz_opens(as_learner, hours, is_said):
    quiz = a_quiz(QUESTION)
    Quiz.objects.update(opens_at=timezone.now() + timedelta(hours=hours))
    assert ("The quiz opens on " in page_text(as_learner, quiz.module.get_absolute_url())) == is_said


def test_progress_without_quiz_is_full_after_reading(as_learner, learner):
    read_all(learner, a_module(READABLE))
    (card,) = as_learner.get("/").context["page"].cards
    assert (card.done, card.steps, card.waits_for_quiz) == (2, 2, False)


@pytest.mark.usefixtures("at_noon")
def test_quiz_page_states_each_valid_rule_once(as_learner, learner):
    quiz = a_quiz(
        "### Mana?\n\n- [x] a\n- [x] b\n- [ ] c\n",
        front_matter="time_limit: 20\nattempts: 3\nwait: 10\nopens: 2026-01-01\ncloses: 2099-01-01\n",
    )
    rules = as_learner.get(quiz.get_absolute_url()).context["page"].rules
    assert [f"{rule.lead} {rule.words}".strip() for rule in rules] == [
        "20 minutes from the moment you press start, also while the page is closed."
        " When time is up, what you have answered is submitted by itself.",
        "The quiz closes on 1 Jan 2099, 24:00 WIB.",
        "3 attempts. The highest grade counts.",
        "Between two attempts there is a pause of 10 minutes.",
        "Where several choices are right: each right one adds, each wrong one takes as much away, never below 0.",
        "The right answers, and the explanations of what you missed, are shown once you have passed, have no attempts left, or the quiz has closed.",
    ]


@pytest.mark.parametrize(
    ("rules", "ending"),
    [
        ("", "are shown once you have passed."),
        ("attempts: 2\n", "are shown once you have passed, or have no attempts left."),
        ("closes: 2099-01-01\n", "are shown once you have passed, or the quiz has closed."),
        ("review: {after_closing: [right_answer]}\n", "are not shown."),
        (
            "review: {after_closing: [right_answer]}\ncloses: 2099-01-01\n",
            "are shown when the quiz has closed.",
        ),
    ],
)
def test_rule_of_review_names_no_moment_that_never_comes(as_learner, learner, rules, ending):
    quiz = a_quiz(QUESTION, front_matter=f"pass_mark: 100\n{rules}")
    sentence = as_learner.get(quiz.get_absolute_url()).context["page"].rules[-1].words
    assert sentence.endswith(ending)
    attempt = take(learner, quiz, ["3"], now=timezone.now())
    assert as_learner.get(f"/attempts/{attempt.pk}/result/").context["page"].review_rule == sentence


def test_completion_condition_is_separate_from_quiz_rules(as_learner):
    quiz = a_quiz(QUESTION, front_matter="time_limit: 20\n")
    page = page_text(as_learner, quiz.module.get_absolute_url())
    condition = page.partition("This module is finished when")[2].partition("</section>")[0]
    assert "An attempt lasts at most" not in condition
    assert "An attempt lasts at most" in page
