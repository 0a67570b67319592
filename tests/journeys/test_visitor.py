"""Tests that a visitor reads what is open, signs up, and goes on: by mouse, by keyboard and without script."""

import pytest
from playwright.sync_api import Page, expect

from .axe import HALF_OF_THEM, expect_usable
from .conftest import Visit, speak
from .server import Site

pytestmark = pytest.mark.journey

PASSWORD = "angin-laut-77"
MODULE = "/modules/layang-layang/"
FIRST, SECOND = f"{MODULE}kerangka/", f"{MODULE}benang/"

TEXT = """\
---
slug: layang-layang
language: id
access: preview
---

# Layang-layang

Layang-layang yang baik dimulai dari kerangkanya.

## Kerangka

Bambu tua lebih kuat.

## Benang

Benang katun tidak melar.
"""


@pytest.fixture(scope="module", autouse=True)
def module(site: Site) -> None:
    """Publishes a module whose first section is open."""
    file = site.folder / "layang-layang.md"
    file.write_text(TEXT, encoding="utf-8")
    site.load(file)


def sign_up(page: Page, email: str) -> None:
    page.locator("[name=name]").fill("Rina Marlina")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password1]").press("Enter")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_visitor_reads_a_section_signs_up_and_is_back_there(visit: Visit, has_script: bool):
    page = visit(width=390, java_script_enabled=has_script)
    page.goto("/")
    page.get_by_role("link", name="Baca dulu tanpa akun").click()
    expect(page).to_have_url(FIRST)
    expect(page.get_by_text("Bambu tua lebih kuat.")).to_be_visible()

    page.get_by_role("link", name="Daftar untuk membaca terus").click()
    expect(page.get_by_role("button", name="Tampilkan")).to_have_count(1 if has_script else 0)
    sign_up(page, f"rina-{has_script}@example.org".lower())
    expect(page).to_have_url(FIRST)

    page.get_by_role("button", name="Selesai, lanjut").click()
    expect(page).to_have_url(SECOND)
    page.goto("/learning/")
    expect(page.locator("#continue")).to_have_text("Benang")
    page.get_by_role("link", name="Lanjut membaca").click()
    expect(page).to_have_url(SECOND)


def test_closed_section_asks_to_sign_in_and_leads_back(page: Page):
    page.goto(SECOND)
    page.locator("main a[href*='signup']").click()
    sign_up(page, "sekar@example.org")
    expect(page).to_have_url(SECOND)


def test_front_page_is_walked_by_keyboard(page: Page):
    page.goto("/")
    page.get_by_role("link", name="Daftar").last.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Baca dulu tanpa akun")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".tile .title a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("language", ["id", "en"])
def test_open_pages_are_accessible_in_both_languages(visit: Visit, site: Site, language: str):
    page = visit()
    speak(page, site, language)
    expect_usable(page, "/", MODULE, FIRST, "/help/", "/privacy/", "/accounts/signup/", looks=HALF_OF_THEM)


def test_forbidden_page_leads_to_another_account(visit: Visit, instructor):
    page = visit(storage_state=instructor, may_meet=(403,))
    page.goto("/admin/modules/sitepage/")
    expect(page.get_by_role("button", name="Pakai akun lain")).to_be_visible()
