"""Tests that every page hides the marks and the pass that the rules of a quiz hide from a learner."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.models import Module, Override, Quiz
from modules.reading import outlines, visible_grades
from tests.cast import a_quiz, read_all, take

pytestmark = pytest.mark.django_db

QUESTIONS = """\
    ### Planet terbesar?

    - [ ] Mars
    - [x] Jupiter
      > Betul sekali.

    > Lihat gambar.

    ### Planet keempat?

    - [=] Mars
    """
BAR = r'<progress[^>]* max="(\d+)" value="(\d+)"'
HIDDEN = "review:\n  after_closing: [answer, marks]\n"
FAILED, PASSED = ["Mars", "Venus"], ["Jupiter", "Mars"]


@pytest.fixture
def browser(signed_in, learner):
    client = signed_in(learner)
    client.cookies["language"] = "en"
    return client


def hidden_quiz() -> Quiz:
    """Returns a quiz that closes tomorrow and shows marks only after that."""
    quiz = a_quiz(QUESTIONS, front_matter=HIDDEN)
    Quiz.objects.update(closes_at=timezone.now() + timedelta(days=1))
    quiz.refresh_from_db()
    return quiz


def visible_text(browser, url: str) -> str:
    """Returns the text and the progress bars of a page, without numbers of attempts and times."""
    main = browser.get(url).content.decode().split("<main")[1]
    bars = ["/".join(bar) for bar in re.findall(BAR, main)]
    return " ".join(bars) + re.sub(r"\s+|\d+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.S))


def texts_after_attempt(browser, learner, quiz: Quiz, answers: list) -> list[str]:
    """Submits an attempt and returns the texts of the learner's pages: result, quiz, module, section, catalogue."""
    attempt = take(learner, quiz, answers, now=timezone.now())
    module = quiz.module.get_absolute_url()
    pages = (
        f"/attempts/{attempt.pk}/result/",
        f"/quizzes/{quiz.module.slug}/",
        module,
        f"{module}bacaan/",
        "/",
    )
    return [visible_text(browser, page) for page in pages]


# ------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("quiz_hours", "own_hours", "is_shown"),
    [(-1, 5, False), (5, -1, True), (-1, None, True), (5, None, False)],
)
def test_grade_is_shown_by_the_learners_own_dates(learner, quiz_hours, own_hours, is_shown):
    now = timezone.now()
    quiz = a_quiz(QUESTIONS, front_matter=HIDDEN)
    take(learner, quiz, PASSED, now=now - timedelta(hours=2))
    Quiz.objects.update(closes_at=now + timedelta(hours=quiz_hours))
    if own_hours:
        Override.objects.create(quiz=quiz, learner=learner, closes_at=now + timedelta(hours=own_hours))
    assert visible_grades.visible_grades([quiz.module], learner) == (
        {quiz.module_id: 100} if is_shown else {}
    )


@pytest.mark.parametrize(("minutes_ago", "is_shown"), [(1, False), (3, True)])
def test_catalogue_hides_grade_right_after_attempt(learner, minutes_ago, is_shown):
    quiz = a_quiz(QUESTIONS, front_matter="review:\n  while_open: [marks]\n")
    take(learner, quiz, PASSED, now=timezone.now() - timedelta(minutes=minutes_ago))
    assert bool(visible_grades.visible_grades([quiz.module], learner)) == is_shown


def test_visible_grades_query_count_ignores_hidden_modules(learner):
    costs = []
    for number in range(4):
        quiz = a_quiz(QUESTIONS, front_matter=f"title: Modul {number}\n{HIDDEN}")
        take(learner, quiz, PASSED)
        with CaptureQueriesContext(connection) as captured:
            visible_grades.visible_grades(Module.objects.all(), learner)
        costs.append(len(captured))
    assert Module.objects.count() == 4
    assert costs == [2] * 4


# ------------------------------------------------------------------------------------- passing


def test_hidden_marks_reveal_no_pass_or_fail(browser, learner):
    """Compares the pages after a failed and a passed attempt. One section is unread, so passing finishes nothing."""
    quiz = hidden_quiz()
    failed = texts_after_attempt(browser, learner, quiz, FAILED)
    passed = texts_after_attempt(browser, learner, quiz, PASSED)
    assert passed[0] == failed[0]
    assert passed[2:] == failed[2:]
    assert passed[1].count("not shown yet") == 2
    assert not [page for page in passed if "passed" in page.replace("is passed with a grade", "")]


def test_pass_is_shown_once_marks_are_shown(browser, learner):
    quiz = hidden_quiz()
    texts_after_attempt(browser, learner, quiz, PASSED)
    assert not outlines.outline(quiz.module, learner).quiz.is_passed
    Quiz.objects.update(closes_at=timezone.now())
    assert outlines.outline(quiz.module, learner).quiz.is_passed
    assert ", passed" in visible_text(browser, quiz.module.get_absolute_url())


def test_finished_learner_sees_completion_without_grade(browser, learner):
    quiz = hidden_quiz()
    read_all(learner, quiz.module)
    result, _quiz, module, section, catalogue = texts_after_attempt(browser, learner, quiz, PASSED)
    assert "You have finished this module." in result
    assert "Choose another module" in result
    assert "Your grade is not shown yet." in result
    assert "You have finished this module." in module
    assert ", passed" in section
    assert "Grade" not in module + catalogue


@pytest.mark.parametrize("answers", [FAILED, PASSED])
def test_hidden_marks_show_quiz_submitted(browser, learner, answers):
    quiz = hidden_quiz()
    _result, _quiz, module, _section, catalogue = texts_after_attempt(browser, learner, quiz, answers)
    assert "section read · quiz submitted" in module
    assert "section · quiz submitted" in catalogue
    assert "quiz submitted" in visible_text(browser, "/learning/")

    Quiz.objects.update(closes_at=timezone.now())
    assert "quiz submitted" not in visible_text(browser, quiz.module.get_absolute_url()) + visible_text(
        browser, "/"
    )


def test_failed_quiz_is_shown_only_with_marks(browser, learner):
    quiz = hidden_quiz()
    read_all(learner, quiz.module)
    pages = texts_after_attempt(browser, learner, quiz, FAILED)
    assert not [page for page in pages if "quiz not passed yet" in page]
    Quiz.objects.update(closes_at=timezone.now())
    for page in (quiz.module.get_absolute_url(), "/"):
        assert "quiz not passed yet" in visible_text(browser, page)


def test_outline_query_count_ignores_hidden_pass(learner, other_learner):
    quiz, costs = hidden_quiz(), []
    module = quiz.module
    for person, answers in ((learner, FAILED), (other_learner, PASSED)):
        take(person, quiz, answers, now=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert outlines.outline(module, person).hides_marks
        costs.append(len(captured))
    assert costs == [3, 3]


def test_outline_needs_one_query_with_visible_marks(learner):
    quiz = a_quiz(QUESTIONS)
    take(learner, quiz, PASSED)
    with CaptureQueriesContext(connection) as captured:
        assert outlines.outline(quiz.module, learner).quiz.is_passed
    assert len(captured) == 1


# ----------------------------------------------------------------------------------- review by moment


def result_html(browser, learner, aspects: str) -> str:
    table = f"review:\n  right_after: [{aspects}]\n  while_open: [{aspects}]\n"
    attempt = take(learner, a_quiz(QUESTIONS, front_matter=table), ["Mars", "Mars"], now=timezone.now())
    return browser.get(f"/attempts/{attempt.pk}/result/").content.decode().split("<main")[1]


def test_result_shows_correctness_without_answers(browser, learner):
    html = result_html(browser, learner, "correctness, marks")
    assert "1 of 2 questions right." in html
    assert "Planet terbesar?" in html
    assert not [word for word in ("your answer", ">Your answer<", "Betul", "Lihat gambar") if word in html]


def test_result_shows_right_answers_without_own_answers(browser, learner):
    html = result_html(browser, learner, "marks, explanation, right_answer")
    assert all(word in html for word in ("Planet keempat?", "Right answer", "Lihat gambar", "0 of 1 point"))
    assert not [word for word in ("your answer", ">Your answer<", "Betul", "questions right") if word in html]


def test_result_shows_no_question_without_review(browser, learner):
    html = result_html(browser, learner, "")
    assert "Your answers are stored." in html
    assert "Planet" not in html
