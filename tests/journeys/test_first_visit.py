"""Tests the first visit of a person: by keyboard alone, and in the chosen language."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


def test_newcomer_signs_up_by_keyboard(page: Page):
    page.goto("/accounts/signup/")
    page.locator("[name=name]").focus()
    for text in ("Rina Marlina", "rina@example.org"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("angin-laut-77")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tampilkan")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[name=password1]")).to_have_attribute("type", "text")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page).to_have_url("/")
    assert page.locator("html").get_attribute("lang") == "id"


def test_chosen_language_stays(page: Page):
    page.goto("/accounts/login/")
    page.locator("button[name=language][value=en]").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
