"""Tests that a learner finds out about another grade, with the reason, and sees old and new marks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import expect_usable
from .conftest import Visit, sign_in
from .server import Site

pytestmark = pytest.mark.journey

SLUG = "memilah-sampah"
TEXT = f"""\
---
slug: {SLUG}
quiz_opens: at_once
---
# Memilah sampah

## Tiga wadah

Sampah rumah dipilah ke dalam tiga wadah.

## Kuis akhir

### Ke mana kulit pisang?

- [x] Wadah organik
- [ ] Wadah kertas

### Ke mana kardus yang basah oleh minyak?

- [ ] Wadah organik
- [x] Wadah kertas
"""
MENDED = TEXT.replace("- [ ] Wadah organik\n- [x] Wadah kertas", "- [x] Wadah organik\n- [ ] Wadah kertas")
REASON = "Kertas yang berminyak tidak dapat didaur ulang."
GRADE = "Nilai Anda berubah dari 50 menjadi 100: kunci soal 2 diperbaiki."


@pytest.fixture
def answered(site: Site, tmp_path: Path) -> Iterator[None]:
    """Loads the module, in which two learners have chosen what the key takes for wrong."""
    (tmp_path / "sampah.md").write_text(TEXT, encoding="utf-8")
    site.load(tmp_path / "sampah.md")
    for name in ("wati", "bowo"):
        email = f"{name}@example.org"
        site.people[name] = (email, site.manage("account", email, "--name", name.title()).split()[-1])
        call = f"from tests.journeys.scene import submit_choosing; submit_choosing('{email}', '{SLUG}', 'Wadah organik')"
        site.manage("shell", "-c", call)
    yield
    site.manage(
        "shell",
        "-c",
        f"from modules.models import *; Module.objects.filter(slug='{SLUG}').update(published_at=None)",
    )


def test_learners_find_out_about_another_grade(
    visit: Visit, site: Site, instructor: StorageState, answered: None
):
    load_the_mended_key(visit(storage_state=instructor))

    learner = visit(width=390, java_script_enabled=False)
    sign_in(learner, site, "wati")
    expect_news(learner, "/learning/", "/")
    open_the_result(learner)
    expect_no_news(learner, "/learning/", "/")

    other = visit()
    sign_in(other, site, "bowo")
    expect_usable(other, "/", "/learning/")
    expect_news(other, "/", "/learning/")
    other.get_by_role("button", name="Sudah saya lihat").click()
    expect(other).to_have_url("/learning/")
    expect_no_news(other, "/learning/", "/")


def load_the_mended_key(page: Page) -> None:
    """Uploads the mended file, grades the attempt again, and says why."""
    page.goto("/admin/modules/module/load/")
    page.locator("[name=file]").set_input_files(
        {"name": "sampah.md", "mimeType": "text/markdown", "buffer": MENDED.encode()}
    )
    page.locator("form[enctype] button").last.click()
    page.locator("button[value=replace]").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/plan/$"))
    page.get_by_label("Nilai ulang").first.check()
    page.get_by_label("Mengapa nilai berubah").fill(REASON)
    page.locator("button[name=action][value=load]").click()
    expect(page).to_have_url(re.compile(r"/admin/modules/module/\d+/change/$"))


def expect_news(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        expect(page.locator(".news")).to_contain_text(GRADE)
        expect(page.locator(".news")).to_contain_text(REASON)


def expect_no_news(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".news")).to_have_count(0)


def open_the_result(page: Page) -> None:
    """Follows the news to the result, which shows old and new marks with the reason."""
    page.locator(".news").get_by_role("link", name="Lihat hasil").click()
    expect(page).to_have_url(re.compile(r"/attempts/\d+/result/$"))
    changes = page.get_by_role("region", name="Yang berubah pada hasil ini")
    expect(changes).to_contain_text(GRADE)
    expect(changes).to_contain_text(REASON)
    expect(changes.get_by_role("listitem")).to_have_text(
        re.compile(r"Soal 2.*sebelumnya: 0, sekarang: 1", re.S)
    )
    expect(page.locator(".verdict-box .figure")).to_contain_text("100")
