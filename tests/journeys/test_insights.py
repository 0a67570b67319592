"""Tests that an instructor finds a bad question and the learners who are stuck from the overview, and acts on both."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import PHONE, expect_usable, violations
from .conftest import Visit
from .server import Site
from .test_owners import picture

pytestmark = pytest.mark.journey

SLUG = "hutan-bakau"
BAD = "Apa yang menahan lumpur?"
# The key of the first question is wrong. Learners who know the rest choose what is right.
TEXT = f"""\
---
slug: {SLUG}
language: id
quiz_opens: at_once
attempts: 2
time_limit: 30
---
# Hutan bakau

Bakau tumbuh di antara darat dan laut.

## Akar

Akar bakau menahan lumpur.

## Penghuni

Kepiting dan ikan kecil berlindung di sana.

## Kuis akhir

### {BAD}

- [x] Plastik
- [ ] Bakau

> Lihat [Akar](#akar).

### Siapa yang berlindung di sana?

- [x] Kepiting
- [ ] Harimau

> Lihat [Penghuni](#penghuni).

### Di mana bakau tumbuh?

- [x] Di tepi laut
- [ ] Di puncak gunung

### Apa yang tumbuh di sana?

- [x] Bakau muda
- [ ] Kaktus
"""

# Eighteen learners know the subject and six do not. Three have read a section and were not seen for ten days.
MADE = f"""
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from modules.models import Enrolment, Module
from modules.quizzes import answers, attempts
from modules.reading import progress
from tests.journeys.scene import save

module = Module.objects.get(slug="{SLUG}")
now = timezone.now()

def person(name):
    return User.objects.create(email=f"{{name.lower()}}@bakau.example", name=name, password="!")

def take(learner, knows):
    progress.begin(learner, module, now=now)
    attempt = attempts.start(learner, module.active_quiz, now=now)
    for response in attempt.responses.select_related("version"):
        is_bad = response.version.title == "{BAD}"
        right = (response.version.title != "{BAD}") == knows
        save(response, [each["key"] for each in response.version.choices if each["right"] == right][:1])
    attempts.submit(attempt, now=now)

for number in range(18):
    take(person(f"Tahu{{number}}"), True)
for number in range(6):
    take(person(f"Belum{{number}}"), False)
before = now - timedelta(days=10)
for name in ("Diam Satu", "Diam Dua", "Diam Tiga"):
    learner = person(name.replace(" ", ""))
    progress.record_reading(learner, module.sections.active().select_related("module")[0], now=before)
    Enrolment.objects.filter(learner=learner).update(begun_at=before, last_seen_at=before)
"""


@pytest.fixture(scope="module", autouse=True)
def studied(site: Site) -> None:
    """Loads the module, which 27 learners study."""
    file: Path = site.folder / "hutan-bakau.md"
    file.write_text(TEXT, encoding="utf-8")
    site.load(file)
    site.manage("shell", "-c", MADE)


def open_module(page: Page) -> None:
    page.goto("/admin/modules/module/?q=bakau")
    page.get_by_role("link", name="Hutan bakau").first.click()


def test_bad_question_is_found_mended_and_graded_again(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    open_module(page)
    page.get_by_role("link", name="Hasil", exact=True).click()
    row = page.locator(".items tbody tr").first
    expect(row).to_contain_text(BAD)
    expect(row).to_contain_text("Kunci mungkin salah")
    expect(row.locator(".share b")).to_have_text("25 %")
    overview = page.url
    row.get_by_role("link", name="Perbaiki kuncinya").click()
    mend(page)
    expect_dry_run(page)
    page.goto(overview)
    expect(page.locator("#questions")).to_have_text("Soal")
    page.get_by_role("link", name=re.compile(r"Semua \d+ soal")).click()
    mended = page.locator(".items tbody tr").filter(has_text=BAD)
    expect(mended.locator(".share b")).to_have_text("75 %")


def mend(page: Page) -> None:
    """Swaps the key in the text of the question, and saves it."""
    source = page.locator("textarea[name=source]")
    text = source.input_value()
    assert "[x] Plastik" in text
    source.fill(text.replace("[x] Plastik", "[ ] Plastik").replace("[ ] Bakau", "[x] Bakau"))
    page.get_by_role("button", name="Simpan").click()


def expect_dry_run(page: Page) -> None:
    """Sees on the plan what a regrade would change, and applies it."""
    expect(page).to_have_url(re.compile(r"/plan/$"))
    page.get_by_label("Nilai ulang").first.check()
    page.get_by_label("Mengapa nilai berubah").fill("Kuncinya tertukar.")
    page.get_by_role("button", name="Lihat akibatnya lagi").last.click()
    expect(page.locator("main")).to_contain_text("24")
    page.locator(".bar-of-actions button[value=load]").click()
    expect(page).to_have_url(re.compile(r"/change/(#\w+)?$"))


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_stuck_learners_are_found_and_one_gets_more_time(
    visit: Visit, instructor: StorageState, has_script: bool
):
    page = visit(storage_state=instructor, java_script_enabled=has_script)
    open_module(page)
    page.get_by_role("link", name="Hasil", exact=True).click()
    expect(page.locator("#help")).to_have_text("3 peserta perlu bantuan")
    people = page.locator(".people li")
    expect(people).to_have_count(3)
    expect(people.first).to_contain_text("1 bagian dibaca, tidak terlihat sejak")
    name = ("DiamSatu", "DiamDua")[has_script]
    page.locator(".people").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.locator("a[href*='/overrides/']").first.click()
    page.locator("[name=extra_minutes]").fill("15")
    page.locator("main form.form button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("45 menit")
    page.get_by_role("link", name="Ubah").click()
    expect(page.locator("[name=extra_minutes]")).to_have_value("15")


def test_dates_and_classes_say_who_counts_without_script(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor, java_script_enabled=False)
    open_module(page)
    page.get_by_role("link", name="Hasil", exact=True).click()
    facts = page.locator(".facts dd").first
    expect(facts).to_contain_text("27")
    page.get_by_text("Hanya yang mulai di antara dua tanggal").click()
    page.locator("[name=since]").fill("2020-01-01")
    page.locator("[name=until]").fill("2020-12-31")
    page.get_by_role("button", name="Hitung yang ini").click()
    expect(facts).to_contain_text("0")
    page.get_by_role("link", name="Hitung semua hari").click()
    expect(facts).to_contain_text("27")


def test_list_of_those_who_need_help_is_one_click_away(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    open_module(page)
    page.get_by_role("link", name="Hasil", exact=True).click()
    page.locator("#help ~ a").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("[name=state] option:checked")).to_have_text("perlu bantuan")


def test_overview_is_accessible_and_fits_a_phone(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    open_module(page)
    page.get_by_role("link", name="Hasil", exact=True).click()
    overview = page.url
    addresses = [overview, f"{overview}?since=x", overview.replace("overview", "questions")]
    expect_usable(page, *addresses, narrowest=PHONE["width"])
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(overview)
        picture(page, f"overview-{width}")
    assert violations(page) == []
