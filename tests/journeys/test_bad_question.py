"""Tests that an instructor finds a question whose key is wrong, mends it, and sees the figure change."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import PHONE, expect_usable
from .conftest import Visit
from .server import Site

pytestmark = pytest.mark.journey

MODULE = """\
---
language: id
slug: merawat-rantai
---
# Merawat rantai

## Minyak

Lap dulu, lalu beri minyak.

### Apa yang lebih dulu? {.check}

- [x] Dilap
- [ ] Diberi minyak

## Kuis akhir

### Apa yang pertama dilakukan?

- [ ] Mengelap rantai
- [x] Memberi minyak
- [ ] Mengganti rantai

> Lihat [Minyak](#minyak).

### Berapa tetes?

- [=] 1

### Bagian apa yang ditekan?

- [=] tuas

### Warna minyak baru?

- [=] bening
"""
ABLE = ["Mengelap rantai", "1", "tuas rem", "bening"]
WEAK = ["Memberi minyak", "3", "roda", "hitam"]
MIDDLING = ["Mengganti rantai", "1", "Tuas Rem", "hitam"]


@pytest.fixture(scope="module")
def class_of_24(site: Site) -> None:
    file = site.folder / "merawat-rantai.md"
    file.write_text(MODULE, encoding="utf-8")
    site.load(file)
    answers = [ABLE] * 12 + [WEAK] * 6 + [MIDDLING] * 6
    call = f"from tests.journeys.scene import furnish_class; furnish_class('merawat-rantai', {answers!r})"
    site.manage("shell", "-c", call)


def open_module(page: Page) -> None:
    page.goto("/admin/modules/module/")
    page.get_by_role("link", name="Merawat rantai").first.click()


def apply(page: Page) -> None:
    """Looks at the plan, has the attempts graded again for a reason that learners read, and applies it."""
    expect(page).to_have_url(re.compile(r"/admin/modules/draft/\d+/plan/$"))
    page.locator("[name^='regrade:'][value=yes]").check()
    if page.locator("[name=reason]").count():
        page.locator("[name=reason]").fill("Kunci lama salah.")
    page.locator("button[name=action][value=load]").click()
    page.wait_for_url(re.compile(r"/admin/modules/module/\d+/change/$"))


def test_wrong_key_is_found_and_mended(visit: Visit, instructor: StorageState, class_of_24: None):
    page = visit(storage_state=instructor)
    open_module(page)
    page.get_by_role("link", name="Cara kerja soal").or_(page.locator("a[href$='/questions/']")).first.click()
    page.locator(".items tbody a").first.click()

    expect(page.locator(".note.bad")).to_contain_text("Mengelap rantai")
    expect(page.locator(".chart svg")).to_be_visible()
    expect(page.locator(".facts dd").first).to_contain_text("25 %")
    question = page.url
    page.locator("main a.button").first.click()
    text = page.locator("textarea[name=source]")
    mended = text.input_value().replace("[x] Memberi", "[ ] Memberi").replace("[ ] Mengelap", "[x] Mengelap")
    text.fill(mended)
    page.locator(".bar-of-actions button").click()
    apply(page)

    page.goto(question)
    expect(page.locator(".facts dd").first).to_contain_text("50 %")
    expect(page.locator(".note.bad")).to_have_count(0)


def test_typed_answer_is_counted_as_right(visit: Visit, instructor: StorageState, class_of_24: None):
    page = visit(storage_state=instructor, width=390)
    open_module(page)
    page.locator("a[href$='/questions/']").first.click()
    page.get_by_role("link", name="Bagian apa yang ditekan?").click()
    row = page.locator(".typed tbody tr").first
    expect(row).to_contain_text("tuas rem")
    expect(row.locator("td").first).to_contain_text("18")
    row.get_by_role("link").click()

    expect(page.locator("textarea[name=source]")).to_have_value(
        re.compile(r"- \[=\] tuas\n- \[=\] tuas rem\n")
    )
    page.locator(".bar-of-actions button").click()
    apply(page)
    open_module(page)
    page.locator("a[href$='/questions/']").first.click()
    page.get_by_role("link", name="Bagian apa yang ditekan?").click()
    expect(page.locator(".facts dd").first).to_contain_text("75 %")


def test_pages_of_questions_and_tokens_are_accessible(
    visit: Visit, instructor: StorageState, class_of_24: None
):
    page = visit(storage_state=instructor)
    open_module(page)
    table = page.url.replace("change/", "questions/")
    page.goto(table)
    opened = [str(link.get_attribute("href")) for link in page.locator(".items tbody th > a").all()[:4]]
    tokens = "/admin/modules/module/tokens/"
    expect_usable(page, table, *opened, tokens, narrowest=PHONE["width"])
    page.goto(tokens)
    page.locator("[name=name]").fill("Buku nilai")
    page.locator("main form.form button").click()
    expect(page.locator(".token")).to_contain_text("tuntas_")
