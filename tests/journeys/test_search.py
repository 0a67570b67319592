"""Tests the search in a browser: from a key to the heading, without JavaScript, and its accessibility."""

import pytest
from playwright.sync_api import StorageState, expect

from .axe import expect_usable, violations
from .conftest import Studying, Visit, speak
from .server import Site

pytestmark = pytest.mark.journey

FOUND = "/search/?q=latihan+model"
PAGES = ("/search/", FOUND, "/search/?q=menulis+kuis+zzz", "/search/?q=zzz")


def test_key_opens_the_search_and_a_hit_opens_at_its_heading(visit: Visit, studying: Studying):
    page = visit(width=390, storage_state=studying.storage)
    page.goto("/learning/")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    expect(field).to_have_value("")

    page.keyboard.type("nama tetap/id")
    expect(field).to_have_value("nama tetap/id")
    field.fill('"nama tetap"')
    page.keyboard.press("Enter")
    hit = page.locator(".hit").first
    expect(hit.locator(".passage mark").first).to_be_visible()
    hit.locator("h3 a").press("Enter")
    page.wait_for_url("**/modules/menulis-modul/judul-dan-bagian/#s-nama-tetap")
    expect(page.locator("#s-nama-tetap")).to_be_in_viewport()


def test_key_goes_into_the_field_of_the_page(visit: Visit, studying: Studying):
    page = visit(storage_state=studying.storage)
    page.goto(FOUND)
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("kuis")
    expect(page.get_by_role("searchbox")).to_have_value("kuis")


def test_search_works_without_javascript(visit: Visit, studying: Studying):
    page = visit(width=390, storage_state=studying.storage, java_script_enabled=False)
    page.goto("/")
    page.locator("a[data-seek]").click()
    page.get_by_role("searchbox").fill("pelatihan")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".hit mark").first).to_be_visible()
    page.locator(".sieve a").nth(1).click()
    expect(page.locator(".sieve a").nth(1)).to_have_attribute("aria-current", "true")
    page.locator(".hit h3 a").first.click()
    assert "/modules/" in page.url


def test_key_opens_the_search_of_instructors(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    page.goto("/admin/modules/draft/")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.wait_for_url("**/admin/modules/module/search/")
    page.keyboard.type("pelatihan")
    page.keyboard.press("Enter")
    page.locator(".hit .meta a").first.click()
    page.wait_for_url("**/parts/section/**")


@pytest.mark.parametrize("language", ["id", "en"])
def test_search_pages_are_accessible(visit: Visit, site: Site, studying: Studying, language: str):
    page = visit(storage_state=studying.storage)
    speak(page, site, language)
    expect_usable(page, *PAGES)


@pytest.mark.parametrize("language", ["id", "en"])
def test_search_pages_of_instructors_are_accessible(
    visit: Visit, site: Site, instructor: StorageState, language: str
):
    page = visit(storage_state=instructor)
    speak(page, site, language)
    expect_usable(
        page, "/admin/modules/module/search/?q=latihan+model", "/admin/modules/module/search/?q=zzz"
    )


def test_search_is_usable_in_forced_colours(visit: Visit, studying: Studying):
    page = visit(width=390, storage_state=studying.storage, forced_colors="active")
    page.goto(FOUND)
    assert violations(page) == []
    colours = page.locator(".hit mark").first.evaluate("mark => getComputedStyle(mark).backgroundColor")
    assert colours != "rgba(0, 0, 0, 0)"
