"""Tests that an instructor fills a class from a list, and that learners join by its link on a phone."""

import re
import time

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import HALF_OF_THEM, expect_usable, violations
from .conftest import Visit
from .server import Site

pytestmark = pytest.mark.journey

PASSWORD = "angin-laut-78"
CLASSES = "/admin/modules/studyclass/"
MODULE = "Perahu layar"
TEXT = """\
---
slug: perahu-layar
language: id
access: classes
---

# Perahu layar

Angin mendorong perahu.

## Layar

Layar menangkap angin.

## Kemudi

Kemudi menentukan arah.
"""


@pytest.fixture(scope="module", autouse=True)
def module(site: Site) -> None:
    """Publishes a module that only members of classes may read."""
    file = site.folder / "perahu-layar.md"
    file.write_text(TEXT, encoding="utf-8")
    site.load(file)


@pytest.fixture(scope="module")
def sekar(site: Site) -> str:
    """Makes an account that the list names, and returns its password."""
    said = site.manage("account", "sekar.arum@example.org", "--name", "Sekar Arum")
    return said.split()[-1]


def make_class(page: Page, name: str) -> str:
    """Makes a class that studies the module, and returns the address of its first page."""
    page.goto(CLASSES)
    page.get_by_role("link", name=re.compile("kelas", re.I)).filter(has_text="+").or_(
        page.locator(".object-tools a")
    ).first.click()
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Buat kelas").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    people = page.url
    page.goto(people.replace("/people/", "/modules/"))
    page.locator("[name=module]").select_option(label=MODULE)
    page.locator("[name=due_at]").fill("2099-12-12T23:59")
    page.get_by_role("button", name="Tugaskan").click()
    expect(page.get_by_text("Modul ditugaskan.")).to_be_visible()
    return people.replace("/people/", "/change/")


def add_list(page: Page, class_page: str, text: str) -> None:
    page.goto(class_page.replace("/change/", "/people/"))
    page.locator("[name=text]").fill(text)
    page.get_by_role("button", name="Lihat apa yang akan terjadi").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_pasted_list_leads_to_a_student_who_reads(
    visit: Visit, instructor: StorageState, sekar: str, has_script: bool
):
    began = time.monotonic()
    page = visit(storage_state=instructor, java_script_enabled=has_script)
    class_page = make_class(page, f"X-TKR {int(has_script)}")
    pasted = "No\tNama\tEmail\n1\tSekar Arum\tsekar.arum@example.org\n2\tHaris\tharis.contoh.id\n3\tMega\tmega.pratiwi@example.org"
    add_list(page, class_page, pasted)
    lines = page.locator(".line-by-line li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Tidak ada alamat email")
    expect(lines.nth(1)).to_contain_text("langsung bergabung")
    page.get_by_role("button", name="Tambahkan 2 orang").click()
    expect(page.get_by_text("1 orang bergabung.")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("2\tHaris\tharis.contoh.id")
    page.goto(class_page)
    expect(page.get_by_role("rowheader", name=re.compile("Sekar Arum"))).to_be_visible()
    assert time.monotonic() - began < 120

    phone = visit(width=390, java_script_enabled=has_script)
    phone.goto("/accounts/login/?next=/learning/")
    phone.locator("[name=login]").fill("sekar.arum@example.org")
    phone.locator("[name=password]").fill(sekar)
    phone.locator("[name=password]").press("Enter")
    expect(phone.get_by_text("12 Des").or_(phone.locator(".dates .day")).first).to_be_visible()
    phone.get_by_role("link", name=MODULE).first.click()
    expect(phone.get_by_text(f"untuk X-TKR {int(has_script)}, sampai 12 Des 2099, 23.59 WIB")).to_be_visible()
    if phone.get_by_role("button", name="Mulai").is_visible():
        phone.get_by_role("button", name="Mulai").click()
    else:
        phone.get_by_role("link", name="Layar").first.click()
    expect(phone.get_by_text("Layar menangkap angin.")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_learner_joins_by_link_on_a_phone(visit: Visit, instructor: StorageState, has_script: bool):
    page = visit(storage_state=instructor)
    class_page = make_class(page, f"XI-TKR {int(has_script)}")
    page.goto(class_page.replace("/change/", "/link/"))
    page.locator("[name=limit]").fill("1")
    page.get_by_role("button", name="Buka tautan").click()
    code = page.locator(".code").inner_text()

    phone = visit(width=390, java_script_enabled=has_script, may_meet=[403, 404])
    phone.goto("/join/")
    phone.locator("[name=code]").fill(code.upper())
    phone.locator("[name=code]").press("Enter")
    expect(phone.get_by_role("heading", name=f"XI-TKR {int(has_script)}")).to_be_visible()
    phone.get_by_role("link", name="Daftar dan bergabung").click()
    phone.locator("[name=name]").fill("Rina Marlina")
    phone.locator("[name=email]").fill(f"rina{int(has_script)}@example.org")
    phone.locator("[name=password1]").fill(PASSWORD)
    phone.locator("[name=password1]").press("Enter")
    expect(phone).to_have_url(re.compile("/modules/perahu-layar/"))
    page.goto(class_page)
    expect(page.get_by_role("rowheader", name=re.compile("Rina Marlina"))).to_be_visible()

    late = visit(width=390, may_meet=[403])
    late.goto(f"/join/{code}/")
    expect(late.get_by_text("Sudah bergabung sebanyak yang diizinkan")).to_be_visible()


def test_slip_of_paper_leads_to_a_student_who_reads(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    class_page = make_class(page, "XII-TKJ")
    add_list(page, class_page, "Laras Wijaya;laras@example.org")
    page.get_by_role("button", name="Tambahkan 1 orang").click()
    page.get_by_role("button", name="Buat akun dan lembar").click()
    password = page.locator(".slips .code").inner_text()
    assert violations(page) == []

    phone = visit(width=390)
    phone.goto("/accounts/login/?next=/learning/")
    phone.locator("[name=login]").fill("laras@example.org")
    phone.locator("[name=password]").fill(password)
    phone.locator("[name=password]").press("Enter")
    phone.locator("[name=oldpassword]").fill(password)
    phone.locator("[name=password1]").fill(PASSWORD)
    phone.locator("[name=password1]").press("Enter")
    expect(phone).to_have_url(re.compile("/learning/"))
    phone.get_by_role("link", name=MODULE).first.click()
    expect(phone.get_by_text("untuk XII-TKJ, sampai 12 Des 2099, 23.59 WIB")).to_be_visible()
    page.goto(class_page)
    expect(page.get_by_role("rowheader", name=re.compile("Laras Wijaya"))).to_be_visible()


def test_pages_of_a_class_are_accessible(visit: Visit, instructor: StorageState, sekar: str, site: Site):
    page = visit(storage_state=instructor)
    class_page = make_class(page, "XII-TKR")
    add_list(page, class_page, "sekar.arum@example.org\nbaru@example.org\nharis")
    page.get_by_role("button", name="Tambahkan 2 orang").click()
    page.goto(class_page.replace("/change/", "/link/"))
    page.get_by_role("button", name="Buka tautan").click()
    code = page.locator(".code").inner_text()
    parts = ("change", "people", "modules", "link", "settings", "delete")
    pages = [class_page.replace("/change/", f"/{part}/") for part in parts]
    expect_usable(page, CLASSES, f"{CLASSES}add/", *pages)
    visitor = visit(may_meet=[404])
    expect_usable(visitor, "/join/", f"/join/{code}/", "/join/aaaa-aaaa/", looks=HALF_OF_THEM)
    learner = visit()
    learner.goto("/accounts/login/")
    learner.locator("[name=login]").fill("sekar.arum@example.org")
    learner.locator("[name=password]").fill(sekar)
    learner.locator("[name=password]").press("Enter")
    learner.wait_for_url(lambda url: "/accounts/login/" not in url)
    expect_usable(learner, "/learning/", "/", "/modules/perahu-layar/", looks=HALF_OF_THEM)
