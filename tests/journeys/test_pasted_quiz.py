"""Tests that a quiz of a chat assistant is pasted, recognised, converted, compared, loaded, and taken by a learner."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from modules.document.syntax.parser import parse_document
from modules.document.syntax.values import Question

from .axe import PHONE, expect_usable
from .conftest import Visit
from .lesson import Lesson, expect_no_key, right_answers
from .server import Site
from .test_instructor import DRAFT, LOAD, MODULE, act, downloaded
from .test_learner import GO_ON, expect_passed, leave, new_account, sign_in_as

pytestmark = pytest.mark.journey

ANSWER = """\
Tentu! Berikut modul singkat beserta kuisnya:

```markdown
# Rantai sepeda dan olinya

## Rantai bersih

Lap rantai dengan kain kering, lalu beri oli.

## Kuis

**1. Apa yang membersihkan rantai?**

A. Air sabun
B. Kain kering
C. Bensin

**Jawaban: B**

**Pembahasan:** Air membuat rantai berkarat.

**2. Kapan oli diberikan?**

- A) Sebelum dilap
- B) Sesudah dilap ✅
- C) Tidak pernah

3. Mana yang membuat rantai berkarat? (2 poin)
   a. Oli
   b. Air
   Kunci: b
```

Semoga bermanfaat! Mau saya buatkan soal lagi?
"""
RIGHT = {
    "Apa yang membersihkan rantai?": ["Kain kering"],
    "Kapan oli diberikan?": ["Sesudah dilap"],
    "Mana yang membuat rantai berkarat?": ["Air"],
}


def paste(page: Page, text: str) -> None:
    page.goto(LOAD)
    page.locator("textarea[name=text]").fill(text)
    page.locator("form[enctype] button").last.click()


def test_quiz_of_a_chat_assistant_is_converted_loaded_and_taken(
    visit: Visit, instructor: StorageState, site: Site
):
    page = visit(storage_state=instructor)
    paste(page, ANSWER)
    expect(page).to_have_url(DRAFT)
    expect(page.locator("#foreign")).to_contain_text("3 soal")
    act(page, "publish")  # learners would see the key, so nothing is loaded yet
    expect(page).to_have_url(DRAFT)

    compare_and_convert(page)
    expect(page).to_have_url(DRAFT)
    expect(page.locator("#foreign")).to_have_count(0)
    act(page, "publish")
    expect(page).to_have_url(MODULE)
    made = Lesson(parse_document(downloaded(page).decode()))
    assert made.document.errors == ()
    assert [(question.title, words_of(question)) for question in made.questions] == list(RIGHT.items())
    take(visit(), made, site)


def compare_and_convert(page: Page) -> None:
    page.locator("section[aria-labelledby=foreign] a.button").click()
    expect(page).to_have_url(re.compile(r"/conversion/$"))
    expect(page.locator("section[aria-labelledby=questions]")).to_contain_text("Jawaban: B")
    expect(page.locator("section[aria-labelledby=losses]")).to_contain_text("Semoga bermanfaat!")
    expect_usable(page, page.url, narrowest=PHONE["width"])
    page.locator("form.bar-of-actions button").click()


def words_of(question: Question) -> list[str]:
    return [choice.text for choice in question.choices if choice.right]


def take(page: Page, made: Lesson, site: Site) -> None:
    """Reads the section, answers every question by its key, and passes."""
    sign_in_as(page, *new_account(site, "pasted@example.org"))
    page.goto(made.address)
    page.locator("form[action$='/enrolment/'] button").click()
    page.locator("form[action$='/reading/'] button").click()
    page.locator(f"form[action='{made.quiz_address}'] button").click()
    for _question in made.questions:
        question = made.question_on(page)
        expect_no_key(page, question)
        page.locator(f"[name=answer][value='{right_answers(question)[0]}']").check()
        expect(page.locator("[data-status][data-state=saved] [data-words]")).not_to_be_empty()
        leave(page, page.locator(GO_ON).click)
    page.locator("form[action$='/submission/'] button").click()
    expect_passed(page, made)
