"""Tests that what an instructor decides about a plan is still there whenever they come back to its page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import violations
from .conftest import Visit
from .server import Site

pytestmark = pytest.mark.journey

SLUG = "menjaga-sungai"
TEXT = f"""\
---
slug: {SLUG}
quiz_opens: at_once
---
# Menjaga sungai

## Hulu

Mata air keluar dari sela batu di lereng.

## Sampah

Plastik yang hanyut menyumbat pintu air setiap musim hujan.

## Muara

Bakau menahan lumpur sebelum sampai ke laut.

## Kuis akhir

### Apa yang menahan lumpur?

- [x] Plastik
- [ ] Bakau
"""
EDITED = (
    TEXT.replace(
        "Mata air keluar dari sela batu di lereng.", "Hutan di puncak menyimpan hujan berbulan-bulan."
    )
    .replace("## Sampah\n\nPlastik yang hanyut menyumbat pintu air setiap musim hujan.\n\n", "")
    .replace("## Muara", "## Kerja bakti\n\nWarga turun bersama pada Minggu pertama.\n\n## Muara")
    .replace("- [x] Plastik\n- [ ] Bakau", "- [ ] Plastik\n- [x] Bakau")
)
REASON = "Kuncinya tertukar."
PAIR = "select[name='pair:section:kerja-bakti']"


@pytest.fixture
def learned(site: Site, tmp_path: Path) -> Iterator[None]:
    """Loads the module. A learner has read all of it and answered its question."""
    (tmp_path / "sungai.md").write_text(TEXT, encoding="utf-8")
    site.load(tmp_path / "sungai.md")
    site.manage("account", "tirta@example.org", "--name", "Tirta")
    made = f"""
from tests.journeys.scene import *
learner, module = User.objects.get(email="tirta@example.org"), Module.objects.get(slug="{SLUG}")
read(learner, module)
submit_choosing(learner.email, module.slug, "Bakau")
"""
    site.manage("shell", "-c", made)
    yield
    site.manage(
        "shell",
        "-c",
        f"from modules.models import *; Module.objects.filter(slug='{SLUG}').update(published_at=None)",
    )


def test_decisions_are_there_after_every_way_back(
    visit: Visit, site: Site, instructor: StorageState, learned: None
):
    page = visit(storage_state=instructor)
    page.on("dialog", lambda dialog: dialog.accept())
    plan = load_the_edited_file(page)
    decide(page)
    look_as_a_learner(page, plan)
    expect_decisions(page, REASON)
    expect(page.locator(".unsaved-input")).to_have_count(0)
    expect_decisions_in_another_browser(visit(storage_state=instructor), plan)

    page.get_by_label("Mengapa nilai berubah").fill(f"{REASON} Maaf.")
    page.reload()
    expect_decisions(page, f"{REASON} Maaf.")

    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lihat akibatnya lagi").last.click()
    sign_in_again(page, site)
    expect(page).to_have_url(re.compile(rf"{plan}(#\w+)?$"))
    expect_decisions(page, f"{REASON} Maaf.")
    assert violations(page) == []
    apply(page)
    expect_the_reading_to_go_on(site)


def load_the_edited_file(page: Page) -> str:
    """Uploads the file, and returns the address of its plan."""
    page.goto("/admin/modules/module/load/")
    page.locator("[name=file]").set_input_files(
        {"name": "sungai.md", "mimeType": "text/markdown", "buffer": EDITED.encode()}
    )
    page.locator("form[enctype] button").last.click()
    page.locator("button[value=replace]").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/plan/$"))
    return page.url[page.url.index("/admin/") :]


def decide(page: Page) -> None:
    """Pairs a rewritten section by hand, grades again, and gives the reason."""
    page.locator("details.pairing", has=page.locator(PAIR)).locator("summary").click()
    page.locator(PAIR).select_option(label="Sampah")
    page.get_by_label("Nilai ulang").first.check()
    page.get_by_label("Mengapa nilai berubah").fill(REASON)


def look_as_a_learner(page: Page, plan: str) -> None:
    """Leaves for the preview, walks through it, and comes back to the plan."""
    page.get_by_role("button", name="Lihat sebagai peserta").click()
    expect(page.locator(".preview-strip")).to_be_visible()
    page.get_by_role("link", name="Kerja bakti").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kerja bakti")
    page.get_by_role("link", name="Tutup pratinjau").click()
    expect(page).to_have_url(re.compile(f"{plan}$"))


def expect_decisions(page: Page, reason: str) -> None:
    expect(page.locator(f"{PAIR} option:checked")).to_have_text("Sampah")
    expect(page.get_by_label("Nilai ulang").first).to_be_checked()
    expect(page.get_by_label("Mengapa nilai berubah")).to_have_value(reason)


def expect_decisions_in_another_browser(page: Page, plan: str) -> None:
    page.goto(plan)
    expect_decisions(page, REASON)


def sign_in_again(page: Page, site: Site) -> None:
    page.locator("main a.button").click()  # of the page that says that nothing was saved
    email, password = site.people["instructor"]
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def apply(page: Page) -> None:
    page.locator(".bar-of-actions button[value=load]").click()
    expect(page).to_have_url(re.compile(r"/admin/modules/module/\d+/change/$"))


def expect_the_reading_to_go_on(site: Site) -> None:
    """Expects the reading of the former section to belong to the section that it was paired with."""
    asked = f"""
from modules.models import *
print(sorted(Reading.objects.counting().filter(section__module__slug="{SLUG}").values_list("section__title", flat=True)))
"""
    titles = site.manage("shell", "-c", asked).splitlines()[-1]
    assert "Kerja bakti" in titles
