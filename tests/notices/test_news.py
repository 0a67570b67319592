"""Tests that the first page and the learner's list tell what has changed, until the learner has seen it."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from modules.models import Notice, Quiz
from modules.quizzes import corrections
from modules.quizzes.corrections import Why
from tests.cast import PLANETS, READABLE, a_module, read_all, take
from tests.notices.test_grades import OTHER_KEY, RIGHT, load
from tests.notices.test_sections import ADDED
from tests.reading.changes import CHANGED, SPLIT, WHOLE, read, url
from tests.reading.changes import load as load_sections

pytestmark = pytest.mark.django_db

GRADE = "Your grade has changed from 100 to 75: the key of question 1 was corrected."
HIDDEN = "Your answers have been graded again. Your grade is not shown yet."


@pytest.fixture
def module(learner):
    module = a_module()
    read_all(learner, module)
    return module


@pytest.fixture
def attempt(learner, module):
    attempt = take(learner, module.quiz, RIGHT, now=timezone.now() - timedelta(days=1))
    load(OTHER_KEY, reason="Jupiter bukan jawabannya")
    Notice.objects.update(made_at=timezone.now())
    return attempt


def words(response) -> str:
    """Returns the text of a page in one line."""
    main = response.content.decode().split("<main")[1].split("</main")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def news(client, page: str = "home") -> list[str]:
    return [item.words for item in client.get(reverse(page)).context["page"].news]


@pytest.mark.parametrize("page", ["home", "learning"])
def test_changed_grade_is_told_with_reason_and_link(as_learner, attempt, page):
    response = as_learner.get(reverse(page))
    assert [item.words for item in response.context["page"].news] == [GRADE]
    assert "Jupiter bukan jawabannya" in words(response)
    assert f'href="{reverse("result", args=[attempt.pk])}"' in response.content.decode()


def test_news_is_in_the_language_of_its_reader(as_learner, attempt):
    as_learner.cookies["language"] = "id"
    assert news(as_learner) == ["Nilai Anda berubah dari 100 menjadi 75: kunci soal 1 diperbaiki."]


def test_result_shows_old_and_new_marks_and_ends_the_news(as_learner, attempt):
    text = words(as_learner.get(reverse("result", args=[attempt.pk])))
    assert GRADE in text
    assert "points before: 1, now: 0" in text
    assert news(as_learner) == news(as_learner, "learning") == []
    assert GRADE in words(as_learner.get(reverse("result", args=[attempt.pk])))


def test_looking_at_the_head_of_a_result_is_not_seeing_it(as_learner, attempt):
    as_learner.head(reverse("result", args=[attempt.pk]))
    assert news(as_learner) == [GRADE]


def test_button_ends_the_news_and_keeps_the_notice(as_learner, attempt):
    notice = Notice.objects.get()
    sent = {"notice": notice.pk, "back": "learning"}
    assert as_learner.post(reverse("notices_seen"), sent).url == reverse("learning")
    assert news(as_learner) == []
    notice.refresh_from_db()
    assert notice.seen_at is not None


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40])
def test_strange_keys_of_notices_change_nothing(as_learner, attempt, key):
    assert as_learner.post(reverse("notices_seen"), {"notice": key}).url == reverse("home")
    assert news(as_learner) == [GRADE]


def test_nobody_ends_the_news_of_another_learner(signed_in, other_learner, as_learner, attempt):
    signed_in(other_learner).post(reverse("notices_seen"), {"notice": Notice.objects.get().pk})
    assert news(as_learner) == [GRADE]
    assert news(signed_in(other_learner)) == []


def test_visitors_have_no_news(client, attempt):
    assert client.get("/").context["page"].news == ()
    assert client.post(reverse("notices_seen")).url.startswith(reverse("account_login"))


# ------------------------------------------------------------------------------------ what is withheld


def test_hidden_marks_are_not_told(as_learner, attempt):
    Quiz.objects.update(review="after_closing: answer marks", closes_at=timezone.now() + timedelta(days=1))
    response = as_learner.get("/")
    assert [(item.words, item.reason) for item in response.context["page"].news] == [(HIDDEN, "")]
    assert "Jupiter" not in words(response)
    result = words(as_learner.get(reverse("result", args=[attempt.pk])))
    assert not re.search(r"\b(100|75)\b|Jupiter bukan|points before", result)


def test_news_has_no_words_of_the_document(as_learner, attempt):
    item = as_learner.get("/").context["page"].news[0]
    document = set(re.findall(r"\w{4,}", PLANETS)) | {"Mars"}
    assert not document & set(re.findall(r"\w+", item.words))
    stored = Notice.objects.values_list("slots", flat=True).get()
    assert stored == [[1, "regraded", "1", "0", "Jupiter bukan jawabannya"]]


# ----------------------------------------------------------------------------------- attempts and sections


def test_marks_of_several_questions_are_told_in_one_sentence(as_learner, learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    why = Why(instructor, "Menyalin", timezone.now())
    for slot in (2, 4):
        corrections.give_mark(attempt.responses.get(slot=slot), Fraction(0), why)
    assert news(as_learner) == [
        "Your grade has changed from 100 to 50: an instructor marked questions 2 and 4. "
        "So the module is not finished any more."
    ]


def test_reopened_attempt_leads_to_its_questions(as_learner, learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.reopen(attempt, Why(instructor, "Listrik padam", timezone.now()))
    item = as_learner.get("/").context["page"].news[0]
    assert (item.words, item.url) == (
        "Attempt 1 is open again. You can go on where you stopped.",
        attempt.get_absolute_url(),
    )
    as_learner.get(item.url)
    assert news(as_learner) == []


def test_deleted_attempt_leads_to_the_quiz(as_learner, learner, instructor, module):
    attempt = take(learner, module.quiz, RIGHT)
    corrections.delete(attempt, Why(instructor, "Dua kali", timezone.now()))
    item = as_learner.get("/").context["page"].news[0]
    assert (item.words, item.url, item.reason) == (
        "An instructor deleted attempt 1: it counts no more. Your answers are kept. "
        "So the module is not finished any more.",
        module.quiz.get_absolute_url(),
        "Dua kali",
    )
    as_learner.get(item.url)
    assert news(as_learner) == []


def test_sections_to_read_again_are_one_news_until_opened(as_learner, learner):
    read_all(learner, a_module(READABLE))
    text = CHANGED.replace("Jupiter, Saturnus", "Jupiter yang sangat besar, Saturnus")
    load_sections(text, tell="again")
    (item,) = as_learner.get("/").context["page"].news
    assert item.words.startswith("Your instructor asks you to read these sections again")
    assert item.sections == [("Planet dalam", url()), ("Planet luar", url("planet-luar"))]
    as_learner.get(url())
    assert as_learner.get("/").context["page"].news[0].sections == [("Planet luar", url("planet-luar"))]
    as_learner.get(url("planet-luar"))
    assert news(as_learner) == []


def test_merged_section_is_news_of_a_new_part(as_learner, learner):
    a_module(SPLIT)
    read(learner, "planet")
    load_sections(WHOLE, tell=None)
    (item,) = as_learner.get("/").context["page"].news
    assert item.words == "This section has a new part that you have not read yet:"
    assert item.sections == [("Planet", url("planet"))]
    as_learner.get(url("planet"))
    assert news(as_learner) == []


def test_new_section_is_news_until_it_is_opened(as_learner, learner):
    read_all(learner, a_module(READABLE))
    load_sections(ADDED)
    assert news(as_learner) == [
        "This section was added after you had finished the module, which stays finished:"
    ]
    as_learner.get(url("komet"))
    assert news(as_learner) == []


# ---------------------------------------------------------------------------------------------- cost


def test_news_of_many_modules_costs_the_same(as_learner, learner, instructor, django_assert_max_num_queries):
    def delete_attempt_in(title: str) -> None:
        module = a_module(PLANETS.replace("# Tata surya", f"# {title}"))
        read_all(learner, module)
        attempt = take(learner, module.quiz, RIGHT)
        corrections.delete(attempt, Why(instructor, "Dua kali", timezone.now()))

    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            as_learner.get("/")
        return len(captured)

    for title in ("Satu", "Dua", "Tiga"):  # the front page asks for the sections of fewer
        delete_attempt_in(title)
    few = queries()
    for number in range(4):
        delete_attempt_in(f"Modul {number}")
    assert (queries(), len(news(as_learner))) == (few, 7)
