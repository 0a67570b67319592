"""Tests the page that waits while the worker counts what a new key does, with and without JavaScript."""

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import expect_usable
from .conftest import cookies_of, watch
from .server import Site, served

pytestmark = pytest.mark.journey

TEXT = """\
---
quiz_opens: at_once
---
# Menanam bakau

## Bibit

Bibit dipilih dari pohon yang sehat.

## Kuis akhir

### Kapan bibit ditanam?

- [x] Saat air surut
- [ ] Saat air pasang
"""
MENDED = TEXT.replace("- [x] Saat air surut\n- [ ]", "- [ ] Saat air surut\n- [x]")
COMMAND = (sys.executable, "-m", "tests.journeys.without_worker")


@pytest.fixture(scope="module")
def waiting_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Runs a site without a worker. Two learners have taken the quiz of its module."""
    folder = tmp_path_factory.mktemp("waiting")
    (folder / "bakau.md").write_text(TEXT, encoding="utf-8")
    with served(
        folder, COMMAND, SECRET_KEY="x" * 50, ALLOWED_HOSTS="127.0.0.1", PYTHONPATH="platform"
    ) as site:
        site.load(folder / "bakau.md")
        for name in ("sari", "dodi"):
            email = f"{name}@example.org"
            site.manage("account", email, "--name", name.title())
            call = f"from tests.journeys.scene import *; submit_choosing('{email}', 'menanam-bakau', 'Saat air surut')"
            site.manage("shell", "-c", call)
        yield site


@pytest.mark.parametrize("has_javascript", [True, False])
def test_plan_appears_when_the_worker_has_counted(browser: Browser, waiting_site: Site, has_javascript: bool):
    trouble: list[str] = []
    context = browser.new_context(
        base_url=waiting_site.address,
        locale="id-ID",
        java_script_enabled=has_javascript,
        storage_state=cookies_of(waiting_site, browser, "instructor"),
    )
    watch(context, waiting_site.address, trouble)
    page = context.new_page()
    plan = load_another_key(page, note=str(has_javascript))

    expect(page.get_by_text("0 dari 2 selesai.")).to_be_visible()
    if has_javascript:
        expect_usable(page, plan)
        expect(page.locator("progress")).to_have_accessible_name("Yang akan terjadi")
    waiting_site.manage("work", "--once")
    expect(page.locator(".bar-of-actions button[value=load]")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{plan}$"))
    expect(page.get_by_text("2 dari 2 nilai berubah").first).to_be_visible()
    assert trouble == []
    context.close()


def load_another_key(page: Page, *, note: str) -> str:
    """Uploads the module with another key, and returns the address of its plan, which waits."""
    page.goto("/admin/modules/module/load/")
    text = MENDED.replace("pohon yang sehat", f"pohon yang sehat ({note})")
    page.locator("[name=file]").set_input_files(
        {"name": "bakau.md", "mimeType": "text/markdown", "buffer": text.encode()}
    )
    page.locator("form[enctype] button").last.click()
    page.locator("button[value=replace]").click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/plan/$"))
    return page.url[page.url.index("/admin/") :]
