"""Tests a long section with everything that a text can have: looks, keyboard, place, display, paper, and no script."""

import io
import re
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from .axe import LOOKS, expect_usable
from .conftest import Visit
from .keyboard import Keyboard
from .server import Site
from .test_learner import new_account, sign_in_as

pytestmark = pytest.mark.journey

FORMULA = " + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(24))
PARAGRAPHS = "\n\n".join(
    f"Alinea ke-{n} menjelaskan satu hal dengan cukup banyak kata." for n in range(1, 31)
)
TEXT = f"""\
---
slug: lengkap
---
# Bacaan lengkap

Pengantar yang singkat.

## Semua yang ada

Sebelum gambar.

![Peta pulau dari barat ke timur](peta.png)

### Tabel lebar

| Ukuran | Pertanyaan | Rumus | Baik bila | Dipakai oleh | Awas |
|---|---|---|---|---|---|
| Akurasi | Berapa bagian tebakan yang benar? | benar ÷ semua | mendekati satu | insinyur data | data timpang |
| Presisi | Berapa yang memang begitu? | TP ÷ (TP + FP) | menuduh itu mahal | insinyur data | penakut |

### Rumus panjang

$${FORMULA}$$

### Kode

```python
jawaban = [satu, dua, tiga, empat, lima, enam, tujuh, delapan, sembilan, sepuluh, sebelas, duabelas, tigabelas]
```

<details>
<summary>Lipatan</summary>

Isi lipatan.

</details>

### Banyak alinea

{PARAGRAPHS}

### Gambar di bawah

![Peta pulau sekali lagi](peta.png)

Sesudah gambar.

## Bagian berikut

Isi bagian berikut.
"""
SECTION, NEXT = "/modules/lengkap/semua-yang-ada/", "/modules/lengkap/bagian-berikut/"
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
    const step = () => {
        scrollBy(0, innerHeight / 2);
        if (scrollY + innerHeight < document.documentElement.scrollHeight - 1) setTimeout(step, 60);
        else setTimeout(() => done(sum), 500);
    };
    step();
})"""


def archive() -> bytes:
    picture, packed = io.BytesIO(), io.BytesIO()
    Image.effect_noise((1400, 700), 60).convert("RGB").save(picture, "PNG")
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("lengkap.md", TEXT)
        files.writestr("peta.png", picture.getvalue())
    return packed.getvalue()


@pytest.fixture(scope="module")
def reader(site: Site) -> tuple[str, str]:
    """Loads the module and returns the account of a learner."""
    file = site.folder / "lengkap.zip"
    file.write_bytes(archive())
    site.load(file)
    return new_account(site, "reading@example.org")


@pytest.fixture
def open_section(visit: Visit, reader: tuple[str, str]):
    """Opens the section in a new browser of the learner, who has begun the module."""

    def open_section(**options) -> Page:
        page = visit(**options)
        sign_in_as(page, *reader)
        page.goto("/modules/lengkap/")
        begin = page.locator("form[action$='/enrolment/'] button")
        if begin.count():
            begin.click()
        page.goto(SECTION)
        return page

    return open_section


@pytest.mark.parametrize("width", [390, 1280])
def test_section_with_pictures_does_not_jump(open_section, width: int):
    page = open_section(width=width)
    page.reload(wait_until="networkidle")
    assert page.evaluate(SHIFT) == 0
    assert page.evaluate(
        "[...document.querySelectorAll('.prose img')].every((image) => image.naturalWidth > 0)"
    )


def test_section_is_usable_in_every_look(open_section):
    page = open_section()
    expect_usable(page, SECTION, "/modules/lengkap/sections/print/", looks=LOOKS)
    for theme in ("dark", "light"):
        page.goto(SECTION)
        page.locator("main .look summary").click()
        page.locator(f"main [name=theme][value={theme}]").click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        expect_usable(
            page, SECTION, looks={"light": ({"width": 320, "height": 640}, {"width": 1280, "height": 800})}
        )


def test_keyboard_reaches_what_scrolls_and_opens_a_picture(open_section):
    page = open_section(width=390)
    keyboard = Keyboard(page)
    link = page.locator("a.enlarge").first
    keyboard.press(link)
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("img")).to_have_attribute("alt", "Peta pulau dari barat ke timur")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    for box in (".table.broad", ".maths", "pre"):
        found = page.locator(f".prose {box}")
        keyboard.go_to(found)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("(box) => box.scrollLeft > 0", arg=found.element_handle())
    first = page.locator(".table.broad tbody th").first.bounding_box()
    assert first is not None
    assert first["x"] >= -1


def test_what_fits_is_no_stop_of_the_keyboard(open_section):
    page = open_section(width=1440)
    expect(page.locator(".prose .table.broad")).not_to_have_attribute("tabindex", "0")


def test_contents_mark_the_place(open_section):
    page = open_section(width=1440)
    links = page.locator(".on-page li a")
    expect(links).to_have_text(["Tabel lebar", "Rumus panjang", "Kode", "Banyak alinea", "Gambar di bawah"])
    page.get_by_text("Alinea ke-20").scroll_into_view_if_needed()
    expect(page.locator(".on-page [aria-current]")).to_have_text("Banyak alinea")
    heading = page.locator("h2", has_text="Kode").first
    heading.hover()
    heading.locator(".mark-link").click()
    expect(page).to_have_url(re.compile("#s-kode$"))
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".on-page")).to_be_hidden()
    expect(page.locator(".contents summary")).to_be_visible()
    expect(page.locator(".contents li").first).to_be_hidden()


def test_code_is_copied(open_section):
    page = open_section()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".code-box button").click()
    expect(page.locator(".code-box button")).to_have_text("Tersalin")
    assert page.evaluate("navigator.clipboard.readText()").startswith("jawaban = [satu")


def test_display_is_chosen_without_a_script_and_remembered(open_section):
    page = open_section(java_script_enabled=False, width=390)
    page.locator("main .look summary").click()
    page.get_by_role("button", name="Teks besar").click()
    expect(page).to_have_url(re.compile(SECTION))
    assert page.locator("html[data-size=large]").count() == 1
    page.locator("main .look summary").click()
    page.get_by_role("button", name="Gelap").click()
    page.goto("/")
    assert page.locator("html[data-size=large][data-theme=dark]").count() == 1
    page.goto(SECTION)
    for words in ("Alinea ke-30", "Akurasi", "jawaban", "Sesudah gambar."):
        expect(page.locator(".prose").get_by_text(words).first).to_be_visible()
    expect(page.locator(".copy")).to_have_count(0)
    address = page.locator("a.enlarge").first.get_attribute("href")
    assert page.request.get(str(address)).headers["content-type"] == "image/png"


def test_reading_goes_on_at_the_place_on_another_device(open_section, reader: tuple[str, str], visit: Visit):
    page = open_section()
    page.get_by_text("Alinea ke-20").evaluate(
        "(words) => scrollBy(0, words.getBoundingClientRect().top - innerHeight / 3 + 5)"
    )
    page.wait_for_timeout(200)
    page.goto("/learning/")
    phone = visit(width=390)
    sign_in_as(phone, *reader)
    resume = phone.get_by_role("link", name="Lanjut dari tempat terakhir")
    for _time in range(20):  # nobody waits for the answer to what a page sends as it is left
        phone.goto(SECTION)
        if resume.count():
            break
    assert phone.evaluate("scrollY") == 0
    resume.click()
    expect(phone.get_by_text("Alinea ke-20")).to_be_in_viewport()
    phone.goto("/modules/lengkap/")
    phone.get_by_role("link", name="Lanjutkan: Semua yang ada").click()
    expect(phone).to_have_url(re.compile("#s-banyak-alinea$"))


def test_next_section_is_fetched_ahead_and_records_nothing(open_section, site: Site):
    page = open_section()
    page.locator("form[data-reading] button").click()
    page.wait_for_url(f"**{NEXT}")
    page.goto(SECTION)
    link = page.locator("a[rel=next]")
    with page.context.expect_event("request", lambda request: request.url.endswith(NEXT)):
        link.scroll_into_view_if_needed()
        link.hover()
    page.goto("/modules/lengkap/")
    expect(page.get_by_role("link", name="Lanjutkan: Bagian berikut")).to_be_visible()


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("address", [SECTION, "/modules/lengkap/sections/print/"])
def test_paper_has_the_whole_text_and_no_words_of_the_screen(open_section, address: str):
    page = open_section()
    page.goto(address, wait_until="networkidle")
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in pages} == {(595, 842)}
    printed = [each.extract_text() for each in pages]
    for number, text in enumerate(printed, start=1):
        assert "Bacaan lengkap" in text
        assert f"{number} / {len(printed)}" in text
    whole = " ".join(printed)
    written = page.locator(".prose").evaluate(
        "(prose) => [...prose.querySelectorAll('p, th, td, h2, h3, summary, pre')]"
        ".filter((each) => !each.querySelector('math')).map((each) => each.firstChild?.textContent ?? '')"
    )
    missing = [words for words in written if "".join(words_of(words)) not in "".join(words_of(whole))]
    assert missing == []
    for screen in (
        "Lanjut",
        "Selesai",
        "Salin",
        "Tampilan",
        "Di halaman ini",
        "Kembali ke modul",
        "Cetak",
        "#",
    ):
        assert screen not in whole
    assert sum(len(each.images) for each in pages) == 2
