"""Lets a learner take all of their data and delete the account, on a phone, with scripts and without."""

import json
import zipfile

import pytest
from playwright.sync_api import Page, expect

from .axe import expect_usable
from .conftest import Visit, sign_in
from .server import Site

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("has_script", [True, False])
def test_learner_downloads_everything_and_deletes_the_account(site: Site, visit: Visit, has_script: bool):
    email = f"pergi.{has_script}@example.org".lower()
    site.people[email] = (email, site.manage("account", email, "--name", "Pergi Jauh").split()[-1])
    page = visit(width=390, java_script_enabled=has_script)
    sign_in(page, site, email)
    page.goto("/modules/menulis-modul/")
    page.locator("form[action$='/enrolment/'] button").first.click()

    values, text = downloaded(page)
    assert values["account"][0]["email"] == email
    assert [row["module"] for row in values["modules"]] == ["Menulis modul untuk Tuntas"]
    assert "Pergi Jauh" in text

    page.locator("a[href='/accounts/deletion/']").click()
    expect(page.locator("h1")).to_have_text("Hapus akun Anda?")
    if has_script:
        expect_usable(page, "/accounts/deletion/")
        page.goto("/accounts/deletion/")
    page.locator("[name=password]").fill("bukan kata sandinya")
    page.locator("main .form button.grave").click()
    expect(page.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=password]").fill(site.people[email][1])
    page.locator("main .form button.grave").click()
    expect(page).to_have_url(f"{site.address}/")
    expect(page.locator("main")).to_contain_text("Akun Anda sudah dihapus.")

    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(site.people[email][1])
    page.locator("[name=password]").press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()


def downloaded(page: Page) -> tuple[dict, str]:
    page.goto("/accounts/")
    with page.expect_download() as download:
        page.locator("form[action='/accounts/data/'] button").click()
    archive = zipfile.ZipFile(download.value.path())
    return json.loads(archive.read("data.json")), archive.read("data.html").decode()
