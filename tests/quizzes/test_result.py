"""Tests the result page: the verdict, the grade that counts, the links, and the strip of questions."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from modules.models import Module
from modules.quizzes import attempts, corrections
from tests.cast import PLANETS, a_module, a_quiz, read_all, squeezed, take

pytestmark = pytest.mark.django_db

QUESTION = "### Dua tambah dua?\n\n- [ ] 3\n- [x] 4\n\n### Tiga tambah tiga?\n\n- [=] 6\n"
ALL_RIGHT, HALF_RIGHT, ALL_WRONG = ["4", "6"], ["4", "7"], ["3", "7"]


def result_html(browser, attempt) -> str:
    return " ".join(browser.get(reverse("result", args=[attempt.pk])).content.decode().split())


def quiz_html(browser, quiz) -> str:
    return " ".join(browser.get(quiz.get_absolute_url()).content.decode().split())


@pytest.mark.parametrize(
    ("counts", "answers", "heading", "sentence"),
    [
        ("average", [ALL_WRONG, ALL_RIGHT], "Not passed yet", "This attempt: 100. The grade that counts (the average of all grades): 50; the pass mark is 70."),
        ("first", [ALL_WRONG, ALL_RIGHT], "Not passed yet", "This attempt: 100. The grade that counts (the grade of the first attempt): 0; the pass mark is 70."),
        ("last", [ALL_RIGHT, HALF_RIGHT], "Not passed yet: 20 points are missing", "The pass mark is 70. What counts: the grade of the last attempt."),
        ("highest", [ALL_RIGHT, ALL_WRONG], "You have passed, by another attempt", "This attempt: 0. The grade that counts (the highest grade): 100; the pass mark is 70."),
        ("highest", [ALL_RIGHT], "You have passed", "The pass mark is 70."),
    ],
)  # fmt: skip
def test_verdict_follows_the_counting_grade(as_learner, learner, counts, answers, heading, sentence):
    quiz = a_quiz(QUESTION, front_matter=f"counts: {counts}\n")
    page = result_html(as_learner, [take(learner, quiz, texts) for texts in answers][-1])
    assert f"<h1>{heading}</h1>" in squeezed(page)
    assert sentence in page
    falls_short = heading.startswith("Not passed yet") or "This attempt: 0." in sentence
    assert ('class="verdict-box good"' not in page) == falls_short


def test_full_attempt_below_pass_mark_offers_retry(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="counts: average\n")
    page = result_html(as_learner, [take(learner, quiz, texts) for texts in (ALL_WRONG, ALL_RIGHT)][-1])
    assert "Try again to raise the grade that counts." in page
    assert f'<a class="button" href="{quiz.get_absolute_url()}">Try again</a>' in page
    assert "Choose another module" not in page


def test_result_says_first_grade_stays(as_learner, learner):
    page = result_html(as_learner, take(learner, a_quiz(QUESTION, front_matter="counts: first\n"), ALL_WRONG))
    assert "Another attempt does not change the grade that counts." in page


def test_counting_grade_is_hidden_with_its_parts(as_learner, learner):
    quiz = a_quiz(
        QUESTION,
        front_matter="counts: average\nreview:\n  right_after: [answer, marks]\n  while_open: [answer]\n",
    )
    take(learner, quiz, ALL_WRONG, now=timezone.now() - timedelta(days=1))
    page = result_html(as_learner, take(learner, quiz, ALL_RIGHT, now=timezone.now()))
    assert "What counts: the average of all grades." in page
    assert "The grade that counts" not in page + quiz_html(as_learner, quiz)


def test_quiz_page_shows_counting_grade_of_several_attempts(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="counts: average\n")
    take(learner, quiz, ALL_WRONG)
    assert "The grade that counts" not in quiz_html(as_learner, quiz)
    take(learner, quiz, ALL_RIGHT)
    assert "The grade that counts (the average of all grades): 50" in quiz_html(as_learner, quiz)


def test_pause_shows_its_end_and_other_links(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="wait: 30\n")
    submitted_at = timezone.now().replace(second=20)
    page = result_html(as_learner, take(learner, quiz, ALL_WRONG, now=submitted_at))
    next_start = timezone.localtime(submitted_at + timedelta(minutes=31))
    assert f"{next_start:%H:%M} WIB." in page.partition("You can try again from ")[2][:30]
    assert f'href="{quiz.module.get_absolute_url()}">Read it again</a>' in page
    assert f'href="{quiz.get_absolute_url()}">To the quiz page</a>' in page


def test_result_names_learner_and_submission_time(as_learner, learner):
    attempt = take(learner, a_quiz(QUESTION), ALL_RIGHT, now=timezone.now())
    day = timezone.localtime(attempt.submitted_at)
    page = result_html(as_learner, attempt)
    assert "Sari Wulandari" in page
    assert f"{day:%Y, %H:%M}" in page


@pytest.mark.parametrize("answers", [ALL_WRONG, ALL_RIGHT])
@pytest.mark.parametrize(
    "front_matter", ["attempts: 3\n", "wait: 30\n", "review:\n  right_after: [answer]\n"]
)
def test_result_has_no_links_to_unpublished_module(as_learner, learner, answers, front_matter):
    quiz = a_quiz(QUESTION, front_matter=front_matter)
    attempt = take(learner, quiz, answers, now=timezone.now())
    links = [quiz.module.get_absolute_url(), quiz.get_absolute_url()]
    assert any(f'href="{link}' in result_html(as_learner, attempt) for link in links)
    assert "was withdrawn" not in result_html(as_learner, attempt)

    Module.objects.update(published_at=None)
    page = result_html(as_learner, attempt)
    assert "This module was withdrawn. What you did in it is kept." in page
    assert not [link for link in links if f'href="{link}' in page]
    invitations = (
        "Try again",
        "try again",
        "2 attempts left",
        "Read the remaining sections",
        "Read it again",
    )
    assert not [words for words in invitations if words in page]


def test_missed_question_has_no_link_to_unpublished_section(as_learner, learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Mars", ["Venus"], "Venus", "9"])
    Module.objects.update(published_at=None)
    reviews = as_learner.get(reverse("result", args=[attempt.pk])).context["page"].reviews
    assert not [review for review in reviews if review.links]


def test_question_page_links_only_to_published_quiz(as_learner, learner):
    quiz = a_quiz(QUESTION)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    url = reverse("attempt_question", args=[attempt.pk, 1])
    for published_at, is_linked in ((timezone.now(), True), (None, False)):
        Module.objects.update(published_at=published_at)
        page = as_learner.get(url).content.decode()
        assert (f'href="{quiz.get_absolute_url()}"' in page) == is_linked


@pytest.mark.parametrize(
    ("rules", "minutes", "is_said"),
    [
        ("time_limit: 30\n", 40, True),
        ("time_limit: 30\nreview:\n  right_after: [answer]\n", 40, True),
        ("time_limit: 30\n", 20, False),
        ("time_limit: 30\nlate: grace\n", 35, False),
        ("time_limit: 30\nlate: abandon\n", 40, False),
        ("pass_mark: 50\n", 40, False),
    ],
)
def test_result_says_when_time_limit_submitted_it(as_learner, learner, rules, minutes, is_said):
    quiz = a_quiz(QUESTION, front_matter=rules)
    begun = timezone.now() - timedelta(hours=1)
    attempt = attempts.start(learner, quiz, now=begun)
    attempts.submit(attempt, now=begun + timedelta(minutes=minutes))
    sentence = "Time was up; the answers that were saved have been submitted."
    assert (sentence in result_html(as_learner, attempt)) == is_said


FOUR_QUESTIONS = (
    "".join(f"### Soal {n}?\n\n- [=] {n}\n\n" for n in range(1, 4)) + "### A?\n\n- [x] a\n- [x] b\n- [ ] c\n"
)


def strip_entries(browser, attempt) -> list[tuple[str, str]]:
    """Returns the state and the text of each number on the strip, and checks that each links to its question."""
    page = result_html(browser, attempt)
    shown = re.findall(r'<a href="#(question-\d)"(?: class="(\w+)")? ?>(.*?)</a>', page)
    assert all(f'<li id="{anchor}">' in page for anchor, _state, _words in shown)
    return [
        (state, " ".join(re.sub(r"<[^>]*>", " ", words).split()).replace(" ,", ","))
        for _anchor, state, words in shown
    ]


def test_strip_links_questions_with_their_state(as_learner, learner):
    attempt = take(learner, a_quiz(FOUR_QUESTIONS), ["1", "9", [], ["a"]])
    assert strip_entries(as_learner, attempt) == [
        ("right", "Question 1, Right"),
        ("wrong", "Question 2, Not right"),
        ("unanswered", "Question 3, Not answered"),
        ("partly", "Question 4, Partly right"),
    ]


def test_strip_hides_states_without_review(as_learner, learner):
    quiz = a_quiz(FOUR_QUESTIONS, front_matter="review:\n  right_after: [answer]\n  while_open: [answer]\n")
    attempt = take(learner, quiz, ["1", "9", [], ["a"]])
    assert strip_entries(as_learner, attempt) == [("", f"Question {n}") for n in range(1, 5)]


def test_submission_page_links_first_unanswered_question(as_learner, learner):
    attempt = attempts.start(learner, a_quiz(FOUR_QUESTIONS), now=timezone.now())
    page = squeezed(as_learner.get(reverse("submission", args=[attempt.pk])).content.decode())
    assert '<button class="button quiet">Submit</button>' in page
    assert f'<a class="button" href="/attempts/{attempt.pk}/questions/1/">To the open questions</a>' in page


def test_footnotes_of_result_have_unique_targets(as_learner, learner):
    quiz = a_quiz("""
        ### Dua tambah dua?[^h]

        Hitunglah.[^p]

        - [ ] 3[^c]
        - [x] 4
          > Benar.[^p]

        > Lihat tabelnya.[^p]

        ### Tiga tambah tiga?[^h]

        - [=] 6

        [^h]: Tanpa alat.
        [^p]: Dengan jari pun boleh.
        [^c]: Angka ganjil.
        """)
    page = result_html(as_learner, take(learner, quiz, ALL_RIGHT))
    names = re.findall(r' id="(s-[^"]*fn[^"]*)"', page)

    assert page.count("Tanpa alat.") == 2
    assert page.count("Angka ganjil.") == 1
    assert len(set(names)) == len(names) == 12
    assert set(re.findall(r'href="#(s-[^"]*fn[^"]*)"', page)) == set(names)


def test_manual_mark_shows_its_reason_with_marks(as_learner, learner, instructor):
    quiz = a_quiz(QUESTION)
    attempt = take(learner, quiz, HALF_RIGHT)
    response = attempt.responses.get(slot=2)
    why = corrections.Why(instructor, "Salah lihat.", timezone.now())
    corrections.give_mark(response, Fraction(1, 4), why)
    corrections.give_mark(
        response,
        Fraction(1, 2),
        corrections.Why(instructor, "Jalannya betul.\nSalah hitung.", timezone.now()),
    )
    page = result_html(as_learner, attempt)
    assert "Jalannya betul.<br>Salah hitung." in page
    assert "Salah lihat." not in page

    hidden_quiz = a_quiz(
        QUESTION.replace("Dua", "Empat"), front_matter="slug: lain\nreview:\n  right_after: [answer]\n"
    )
    hidden_attempt = take(learner, hidden_quiz, HALF_RIGHT)
    corrections.give_mark(hidden_attempt.responses.get(slot=2), Fraction(1, 2), why)
    assert "Salah lihat." not in result_html(as_learner, hidden_attempt)

    corrections.give_mark(response, None, why)
    assert "Jalannya betul." not in result_html(as_learner, attempt)


def test_finished_module_stays_finished_below_the_pass_mark(as_learner, learner, instructor):
    quiz = a_quiz(QUESTION)
    read_all(learner, quiz.module)
    attempt = take(learner, quiz, HALF_RIGHT)
    question = quiz.questions.select_related("current").last()
    corrections.give_full_marks(question, corrections.Why(instructor, "Rancu.", timezone.now()))
    corrections.take_full_marks_back(question, corrections.Why(instructor, "Jelas.", timezone.now()))
    page = result_html(as_learner, attempt)
    assert "Not passed yet" in page
    assert "You have finished this module, and it stays finished." in page
