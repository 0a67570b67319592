"""What a quiz hides is hidden on every page: marks by each learner's own dates, and whether they have passed."""

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
    browser = signed_in(learner)
    browser.cookies["language"] = "en"
    return browser


def hidden_quiz() -> Quiz:
    """A quiz whose marks are shown when it has closed, which it does tomorrow."""
    quiz = a_quiz(QUESTIONS, front_matter=HIDDEN)
    Quiz.objects.update(closes_at=timezone.now() + timedelta(days=1))
    quiz.refresh_from_db()
    return quiz


def words(browser, url: str) -> str:
    """What is read on a page and how full its bars are, without numbers of attempts and times."""
    main = browser.get(url).content.decode().split("<main")[1]
    bars = ["/".join(bar) for bar in re.findall(BAR, main)]
    return " ".join(bars) + re.sub(r"\s+|\d+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.S))


def told(browser, learner, quiz: Quiz, answers: list) -> list[str]:
    """What the learner's pages say after an attempt."""
    attempt = take(learner, quiz, answers, now=timezone.now())
    module = quiz.module.get_absolute_url()
    pages = (
        f"/attempts/{attempt.pk}/result/",
        f"/quizzes/{quiz.module.slug}/",
        module,
        f"{module}bacaan/",
        "/",
    )
    return [words(browser, page) for page in pages]


# ------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("everybody", "mine", "shows"), [(-1, 5, False), (5, -1, True), (-1, None, True), (5, None, False)]
)
def test_a_grade_is_shown_by_ones_own_dates(learner, everybody, mine, shows):
    now = timezone.now()
    quiz = a_quiz(QUESTIONS, front_matter=HIDDEN)
    take(learner, quiz, PASSED, now=now - timedelta(hours=2))
    Quiz.objects.update(closes_at=now + timedelta(hours=everybody))
    if mine:
        Override.objects.create(quiz=quiz, learner=learner, closes_at=now + timedelta(hours=mine))
    assert visible_grades.visible_grades([quiz.module], learner) == ({quiz.module_id: 100} if shows else {})


@pytest.mark.parametrize(("ago", "shows"), [(1, False), (3, True)])
def test_a_grade_that_is_held_back_at_first_is_held_back_in_the_catalogue_too(learner, ago, shows):
    quiz = a_quiz(QUESTIONS, front_matter="review:\n  while_open: [marks]\n")
    take(learner, quiz, PASSED, now=timezone.now() - timedelta(minutes=ago))
    assert bool(visible_grades.visible_grades([quiz.module], learner)) == shows


def test_grades_cost_the_same_however_many_modules_hide_some(learner):
    costs = []
    for number in range(4):
        quiz = a_quiz(QUESTIONS, front_matter=f"title: Modul {number}\n{HIDDEN}")
        take(learner, quiz, PASSED)
        with CaptureQueriesContext(connection) as captured:
            visible_grades.visible_grades(Module.objects.all(), learner)
        costs.append(len(captured))
    assert Module.objects.count() == 4
    assert costs == [2] * 4


# ------------------------------------------------------------------------------------- having passed


def test_nothing_tells_who_has_passed_from_who_has_not(browser, learner):
    """As long as there is something left to read, so that passing does not finish the module."""
    quiz = hidden_quiz()
    failed = told(browser, learner, quiz, FAILED)
    passed = told(browser, learner, quiz, PASSED)
    assert passed[0] == failed[0]
    assert passed[2:] == failed[2:]
    assert passed[1].count("not shown yet") == 2
    assert not [text for text in passed if "passed" in text.replace("is passed with a grade", "")]


def test_it_is_told_once_marks_are_shown(browser, learner):
    quiz = hidden_quiz()
    told(browser, learner, quiz, PASSED)
    assert not outlines.outline(quiz.module, learner).quiz.is_passed
    Quiz.objects.update(closes_at=timezone.now())
    assert outlines.outline(quiz.module, learner).quiz.is_passed
    assert ", passed" in words(browser, quiz.module.get_absolute_url())


def test_who_has_finished_is_told_so_and_not_the_grade(browser, learner):
    quiz = hidden_quiz()
    read_all(learner, quiz.module)
    result, _quiz, module, section, catalogue = told(browser, learner, quiz, PASSED)
    assert "You have finished this module." in result
    assert "Choose another module" in result
    assert "Your grade is not shown yet." in result
    assert "You have finished this module." in module
    assert ", passed" in section
    assert "Grade" not in module + catalogue


@pytest.mark.parametrize("answers", [FAILED, PASSED])
def test_who_has_submitted_is_told_so_while_marks_are_hidden(browser, learner, answers):
    quiz = hidden_quiz()
    _result, _quiz, module, _section, catalogue = told(browser, learner, quiz, answers)
    assert "section read · quiz submitted" in module
    assert "section · quiz submitted" in catalogue
    assert "quiz submitted" in words(browser, "/learning/")

    Quiz.objects.update(closes_at=timezone.now())
    assert "quiz submitted" not in words(browser, quiz.module.get_absolute_url()) + words(browser, "/")


def test_who_has_read_all_and_submitted_is_not_told_that_they_have_not_passed(browser, learner):
    quiz = hidden_quiz()
    read_all(learner, quiz.module)
    pages = told(browser, learner, quiz, FAILED)
    assert not [page for page in pages if "quiz not passed yet" in page]
    Quiz.objects.update(closes_at=timezone.now())
    for page in (quiz.module.get_absolute_url(), "/"):
        assert "quiz not passed yet" in words(browser, page)


def test_a_path_asks_as_much_whether_or_not_somebody_has_passed_what_is_hidden(learner, other_learner):
    quiz, costs = hidden_quiz(), []
    module = quiz.module
    for person, answers in ((learner, FAILED), (other_learner, PASSED)):
        take(person, quiz, answers, now=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert outlines.outline(module, person).hides_marks
        costs.append(len(captured))
    assert costs == [3, 3]


def test_a_path_asks_no_more_where_marks_are_always_shown(learner):
    quiz = a_quiz(QUESTIONS)
    take(learner, quiz, PASSED)
    with CaptureQueriesContext(connection) as captured:
        assert outlines.outline(quiz.module, learner).quiz.is_passed
    assert len(captured) == 1


# ----------------------------------------------------------------------------------- a table of a review


def result(browser, learner, aspects: str) -> str:
    table = f"review:\n  right_after: [{aspects}]\n  while_open: [{aspects}]\n"
    attempt = take(learner, a_quiz(QUESTIONS, front_matter=table), ["Mars", "Mars"], now=timezone.now())
    return browser.get(f"/attempts/{attempt.pk}/result/").content.decode().split("<main")[1]


def test_questions_are_counted_and_judged_without_the_answers(browser, learner):
    shown = result(browser, learner, "correctness, marks")
    assert "1 of 2 questions right." in shown
    assert "Planet terbesar?" in shown
    assert not [word for word in ("your answer", ">Your answer<", "Betul", "Lihat gambar") if word in shown]


def test_right_answers_and_explanations_are_shown_without_the_answers(browser, learner):
    shown = result(browser, learner, "marks, explanation, right_answer")
    assert all(
        word in shown for word in ("Planet keempat?", "Right answer", "Lihat gambar", "points: 0 of 1")
    )
    assert not [
        word for word in ("your answer", ">Your answer<", "Betul", "questions right") if word in shown
    ]


def test_a_moment_at_which_nothing_is_shown_shows_no_question(browser, learner):
    shown = result(browser, learner, "")
    assert "Your answers are stored." in shown
    assert "Planet" not in shown
