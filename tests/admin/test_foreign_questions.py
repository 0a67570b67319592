"""Tests what the pages of a draft say about questions in other notations, and about parts that are missing."""

import pytest

from modules.admin import conversions
from modules.document.convert import recognise
from modules.models import Draft, Module
from tests.admin.test_loading import LOAD_URL, press, upload
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

READY = "No errors, no hints: this document is ready to be loaded."
NO_QUIZ = "This document has no final quiz."
WITHOUT_HINTS = "# Air\n\n## Siklus\n\nAir menguap.\n"
LETTERED = (
    "# Air\n\n## Siklus\n\nAir menguap.\n\n## Latihan\n\n1. Apa?\n   A. es\n   B. uap\n\n   Jawaban: {}\n"
)


@pytest.fixture
def browser(signed_in, instructor):
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    return browser


def page_of(browser, text: str) -> str:
    address = upload(browser, text).headers["Location"]
    return browser.get(address).content.decode()


def test_document_without_quiz_is_not_called_ready(browser):
    page = page_of(browser, WITHOUT_HINTS)

    assert (READY in page, NO_QUIZ in page) == (False, True)


def test_document_that_says_it_has_no_quiz_is_ready(browser):
    page = page_of(browser, f"---\nquiz: none\n---\n\n{WITHOUT_HINTS}")

    assert (READY in page, NO_QUIZ in page) == (True, False)


def test_document_without_headings_is_not_called_ready(browser):
    page = page_of(browser, "Air menguap, lalu turun sebagai hujan.\n")

    assert (READY in page, "This document has no headings" in page) == (False, True)


def test_document_with_a_quiz_that_was_read_is_ready(browser):
    text = "# Air\n\n## Siklus\n\nAir menguap.\n\n## Kuis\n\n### Apa?\n\n- [x] a\n- [ ] b\n\n> [Siklus](#siklus)\n"

    assert READY in page_of(browser, text)


def test_draft_names_the_notations_and_offers_to_convert(browser):
    page = page_of(browser, LETTERED.format("B"))

    assert "1 question in another notation" in page
    assert "letters with an answer or a key (1)" in page
    assert f'href="/admin/modules/draft/{Draft.objects.get().pk}/conversion/"' in page


def test_draft_in_our_notation_offers_nothing(browser):
    assert "conversion/" not in page_of(browser, PLANETS)


def test_conversion_shows_both_texts_and_what_is_lost(browser):
    upload(browser, LETTERED.format("D"))
    draft = Draft.objects.get()
    page = browser.get(f"/admin/modules/draft/{draft.pk}/conversion/").content.decode()

    assert "The answer “D” names none of the choices." in page
    assert "{.quiz}" in page
    assert Draft.objects.get().text == LETTERED.format("D")


def test_conversion_of_pasted_text_has_the_name_of_its_document(browser):
    browser.post(
        "/admin/modules/module/load/",
        {"text": "# Air\n\n## Soal\n\n1. Apa?\n\nA. es\nB. uap\n\nJawaban: B\n"},
    )
    page = browser.get(f"/admin/modules/draft/{Draft.objects.get().pk}/conversion/").content.decode()

    assert '<p class="eyebrow">Air</p>' in page
    assert "New document" not in page


def test_conversion_makes_a_draft_of_its_own(browser):
    upload(browser, LETTERED.format("B"))
    original = Draft.objects.get()
    answer = browser.post(f"/admin/modules/draft/{original.pk}/conversion/")
    made = Draft.objects.exclude(pk=original.pk).get()

    assert answer.headers["Location"] == f"/admin/modules/draft/{made.pk}/change/"
    assert "### Apa?\n\n- [ ] es\n- [x] uap\n" in made.text
    press(browser, answer.headers["Location"], "publish")
    assert Module.objects.get().quiz.questions.count() == 1


def test_conversion_of_other_author_is_not_found(browser, signed_in, administrator):
    upload(browser, LETTERED.format("B"))
    address = f"/admin/modules/draft/{Draft.objects.get().pk}/conversion/"

    assert signed_in(administrator).post(address).status_code == 404
    assert Draft.objects.count() == 1


def test_conversion_of_a_draft_without_such_questions_leads_back(browser):
    upload(browser, PLANETS)
    draft = Draft.objects.get()
    answer = browser.get(f"/admin/modules/draft/{draft.pk}/conversion/")

    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/change/"


def test_new_module_asks_whether_a_key_is_reading(browser):
    address = upload(browser, LETTERED.format("B")).headers["Location"]
    press(browser, address, "publish")
    assert not Module.objects.exists()
    assert 'name="as_reading"' in browser.get(address).content.decode()

    form = browser.get(address).context["form"]
    sent = {"text": form.initial["text"], "base_fingerprint": form.initial["base_fingerprint"]}
    browser.post(address, sent | {"action": "publish", "as_reading": "yes"})
    assert Module.objects.get().title == "Air"


def test_plan_asks_whether_a_new_key_is_reading(browser):
    module = a_module("# Air\n\n## Siklus\n\nAir menguap.\n")
    load = f"/admin/modules/module/{module.pk}/load/"
    address = upload(browser, LETTERED.format("B"), address=load).headers["Location"]
    page = browser.get(address).context["page"]
    sent = {
        "seal": page.fingerprint,
        "promised": page.promised,
        "base_revision": module.current_id,
        "action": "load",
    }

    refused = browser.post(address, sent).content.decode()
    assert "learners would see answers or a key" in refused
    browser.post(address, sent | {"as_reading": "yes"})
    module.refresh_from_db()
    assert "Jawaban: B" in module.text()


def test_module_that_shows_a_key_is_not_asked_again(browser):
    module = a_module(LETTERED.format("B"))
    load = f"/admin/modules/module/{module.pk}/load/"
    address = upload(browser, LETTERED.format("A"), address=load).headers["Location"]

    assert 'name="as_reading"' not in browser.get(address).content.decode()


def test_load_page_accepts_text_in_another_notation(browser):
    browser.post(LOAD_URL, {"text": LETTERED.format("B")})

    assert Draft.objects.count() == 1


def test_page_has_a_name_for_each_notation():
    assert set(conversions.NAMES) == {*recognise.SENTENCES, recognise.NEAR_MISS}


def test_conversion_has_no_tick_while_an_answer_remains(browser):
    essay = "\n2. Jelaskan!\n\nJawaban: " + "panas " * 30
    upload(browser, LETTERED.format("B") + essay)
    original = Draft.objects.get()
    address = f"/admin/modules/draft/{original.pk}/conversion/"
    page = browser.get(address).content.decode()
    browser.post(address)
    made = Draft.objects.exclude(pk=original.pk).get()

    assert "Everything was carried over" not in page
    assert "Jawaban: panas" in page
    press(browser, f"/admin/modules/draft/{made.pk}/change/", "publish")
    assert not Module.objects.exists()


def test_key_beside_our_quiz_is_asked_about(browser):
    address = upload(browser, PLANETS + "\n## Kunci Jawaban\n\n1. B\n2. A\n").headers["Location"]
    press(browser, address, "publish")
    page = browser.get(address).content.decode()

    assert not Module.objects.exists()
    assert 'name="as_reading"' in page
    assert "ready to be loaded" not in page


def test_quiz_without_questions_speaks_of_no_key(browser):
    address = upload(browser, "# M\n\n## A\n\nTeks.\n\n## Kuis akhir\n\nMenyusul.\n").headers["Location"]

    assert "The answer key is shown to you alone" not in browser.get(address).content.decode()
