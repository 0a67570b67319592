"""Tests that an owner names a helper, and that others see whose a module is, copy it and cannot replace it."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import PHONE, expect_usable, violations
from .conftest import Visit, cookies_of, speak
from .server import Site
from .test_new_or_replace import made, paste

pytestmark = pytest.mark.journey

TEXT = "# Rem sepeda\n\n## Rem depan\n\nMengurangi laju.\n\n## Rem belakang\n\nMenahan roda.\n"
OTHER = "other.instructor@example.org"


@pytest.fixture(scope="module")
def other(site: Site, browser) -> StorageState:
    """Returns the cookies of an instructor who owns none of these modules."""
    words = ("account", OTHER, "--name", "Joko Susilo", "--role", "instructor")
    site.people["other"] = (OTHER, site.manage(*words).split()[-1])
    return cookies_of(site, browser, "other")


def picture(page: Page, name: str) -> None:
    """Keeps a picture of a page, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_module_of_others_is_seen_and_copied(
    visit: Visit, instructor: StorageState, other: StorageState, width: int
):
    text = TEXT.replace("Rem sepeda", f"Rem sepeda {width}")
    module = made(visit(storage_state=instructor, width=width), text)
    page = visit(storage_state=other, width=width)

    page.goto("/admin/modules/module/")
    picture(page, f"list-{width}")
    page.goto(module)
    expect(page.get_by_text("milik Budi Hartono")).to_be_visible()
    assert violations(page) == []
    picture(page, f"of-others-{width}")
    page.get_by_role("button", name="Salin modul").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/change/$"))
    page.locator("button[name=action][value=load]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Rem sepeda {width}")
    expect(page.get_by_text("Pemilik: Joko Susilo.")).to_be_visible()

    paste(page, text)
    expect(page).to_have_url(re.compile(r"/module/$"))
    expect(page.get_by_text("minta Budi Hartono menjadikan Anda pembantu")).to_be_visible()
    expect(page.locator("button[value=replace]")).to_have_count(0)
    assert violations(page) == []
    picture(page, f"only-new-{width}")
    page.locator("button[value=new]").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/change/$"))


def test_owner_names_a_helper_by_search(
    visit: Visit, instructor: StorageState, other: StorageState, administrator: StorageState
):
    page = visit(storage_state=instructor, java_script_enabled=False)
    module = made(page, TEXT.replace("Rem sepeda", "Rem sepeda bersama"))
    page.locator("a[href$='/owners/']").click()
    owners = page.url
    page.locator("[name=q]").fill("joko")
    page.locator("form[role=search] button").click()
    page.get_by_role("button", name="Jadikan pembantu").click()
    expect(page.get_by_text("Joko Susilo sekarang membantu modul ini.")).to_be_visible()

    helping = visit(storage_state=other)
    helping.goto(module)
    helping.get_by_role("link", name="Hasil").click()
    expect(helping).to_have_url(re.compile(r"/overview/$"))
    for name, storage in (("owner", instructor), ("administrator", administrator)):
        looking = visit(storage_state=storage)
        expect_usable(looking, owners, module, narrowest=PHONE["width"])
        for width in (390, 1280):
            looking.set_viewport_size({"width": width, "height": 800})
            looking.goto(owners)
            picture(looking, f"owners-{name}-{width}")


def test_pages_of_owners_speak_english(
    visit: Visit, site: Site, instructor: StorageState, other: StorageState
):
    module = made(visit(storage_state=instructor), TEXT.replace("Rem sepeda", "Rem sepeda listrik"))
    page = visit(storage_state=other)
    speak(page, site, "en")
    page.goto(module)
    expect(page.get_by_role("button", name="Copy module")).to_be_visible()
    expect_usable(page, module, narrowest=PHONE["width"])
