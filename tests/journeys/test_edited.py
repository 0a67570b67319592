"""Tests that a learner loses nothing when an instructor edits the module meanwhile."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, StorageState, expect

from .conftest import Visit, sign_in
from .server import Site

pytestmark = pytest.mark.journey

SLUG = "merawat-tanaman"
FIRST_TEXT = """\
# Merawat tanaman

Enam hal yang membuat tanaman di halaman tumbuh sehat.

## Menyiram

Siramlah pagi hari, sebelum matahari tinggi. Air yang tertinggal di daun pada malam hari mengundang jamur.

## Memupuk

Beri pupuk kandang sebulan sekali. Taburkan di sekeliling batang, lalu tutup tipis dengan tanah.

## Menyiangi

Cabut rumput liar selagi kecil. Akar yang tertinggal akan tumbuh lagi dalam seminggu.

## Memangkas

Potong ranting kering tepat di atas ruas. Gunting yang tumpul meremukkan batang dan membuka jalan bagi penyakit.

## Memindahkan

Pindahkan ke pot yang lebih besar ketika akar sudah keluar dari lubang bawah.

## Hama

Kutu daun kalah oleh semprotan air sabun yang encer, asal diulang tiga hari kemudian.

## Kuis akhir

### Kapan sebaiknya menyiram?

- [x] Malam hari
- [ ] Pagi hari
- [ ] Tengah hari

### Apa yang mengusir kutu daun?

- [ ] Cuka
- [x] Air sabun encer
"""
EDITED = (
    FIRST_TEXT.replace("## Menyiram\n", "## Waktu menyiram yang tepat\n")
    .replace(
        "Beri pupuk kandang sebulan sekali. Taburkan di sekeliling batang",
        "Beri kompos matang dua kali sebulan pada musim hujan, dan sekali saja pada musim kemarau. Taburkan agak jauh dari batang",
    )
    .replace(FIRST_TEXT[FIRST_TEXT.index("## Menyiangi") : FIRST_TEXT.index("## Memangkas")], "")
    .replace("- [x] Malam hari\n- [ ] Pagi hari", "- [ ] Malam hari\n- [x] Pagi hari")
)
KEPT_FACTS = f"""
import json
from modules.models import Attempt, Enrolment, Reading
enrolment = Enrolment.objects.get(learner__email="rani@example.org", module__slug="{SLUG}")
print(json.dumps({{
    "read": sorted(Reading.objects.filter(enrolment=enrolment).values_list("section__title", flat=True)),
    "counting": sorted(Reading.objects.counting().filter(enrolment=enrolment).values_list("section__title", flat=True)),
    "grade": int(enrolment.attempts.get().grade),
}}))
"""


@pytest.fixture
def studied(site: Site, tmp_path: Path) -> None:
    """Loads the module. A learner has chosen the right answer, which its key takes for wrong."""
    (tmp_path / "tanaman.md").write_text(FIRST_TEXT, encoding="utf-8")
    site.load(tmp_path / "tanaman.md")
    for name in ("rani", "joko"):
        email = f"{name}@example.org"
        site.people[name] = (email, site.manage("account", email, "--name", name.title()).split()[-1])
    site.manage(
        "shell",
        "-c",
        f"from modules.models import *; Quiz.objects.filter(module__slug='{SLUG}').update(quiz_opens='at_once')",
    )
    site.manage(
        "shell",
        "-c",
        f"from tests.journeys.scene import submit_choosing; submit_choosing('joko@example.org', '{SLUG}', 'Pagi hari')",
    )


def test_edited_module_keeps_the_work_of_its_learner(
    visit: Visit, site: Site, instructor: StorageState, studied: None
):
    learner = visit(width=390)
    sign_in(learner, site, "rani")
    read_half(learner)
    begin_the_quiz(learner)
    before = learner.context.new_page()
    before.goto(f"/modules/{SLUG}/menyiangi/")

    load_the_edited_document(visit(storage_state=instructor))

    finish_the_quiz(learner)
    see_what_changed(learner)
    expect_the_archived_section_to_be_explained(before)
    kept = json.loads(site.manage("shell", "-c", KEPT_FACTS).splitlines()[-1])
    assert kept == {
        "read": ["Memupuk", "Memupuk", "Menyiangi", "Waktu menyiram yang tepat"],
        "counting": ["Memupuk", "Menyiangi", "Waktu menyiram yang tepat"],
        "grade": 100,
    }


def read_half(page: Page) -> None:
    page.goto(f"/modules/{SLUG}/menyiram/")
    for following in ("memupuk", "menyiangi", "memangkas"):
        page.locator(".turn form button").click()
        expect(page).to_have_url(f"/modules/{SLUG}/{following}/")


def begin_the_quiz(page: Page) -> None:
    page.goto(f"/quizzes/{SLUG}/")
    page.locator(f"form[action='/quizzes/{SLUG}/'] button").click()
    choose(page, "Pagi hari")


def choose(page: Page, text: str) -> None:
    page.get_by_label(text).check()
    expect(page.locator("[data-status][data-state=saved] [data-words]")).not_to_be_empty()


def load_the_edited_document(page: Page) -> None:
    """Uploads the edited file, reads the plan, makes the decisions, and applies the plan."""
    page.goto("/admin/modules/module/")
    page.get_by_role("link", name="Merawat tanaman").click()
    page.locator("main a[href$='/load/']").click()
    page.locator("[name=file]").set_input_files(
        {"name": "tanaman.md", "mimeType": "text/markdown", "buffer": EDITED.encode()}
    )
    page.locator("form[enctype] button").last.click()
    expect(page).to_have_url(re.compile(r"/draft/\d+/plan/$"))

    changes = page.locator("article.change")
    renamed = changes.filter(has=page.get_by_role("heading", name="Waktu menyiram yang tepat"))
    rewritten = changes.filter(has=page.get_by_role("heading", name="Memupuk"))
    removed = changes.filter(has=page.get_by_role("heading", name="Menyiangi"))
    corrected = changes.filter(has=page.get_by_role("heading", name="Kapan sebaiknya menyiram?"))
    expect(renamed.locator(".states .renamed")).to_be_visible()
    expect(rewritten.locator(".states .changed")).to_be_visible()
    expect(removed.locator(".states .removed")).to_be_visible()
    expect(page.locator(".open-attempts")).to_contain_text("1")
    expect(corrected.locator(".effect p")).to_contain_text("1 dari 1")

    rewritten.locator("input[value=again]").check()
    corrected.locator("input[value=yes]").check()
    page.locator("button[name=action][value=load]").click()
    expect(page).to_have_url(re.compile(r"/admin/modules/module/\d+/change/$"))


def finish_the_quiz(page: Page) -> None:
    """Continues the attempt with its first questions. The corrected key grades it."""
    expect(page.get_by_label("Pagi hari")).to_be_checked()
    page.locator("button[name=go][value=next]").click()
    choose(page, "Air sabun encer")
    page.locator("button[name=go][value=finish], button[name=go][value=next]").click()
    page.locator("form[action$='/submission/'] button").click()
    expect(page.locator(".verdict-box .figure")).to_contain_text("100")


def see_what_changed(page: Page) -> None:
    page.goto(f"/modules/{SLUG}/menyiram/")  # the address at the time of reading
    expect(page).to_have_url(f"/modules/{SLUG}/waktu-menyiram-yang-tepat/")
    expect(page.locator(".turn form")).to_have_count(0)

    page.goto(f"/modules/{SLUG}/memupuk/")
    page.locator("main a[href$='/changes/']").click()
    expect(page.locator("ins").filter(has_text="kompos")).to_be_visible()
    page.go_back()
    page.locator(".turn form button").click()
    expect(page).to_have_url(f"/modules/{SLUG}/memangkas/")


def expect_the_archived_section_to_be_explained(page: Page) -> None:
    """Expects a sentence, and no error, on the page of the archived section in another tab."""
    page.reload()
    expect(page).to_have_url(f"/modules/{SLUG}/")
    expect(page.get_by_text("Menyiangi")).to_be_visible()
