"""Tests that an instructor takes the grades of a class as a file of the worker, with and without JavaScript."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.insights.sheets import rows_of_ods, rows_of_xlsx

from .axe import expect_usable
from .conftest import cookies_of, watch
from .server import Site, served

pytestmark = pytest.mark.journey

TEXT = """\
---
quiz_opens: at_once
---
# Menjala ikan

## Jala

Jala ditebar melawan arus.

## Kuis akhir

### Jala ditebar ke mana?

- [x] Melawan arus
- [ ] Searah arus
"""
COMMAND = (sys.executable, "-m", "tests.journeys.without_worker")
CLASS = """
from django.contrib.auth.models import Group
from accounts.models import User
from modules.models import Assignment, Module, StudyClass
made = StudyClass.objects.create(group=Group.objects.create(name='Nelayan 1'))
made.group.user_set.add(*User.objects.filter(email__endswith='.nelayan@example.org'))
made.instructors.add(User.objects.get(email='INSTRUCTOR'))
Assignment.objects.create(study_class=made, module=Module.objects.get(slug='menjala-ikan'))
"""


@pytest.fixture(scope="module")
def waiting_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Runs a site without a worker. Two learners of a class have taken the quiz of its module."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "jala.md").write_text(TEXT, encoding="utf-8")
    with served(
        folder, COMMAND, SECRET_KEY="x" * 50, ALLOWED_HOSTS="127.0.0.1", PYTHONPATH="platform"
    ) as site:
        site.load(folder / "jala.md")
        for name in ("tari", "umar"):
            email = f"{name}.nelayan@example.org"
            site.manage("account", email, "--name", name.title())
            call = f"from tests.journeys.scene import *; submit_choosing('{email}', 'menjala-ikan', 'Melawan arus')"
            site.manage("shell", "-c", call)
        site.manage("shell", "-c", CLASS.replace("INSTRUCTOR", site.people["instructor"][0]))
        yield site


@pytest.mark.parametrize(("has_javascript", "form"), [(True, "Excel (XLSX)"), (False, "LibreOffice (ODS)")])
def test_file_appears_when_the_worker_has_made_it(
    browser: Browser, waiting_site: Site, has_javascript: bool, form: str
):
    trouble: list[str] = []
    context = browser.new_context(
        base_url=waiting_site.address,
        locale="id-ID",
        java_script_enabled=has_javascript,
        storage_state=cookies_of(waiting_site, browser, "instructor"),
    )
    watch(context, waiting_site.address, trouble)
    page = context.new_page()
    page.goto("/admin/modules/studyclass/")
    page.get_by_role("link", name="Nelayan 1").click()
    page.get_by_role("link", name="Nilai sebagai berkas").click()
    tables = page.url
    page.get_by_role("button", name=form).click()

    expect(page).to_have_url(re.compile(r"/files/\d+/$"))
    expect(page.get_by_text("0 dari 2 sudah ditulis.")).to_be_visible()
    waiting = page.url
    if has_javascript:
        expect_usable(page, waiting, tables)
        page.goto(waiting)
    waiting_site.manage("work", "--once")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh").click()

    content = Path(download.value.path()).read_bytes()
    rows = (rows_of_xlsx if "XLSX" in form else rows_of_ods)(content)
    assert [(row[0], row[5]) for row in rows[1:]] == [("Tari", 100), ("Umar", 100)]
    page.goto(tables)
    expect(page.get_by_role("link", name=download.value.suggested_filename)).to_be_visible()
    if has_javascript:
        by_module = page.get_by_role("link", name="Menjala ikan").get_attribute("href") or ""
        expect_usable(page, waiting, tables, by_module)
    assert trouble == []
    context.close()
