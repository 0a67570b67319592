"""Tests what the pages of a draft say about questions in other notations, and about parts that are missing."""

import pytest

from tests.admin.test_loading import upload

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
    page = page_of(browser, "soal,a,b,kunci\nApa?,x,y,A\n")

    assert (READY in page, "This document has no headings" in page) == (False, True)


def test_document_with_a_quiz_that_was_read_is_ready(browser):
    text = "# Air\n\n## Siklus\n\nAir menguap.\n\n## Kuis\n\n### Apa?\n\n- [x] a\n- [ ] b\n\n> [Siklus](#siklus)\n"

    assert READY in page_of(browser, text)
