"""Tests questions that are not graded: in a text, and the missed questions of an attempt."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import expect_usable, violations
from .conftest import Visit
from .server import Site
from .test_learner import new_account, sign_in_as

pytestmark = pytest.mark.journey

MODULE = """\
---
language: id
slug: merawat-sepeda
---
# Merawat sepeda

## Rantai

Rantai kotor cepat aus.

### Apa yang dipakai untuk mengelap? {.check}

- [ ] Air sabun
  > Rantai menjadi basah.
- [x] Kain kering
  > Tepat.

> Baca juga [Rem](#rem).

Bacaan berlanjut.

### Apa yang membuat aus? {.check}

- [x] Debu
- [x] Karat
- [ ] Oli

### Berapa tetes oli? {.check}

- [=] 1

## Rem

Tekan tuas.

## Kuis akhir

### Apa yang ditekan?

- [=] tuas

### Apa yang dilap?

- [ ] Sadel
  > Sadel tidak berantai.
- [x] Rantai

> Dibahas di [Rantai](#rantai).
"""
SECTION = "/modules/merawat-sepeda/rantai/"
CHECK = f"{SECTION}checks/apa-yang-dipakai-untuk-mengelap/"


@pytest.fixture(scope="module")
def bicycle(site: Site) -> None:
    file = site.folder / "merawat-sepeda.md"
    file.write_text(MODULE, encoding="utf-8")
    site.load(file)


@pytest.fixture
def learner(site: Site, bicycle: None, request: pytest.FixtureRequest) -> tuple[str, str]:
    return new_account(site, f"{request.node.name.replace('_', '-')}@example.org")


def verdict(page: Page):
    return page.locator("[data-checked]")


def test_practice_question_is_answered_by_keyboard(visit: Visit, learner: tuple[str, str]):
    page = visit(width=390)
    sign_in_as(page, *learner)
    page.goto(SECTION)
    form = page.locator("form[data-check]").first
    form.get_by_role("button").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Pilih atau tulis jawaban dahulu.")
    expect(page).to_have_url(re.compile(f"{SECTION}$"))
    assert violations(page) == []
    expect(form.locator("input").first).to_be_focused()
    page.keyboard.press("Space")
    expect(form.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Belum tepat")
    expect(verdict(page)).to_contain_text("Rantai menjadi basah.")
    expect(verdict(page).locator("h2")).to_be_focused()
    expect(page).to_have_url(re.compile(f"{SECTION}$"))
    assert violations(page) == []

    verdict(page).get_by_role("button", name="Coba lagi").press("Enter")
    expect(form.locator("input").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Benar")


def test_first_try_is_counted_for_the_instructor(
    visit: Visit, learner: tuple[str, str], instructor: StorageState
):
    page = visit()
    sign_in_as(page, *learner)
    page.goto("/modules/merawat-sepeda/")
    page.locator("form[action$='/enrolment/'] button").first.click()
    page.goto(SECTION)
    for chosen in (0, 1):
        with page.expect_response(re.compile("/checks/")):
            page.locator("form[data-check] input:visible").nth(chosen).check()
            page.locator("form[data-check] button").first.click()
        expect(verdict(page)).to_be_visible()
        verdict(page).get_by_role("button", name="Coba lagi").click()

    admin = visit(storage_state=instructor)
    admin.goto("/admin/modules/module/")
    admin.get_by_role("link", name="Merawat sepeda").first.click()
    admin.locator("a[href$='/questions/']").first.click()
    counts = admin.locator("section[aria-labelledby=checks] tbody tr").first.locator("td.number")
    expect(counts.first).to_have_text("1")
    expect(counts.last).to_have_text("0")


def test_practice_question_pages_are_accessible(visit: Visit, learner: tuple[str, str]):
    page = visit()
    sign_in_as(page, *learner)
    page.goto(SECTION)
    chosen = page.locator("form[data-check] input").first.get_attribute("value")
    expect_usable(
        page, SECTION, CHECK, f"{CHECK}?answer={chosen}", f"{SECTION}checks/berapa-tetes-oli/?answer=2"
    )


def test_practice_question_without_javascript(visit: Visit, learner: tuple[str, str]):
    page = visit(java_script_enabled=False)
    sign_in_as(page, *learner)
    page.goto(SECTION)
    form = page.locator("form.check").nth(1)
    for name in ("Debu", "Karat"):
        form.get_by_label(name).check()
    form.get_by_role("button").click()
    expect(verdict(page)).to_contain_text("Benar")
    page.get_by_role("link", name="Coba lagi").click()
    expect(page.get_by_label("Debu")).not_to_be_checked()
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_role("alert")).to_have_text("Pilih atau tulis jawaban dahulu.")
    expect(page.get_by_label("Debu")).to_be_visible()
    page.get_by_role("link", name="Kembali ke bagian").click()
    expect(page).to_have_url(re.compile(f"{SECTION}#s-apa-yang-membuat-aus$"))


def test_missed_questions_are_practised(visit: Visit, site: Site, learner: tuple[str, str]):
    page = visit(width=390)
    sign_in_as(page, *learner)
    for identity in ("rantai", "rem"):
        page.goto(f"/modules/merawat-sepeda/{identity}/")
        page.get_by_role("button", name="Selesai").click()
        page.wait_for_load_state()
    page.goto("/quizzes/merawat-sepeda/")
    page.get_by_role("button", name="Mulai kuis").click()
    page.get_by_label("Apa yang ditekan?").fill("tuas")
    page.get_by_role("button", name="Berikutnya").click()
    page.get_by_label("Sadel").check()
    page.get_by_role("button", name="Periksa dan kumpulkan").click()
    page.locator("form[action$='/submission/'] button").click()
    page.wait_for_url("**/result/")

    result = page.url
    page.get_by_role("link", name=re.compile("latih", re.IGNORECASE)).first.click()
    expect_usable(page, page.url)
    practice = page.url
    page.goto(practice)
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_role("alert")).to_have_text("Pilih atau tulis jawaban dahulu.")
    expect(page).to_have_url(practice)
    page.get_by_label("Sadel").check()
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(verdict(page)).to_contain_text("Belum tepat")
    expect(verdict(page)).not_to_contain_text("(benar)")  # not before the quiz is passed
    expect_usable(page, page.url)
    page.goto(practice)
    page.get_by_label("Rantai").check()
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(verdict(page)).to_contain_text("Benar")
    page.get_by_role("link", name="Kembali ke hasil").click()
    expect(page).to_have_url(result)
    expect(page.locator(".verdict-box .figure")).to_contain_text("50")
