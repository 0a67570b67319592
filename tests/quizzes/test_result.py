"""The page of a result: what it says of an attempt, of the grade that counts, and where it leads."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from modules.models import Module
from modules.quizzes import attempts, corrections
from tests.cast import PLANETS, a_module, a_quiz, read_all, take

pytestmark = pytest.mark.django_db

QUESTION = "### Dua tambah dua?\n\n- [ ] 3\n- [x] 4\n\n### Tiga tambah tiga?\n\n- [=] 6\n"
ALL, HALF, NONE = ["4", "6"], ["4", "7"], ["3", "7"]


def result(browser, attempt) -> str:
    return " ".join(browser.get(reverse("result", args=[attempt.pk])).content.decode().split())


def quiz_page(browser, quiz) -> str:
    return " ".join(browser.get(quiz.get_absolute_url()).content.decode().split())


@pytest.mark.parametrize(
    ("counts", "answers", "heading", "said"),
    [
        ("average", [NONE, ALL], "Not passed yet", "This attempt: 100. The grade that counts (the average of all grades): 50; the pass mark is 70."),
        ("first", [NONE, ALL], "Not passed yet", "This attempt: 100. The grade that counts (the grade of the first attempt): 0; the pass mark is 70."),
        ("last", [ALL, HALF], "Not passed yet", "The pass mark is 70. What counts: the grade of the last attempt."),
        ("highest", [ALL, NONE], "You have passed, by another attempt", "This attempt: 0. The grade that counts (the highest grade): 100; the pass mark is 70."),
        ("highest", [ALL], "You have passed", "The pass mark is 70."),
    ],
)  # fmt: skip
def test_the_verdict_is_that_of_the_grade_that_counts(as_learner, learner, counts, answers, heading, said):
    quiz = a_quiz(QUESTION, front_matter=f"counts: {counts}\n")
    page = result(as_learner, [take(learner, quiz, one) for one in answers][-1])
    assert f"<h1>{heading}</h1>" in page
    assert said in page
    falls_short = heading == "Not passed yet" or "This attempt: 0." in said
    assert ("score missed" in page) == falls_short


def test_who_has_not_passed_can_try_again_from_a_full_attempt(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="counts: average\n")
    page = result(as_learner, [take(learner, quiz, one) for one in (NONE, ALL)][-1])
    assert "Try again to raise the grade that counts." in page
    assert f'<a class="button" href="{quiz.get_absolute_url()}">Try again</a>' in page
    assert "Choose another module" not in page


def test_a_first_grade_that_counts_is_not_changed_by_another_attempt(as_learner, learner):
    page = result(as_learner, take(learner, a_quiz(QUESTION, front_matter="counts: first\n"), NONE))
    assert "Another attempt does not change the grade that counts." in page


def test_a_grade_that_counts_is_not_told_where_one_that_it_is_made_of_is_hidden(as_learner, learner):
    quiz = a_quiz(
        QUESTION,
        front_matter="counts: average\nreview:\n  right_after: [answer, marks]\n  while_open: [answer]\n",
    )
    take(learner, quiz, NONE, now=timezone.now() - timedelta(days=1))
    page = result(as_learner, take(learner, quiz, ALL, now=timezone.now()))
    assert "What counts: the average of all grades." in page
    assert "The grade that counts" not in page + quiz_page(as_learner, quiz)


def test_the_page_of_the_quiz_says_the_grade_that_counts_above_several_attempts(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="counts: average\n")
    take(learner, quiz, NONE)
    assert "The grade that counts" not in quiz_page(as_learner, quiz)
    take(learner, quiz, ALL)
    assert "The grade that counts (the average of all grades): 50" in quiz_page(as_learner, quiz)


def test_a_pause_ends_on_a_full_minute_and_until_then_there_are_ways_on(as_learner, learner):
    quiz = a_quiz(QUESTION, front_matter="wait: 30\n")
    ended = timezone.now().replace(second=20)
    page = result(as_learner, take(learner, quiz, NONE, now=ended))
    may_begin = timezone.localtime(ended + timedelta(minutes=31))
    assert f"{may_begin:%H:%M}." in page.partition("You can try again from ")[2][:30]
    assert f'href="{quiz.module.get_absolute_url()}">Read it again</a>' in page
    assert f'href="{quiz.get_absolute_url()}">To the quiz page</a>' in page


def test_a_result_says_whose_it_is_and_of_when(as_learner, learner):
    attempt = take(learner, a_quiz(QUESTION), ALL, now=timezone.now())
    day = timezone.localtime(attempt.submitted_at)
    page = result(as_learner, attempt)
    assert f"Sari Wulandari · submitted {day.day} " in page
    assert f"{day:%Y, %H:%M}" in page


@pytest.mark.parametrize("answers", [NONE, ALL])
@pytest.mark.parametrize(
    "front_matter", ["attempts: 3\n", "wait: 30\n", "review:\n  right_after: [answer]\n"]
)
def test_nothing_leads_into_a_module_that_is_not_published(as_learner, learner, answers, front_matter):
    quiz = a_quiz(QUESTION, front_matter=front_matter)
    attempt = take(learner, quiz, answers, now=timezone.now())
    ways = [quiz.module.get_absolute_url(), quiz.get_absolute_url()]
    assert any(f'href="{way}' in result(as_learner, attempt) for way in ways)
    assert "not published" not in result(as_learner, attempt)

    Module.objects.update(published_at=None)
    page = result(as_learner, attempt)
    assert "This module is not published at the moment." in page
    assert not [way for way in ways if f'href="{way}' in page]
    said = ("Try again", "try again", "2 attempts left", "Read the remaining sections", "Read it again")
    assert not [words for words in said if words in page]


def test_a_missed_question_leads_to_no_section_of_a_module_that_is_not_published(as_learner, learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Mars", ["Venus"], "Venus", "9"])
    Module.objects.update(published_at=None)
    reviews = as_learner.get(reverse("result", args=[attempt.pk])).context["reviews"]
    assert not [review for review in reviews if review.links]


def test_a_question_under_way_leads_to_no_quiz_page_that_is_not_there(as_learner, learner):
    quiz = a_quiz(QUESTION)
    attempt = attempts.start(learner, quiz, now=timezone.now())
    url = reverse("attempt_question", args=[attempt.pk, 1])
    for published_at, leads in ((timezone.now(), True), (None, False)):
        Module.objects.update(published_at=published_at)
        page = as_learner.get(url).content.decode()
        assert (f'href="{quiz.get_absolute_url()}"' in page) == leads


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
def test_a_result_says_where_time_submitted_it(as_learner, learner, rules, minutes, is_said):
    quiz = a_quiz(QUESTION, front_matter=rules)
    begun = timezone.now() - timedelta(hours=1)
    attempt = attempts.start(learner, quiz, now=begun)
    attempts.submit(attempt, now=begun + timedelta(minutes=minutes))
    said = "Time was up; the answers that were saved have been submitted."
    assert (said in result(as_learner, attempt)) == is_said


FOUR = (
    "".join(f"### Soal {n}?\n\n- [=] {n}\n\n" for n in range(1, 4)) + "### A?\n\n- [x] a\n- [x] b\n- [ ] c\n"
)


def strip(browser, attempt) -> list[tuple[str, str]]:
    """The state and the words of each number on the strip of a result, and whether it leads to its question."""
    page = result(browser, attempt)
    shown = re.findall(r'<a href="#(question-\d)"(?: class="(\w+)")?>(.*?)</a>', page)
    assert all(f'<li id="{anchor}">' in page for anchor, _state, _words in shown)
    return [(state, " ".join(re.sub(r"<[^>]*>", "", words).split())) for _anchor, state, words in shown]


def test_a_strip_leads_to_each_question_and_says_what_became_of_it(as_learner, learner):
    attempt = take(learner, a_quiz(FOUR), ["1", "9", [], ["a"]])
    assert strip(as_learner, attempt) == [
        ("right", "Question 1, Right"),
        ("wrong", "Question 2, Not right"),
        ("unanswered", "Question 3, Not answered"),
        ("partly", "Question 4, Partly right"),
    ]


def test_a_strip_says_no_more_than_may_be_shown(as_learner, learner):
    quiz = a_quiz(FOUR, front_matter="review:\n  right_after: [answer]\n  while_open: [answer]\n")
    attempt = take(learner, quiz, ["1", "9", [], ["a"]])
    assert strip(as_learner, attempt) == [("", f"Question {n}") for n in range(1, 5)]


def test_a_page_before_submitting_leads_to_what_is_open_first(as_learner, learner):
    attempt = attempts.start(learner, a_quiz(FOUR), now=timezone.now())
    page = " ".join(as_learner.get(reverse("submission", args=[attempt.pk])).content.decode().split())
    assert '<button class="button quiet">Submit</button>' in page
    assert f'<a class="button" href="/attempts/{attempt.pk}/questions/1/">To the open questions</a>' in page


def test_each_footnote_of_a_result_leads_to_its_own_note(as_learner, learner):
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
    page = result(as_learner, take(learner, quiz, ALL))
    names = re.findall(r' id="(s-[^"]*fn[^"]*)"', page)

    assert page.count("Tanpa alat.") == 2
    assert page.count("Angka ganjil.") == 1
    assert len(set(names)) == len(names) == 12
    assert set(re.findall(r'href="#(s-[^"]*fn[^"]*)"', page)) == set(names)


def test_a_mark_by_hand_says_why_where_marks_are_shown(as_learner, learner, instructor):
    quiz = a_quiz(QUESTION)
    attempt = take(learner, quiz, HALF)
    second = attempt.responses.get(slot=2)
    first = corrections.Why(instructor, "Salah lihat.", timezone.now())
    corrections.give_mark(second, Fraction(1, 4), first)
    corrections.give_mark(
        second, Fraction(1, 2), corrections.Why(instructor, "Jalannya betul.\nSalah hitung.", timezone.now())
    )
    page = result(as_learner, attempt)
    assert "Jalannya betul.<br>Salah hitung." in page
    assert "Salah lihat." not in page

    hidden = a_quiz(
        QUESTION.replace("Dua", "Empat"), front_matter="slug: lain\nreview:\n  right_after: [answer]\n"
    )
    other = take(learner, hidden, HALF)
    corrections.give_mark(other.responses.get(slot=2), Fraction(1, 2), first)
    assert "Salah lihat." not in result(as_learner, other)

    corrections.give_mark(second, None, first)
    assert "Jalannya betul." not in result(as_learner, attempt)
