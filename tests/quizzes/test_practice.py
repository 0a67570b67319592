"""Tests practice: checks in a text and missed questions. Practice is never graded, stored, or revealed too early."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Module, Reading, Response
from modules.quizzes import attempts, corrections
from modules.quizzes.corrections import Why
from tests.cast import a_module, a_quiz, squeezed, take

pytestmark = pytest.mark.django_db

TEXT = """\
    # Sepeda

    ## Rantai

    Rantai kotor cepat aus.

    ### Apa yang dipakai untuk mengelap? {.check}

    - [ ] Air sabun
      > RAHASIAUMPAN: menjadi basah.
    - [x] Kain kering

    > RAHASIAJELAS, lihat [Rem](#rem).

    Bacaan berlanjut.

    ### Berapa tetes? {.check}

    - [=] 777

    ## Rem

    Tekan tuas.
    """
CHECK = "/modules/sepeda/rantai/checks/apa-yang-dipakai-untuk-mengelap/"
QUESTIONS = """\
    ### Planet terbesar?

    - [ ] Mars
      > Mars kecil.
    - [x] Jupiter

    > Jupiter sebesar itu.

    ### Jumlah planet?

    - [=] 8

    ### Planet merah?

    - [=] Mars
    """


@pytest.fixture
def browser(signed_in, learner):
    return signed_in(learner)


def key_of(text: str) -> str:
    checks = Module.objects.get().sections.get(identity="rantai").checks
    return next(choice["key"] for choice in checks[0]["choices"] if choice["text"] == text)


def page_html(browser, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


# ------------------------------------------------------------------------------------- questions in a text


def test_section_shows_checks_without_keys(browser):
    a_module(TEXT)
    page = page_html(browser, "/modules/sepeda/rantai/")
    assert f'action="{CHECK}"' in page
    assert page.index("Air sabun") < page.index("Bacaan berlanjut") < page.index("Berapa tetes?")
    assert "RAHASIA" not in page
    assert "777" not in page


def test_check_answer_is_judged_and_not_stored(browser):
    a_module(TEXT)
    with CaptureQueriesContext(connection) as queries:
        wrong_page = page_html(browser, CHECK, answer=key_of("Air sabun"))
    assert "Belum tepat" in wrong_page
    assert "RAHASIAUMPAN" in wrong_page
    folds = wrong_page.split("<details")
    (solution,) = (fold for fold in folds if "RAHASIAJELAS" in fold)
    verdict = wrong_page.split("RAHASIAUMPAN")[0]
    assert "RAHASIAJELAS" not in verdict
    assert "(benar)" not in verdict
    assert "RAHASIAJELAS" in solution
    assert "(benar)" in solution
    assert "Benar" in page_html(browser, CHECK, answer=key_of("Kain kering"))
    assert not [
        query["sql"] for query in queries if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")
    ]
    assert not Reading.objects.exists()


def test_check_without_answer_shows_no_solution(browser):
    a_module(TEXT)
    for answer in ("", "keliru"):
        page = page_html(browser, CHECK, answer=answer)
        assert "Kain kering" in page
        assert "RAHASIA" not in page


def test_unknown_or_unpublished_check_is_not_found(browser, client):
    a_module(TEXT)
    assert browser.get("/modules/sepeda/rantai/checks/nichts/").status_code == 404
    assert client.get(CHECK).headers["Location"].startswith("/accounts/login/")
    Module.objects.update(published_at=None)
    assert browser.get(CHECK, follow=True).status_code == 404


def test_changes_page_shows_no_keys(browser, learner):
    module = a_module(TEXT)
    browser.post("/modules/sepeda/rantai/reading/", {"revision": module.current_id})
    text = module.text()
    for old, new in (("cepat aus", "lekas rusak"), ("menjadi basah", "basah kuyup"), ("777", "778")):
        text = text.replace(old, new)
    apply.apply_plan(
        planning.plan_document(module, uploads.parse_with_images(text)), by=None, now=timezone.now()
    )
    page = page_html(browser, "/modules/sepeda/rantai/changes/")
    assert "lekas" in page
    assert not [word for word in ("RAHASIA", "kuyup", "777", "778") if word in page]


def test_preview_judges_check_before_publication(signed_in, instructor):
    a_module(TEXT, published=False)
    instructor_browser = signed_in(instructor)
    page = page_html(instructor_browser, "/preview/modules/sepeda/rantai/")
    assert f'action="/preview{CHECK}"' in page
    assert "RAHASIAUMPAN" in page_html(instructor_browser, f"/preview{CHECK}", answer=key_of("Air sabun"))


# ------------------------------------------------------------------------------------------- missed questions


def practice_url(attempt: Attempt, number: int) -> str:
    return f"/attempts/{attempt.pk}/practice/{number}/"


def test_missed_questions_can_be_practised_repeatedly(browser, learner):
    attempt = take(learner, a_quiz(QUESTIONS), ["Mars", "8", ""], now=timezone.now())
    before = list(Response.objects.order_by("pk").values())
    assert f"/attempts/{attempt.pk}/practice/" in page_html(browser, f"/attempts/{attempt.pk}/result/")
    assert browser.get(f"/attempts/{attempt.pk}/practice/").headers["Location"] == practice_url(attempt, 1)

    assert "soal 2 dari 2" in page_html(browser, practice_url(attempt, 3))
    for _time in range(2):
        assert "Belum tepat" in page_html(browser, practice_url(attempt, 3), answer="Venus")
    assert "Benar" in page_html(browser, practice_url(attempt, 3), answer="mars")
    assert browser.get(practice_url(attempt, 2)).headers["Location"] == f"/attempts/{attempt.pk}/result/"
    assert list(Response.objects.order_by("pk").values()) == before


def test_practice_shows_right_answers_only_when_allowed(browser, learner):
    attempt = take(learner, a_quiz(QUESTIONS), ["Mars", "8", ""], now=timezone.now())
    assert "Jawaban benar" not in page_html(browser, practice_url(attempt, 3), answer="Venus")
    attempt = take(
        learner,
        a_quiz(QUESTIONS, front_matter="slug: lain\nreview: submitted\n"),
        ["Mars"],
        now=timezone.now(),
    )
    assert "Jawaban benar" in page_html(browser, practice_url(attempt, 3), answer="Venus")


@pytest.mark.parametrize("rules", ["attempts: 2\n", "wait: 60\n", "review: {right_after: [marks]}\n"])
def test_practice_is_hidden_before_next_attempt(browser, learner, rules):
    attempt = take(learner, a_quiz(QUESTIONS, front_matter=rules), ["Mars", "8", ""], now=timezone.now())
    assert "practice" not in page_html(browser, f"/attempts/{attempt.pk}/result/")
    for address in (practice_url(attempt, 1), f"/attempts/{attempt.pk}/practice/"):
        assert browser.get(address).headers["Location"] == f"/attempts/{attempt.pk}/result/"


def test_practice_is_hidden_during_open_attempt(browser, learner):
    quiz = a_quiz(QUESTIONS, front_matter="review: submitted\n")
    attempt = take(learner, quiz, ["Mars", "8", ""], now=timezone.now())
    result = f"/attempts/{attempt.pk}/result/"
    assert "Jupiter sebesar itu" in page_html(browser, result)
    attempts.start(learner, quiz, now=timezone.now())

    assert not [
        word
        for word in ("Jupiter sebesar itu", "Mars kecil", "practice")
        if word in page_html(browser, result)
    ]
    assert browser.get(practice_url(attempt, 1)).headers["Location"] == result


def test_practice_of_other_learners_is_not_found(signed_in, learner, other_learner):
    attempt = take(learner, a_quiz(QUESTIONS), ["Mars", "8", ""], now=timezone.now())
    assert signed_in(other_learner).get(practice_url(attempt, 1)).status_code == 404
    assert signed_in(other_learner).get(f"/attempts/{attempt.pk}/practice/").status_code == 404


def test_manual_mark_replaces_the_explanation_by_key(browser, learner, instructor):
    quiz = a_quiz(
        "### Planet luar?\n\n- [x] Saturnus\n- [x] Uranus\n- [ ] Venus\n\n### Jumlah planet?\n\n- [=] 8\n"
    )
    attempt = take(learner, quiz, [["Saturnus", "Venus"]], now=timezone.now())
    why = Why(instructor, "soal keliru", timezone.now())
    url = f"/attempts/{attempt.pk}/result/"
    assert [(review.state, bool(review.tally)) for review in browser.get(url).context["page"].reviews] == [
        ("wrong", True),
        ("unanswered", False),
    ]
    for question in quiz.questions.all():
        corrections.give_full_marks(question, why)
    response = browser.get(url)
    assert [(review.state, review.tally) for review in response.context["page"].reviews] == [
        ("granted", None)
    ] * 2
    assert (response.context["page"].right, response.context["page"].ways.practice_url) == (2, "")

    corrections.give_mark(attempt.responses.get(slot=2), Fraction(1, 2), why)
    assert [review.marked_by for review in browser.get(url).context["page"].reviews] == ["grant", "hand"]
    assert browser.get(url).context["page"].reviews[1].state == "partly"


# --------------------------------------------------------------------------------------- empty answers


def test_empty_answer_shows_an_error(browser, learner):
    a_module(TEXT)
    attempt = take(learner, a_quiz(QUESTIONS), ["Mars", "8", "Mars"])
    browser.cookies["language"] = "en"
    for address in (
        CHECK,
        "/modules/sepeda/rantai/checks/berapa-tetes/",
        f"/attempts/{attempt.pk}/practice/1/",
    ):
        page = page_html(browser, address, check="", answer=" ")
        assert '<p class="errorlist" role="alert">Choose or write an answer first.</p>' in squeezed(page), (
            address
        )
        assert 'role="alert"' not in page_html(browser, address), address
