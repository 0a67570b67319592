"""Tests that an instructor withdraws a module while a learner has an open attempt, and publishes it again."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import violations
from .conftest import Visit, cookies_of
from .server import Site
from .test_new_or_replace import made

pytestmark = pytest.mark.journey

TEXT = """\
---
slug: pompa
quiz_opens: at_once
---

# Pompa sepeda

## Katup

Ada tiga jenis katup.

## Kuis akhir

### Berapa jenis katup?

- [x] Tiga
- [ ] Dua
"""
WITHDRAWN = 410


def begin(page: Page) -> str:
    """Begins the module and an attempt at its quiz, answers, and returns the address of the question."""
    page.goto("/modules/pompa/")
    page.locator("form[action$='/enrolment/'] button").click()
    page.goto("/quizzes/pompa/")
    page.locator("main form[method=post] button").first.click()
    page.locator("label", has_text="Tiga").click()
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible()
    return page.url


def withdraw(page: Page, module: str, *ticks: str) -> None:
    page.goto(module)
    page.locator("a[href$='/withdrawal/']").click()
    expect(page.locator("dl.facts dd")).to_have_text(["1", "0", "1"])
    assert violations(page) == []
    for tick in ticks:
        page.locator(tick).check()
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(r"/change/$"))


def test_module_is_withdrawn_with_an_open_attempt(
    visit: Visit, site: Site, browser, instructor: StorageState
):
    email = "rudi@example.org"
    site.people["rudi"] = (email, site.manage("account", email, "--name", "Rudi").split()[-1])
    storage = cookies_of(site, browser, "rudi")
    teacher = visit(storage_state=instructor)
    module = made(teacher, TEXT)
    learner = visit(storage_state=storage, width=390, may_meet=[WITHDRAWN])
    question = begin(learner)

    withdraw(teacher, module, "[value=newcomers]")
    learner.goto("/modules/pompa/katup/")
    expect(learner.locator("main .note").first).to_contain_text("Modul ini ditarik")
    expect(learner.locator("h1")).to_have_text("Katup")
    stranger = visit().goto("/modules/pompa/")
    assert stranger is not None
    assert stranger.status == 404

    teacher.locator("button[name=published]").click()
    withdraw(teacher, module, "[value=everybody]", "[name=with_attempts]")
    for page in ("/modules/pompa/", "/modules/pompa/katup/", question):
        learner.goto(page)
        expect(learner.locator("h1")).to_have_text("Modul ini ditarik")
    assert violations(learner) == []

    teacher.locator("button[name=published]").click()
    learner.goto(question)
    expect(learner.locator("label", has_text="Tiga").locator("input")).to_be_checked()
    learner.goto(re.sub(r"questions/\d+/", "submission/", question))
    learner.locator("main form[method=post] button").last.click()
    expect(learner).to_have_url(re.compile(r"/result/$"))
