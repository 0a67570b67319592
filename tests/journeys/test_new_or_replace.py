"""Tests that a text with the address of a module is loaded as what its author says: a new module, or a replacement."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import violations
from .conftest import Visit

pytestmark = pytest.mark.journey

LOAD = "/admin/modules/module/load/"
MODULE = re.compile(r"/admin/modules/module/\d+/change/$")
TEXT = "# Lampu sepeda\n\n## Lampu depan\n\nMenerangi jalan.\n\n## Lampu belakang\n\nMembuat terlihat.\n"
OTHER = "# Lampu sepeda\n\n## Dinamo\n\nMemberi listrik.\n\n## Aki\n\nMenyimpan listrik.\n"


def made(page: Page, text: str) -> str:
    """Loads a text as a new module, publishes it, and returns the address of its page."""
    paste(page, text)
    page.locator("button[name=action][value=publish]").click()
    expect(page).to_have_url(MODULE)
    return page.url


def paste(page: Page, text: str) -> None:
    page.goto(LOAD)
    page.locator("textarea[name=text]").fill(text)
    page.locator("form[enctype] button").last.click()


@pytest.mark.parametrize("width", [390, 1280])
def test_text_becomes_a_new_module_or_a_replacement(visit: Visit, instructor: StorageState, width: int):
    page = visit(storage_state=instructor, width=width)
    text, other = (one.replace("Lampu sepeda", f"Lampu sepeda {width}") for one in (TEXT, OTHER))
    first = made(page, text)

    paste(page, other)
    expect(page).to_have_url(re.compile(r"/draft/\d+/module/$"))
    expect(page.locator("code")).to_have_text(f"slug: lampu-sepeda-{width}-2")
    assert violations(page) == []
    page.locator("button[value=new]").click()
    expect(page.locator("textarea[name=text]")).to_have_value(
        f"---\nslug: lampu-sepeda-{width}-2\n---\n{other}"
    )
    page.locator("button[name=action][value=load]").click()
    expect(page).to_have_url(MODULE)
    assert page.url != first

    paste(page, other)
    page.locator("button[value=replace]").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/plan/$"))
    page.locator(".bar-of-actions button[value=load]").click()
    expect(page.locator("[role=alert]")).to_contain_text("Centang")
    assert violations(page) == []
    page.locator("[name=replaces]").check()
    page.locator(".bar-of-actions button[value=load]").click()
    expect(page).to_have_url(first)
    expect(page.locator("section[aria-labelledby=sections]")).to_contain_text("Dinamo")
