"""Tests that the editor helps: by buttons, by keyboard alone, on a phone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from modules.document.syntax.parser import parse_document

from .axe import PHONE, expect_usable, violations
from .conftest import Visit, sign_in, speak
from .keyboard import Keyboard
from .server import Site
from .test_instructor import DRAFT, LOAD, MODULE, act, downloaded, upload
from .test_other_programs import png, shown

pytestmark = pytest.mark.journey

LESSON = """\
# Rem

## Rem cakram

Rem cakram menjepit piringan.

## Kuis akhir

### Apa yang dijepit?

- [x] Piringan
  > Tepat.
- [ ] Pelek
  > Itu rem karet.

> Baca lagi [Rem cakram](#rem-cakram).
"""
TEXT = "textarea[name=text]"
READY = "[data-said][data-state=ready]"
CHOSEN = "text => text.value.slice(text.selectionStart, text.selectionEnd)"


def titled(title: str) -> str:
    return LESSON.replace("# Rem\n", f"# {title}\n", 1)


def start_from_example(page: Page) -> None:
    page.goto(LOAD)
    page.locator("form[action$='/example/'] button").click()
    expect(page).to_have_url(DRAFT)


def press(page: Page, tool: str) -> None:
    page.locator(f"[data-tool={tool}]").click()


def chosen(page: Page) -> str:
    return str(page.locator(TEXT).evaluate(CHOSEN))


def put_caret(page: Page, words: str) -> None:
    """Puts the caret before words of the text."""
    page.locator(TEXT).evaluate(
        "(text, words) => { text.focus(); const at = text.value.indexOf(words); text.setSelectionRange(at, at); }",
        words,
    )


def choose(page: Page, words: str) -> None:
    page.locator(TEXT).evaluate(
        "(text, words) => { text.focus(); const at = text.value.indexOf(words);"
        " text.setSelectionRange(at, at + words.length); }",
        words,
    )


def replace(page: Page, words: str, by: str) -> None:
    """Selects words as a double click or a long press does, and types others."""
    choose(page, words)
    page.keyboard.type(by)


def add(page: Page, tool: str, title: str, words: str) -> None:
    """Adds a section or a question by its button, and types over its title, which is selected."""
    press(page, tool)
    expect(page.locator(TEXT)).to_have_value(re.compile(re.escape(title)))
    assert chosen(page) == title
    page.keyboard.type(words)


def write_question(page: Page, number: int) -> None:
    add(page, "question", "Tulis pertanyaannya di sini", f"Soal cabai nomor {number}?")
    for words in ("Jawaban yang benar", "Jawaban yang keliru", "Jawaban lain yang keliru"):
        replace(page, words, f"{words.removeprefix('Jawaban ')} {number}")
    replace(page, "Jelaskan mengapa jawaban itu benar.", f"Sebabnya ada di bacaan {number}.")


def test_novice_publishes_five_questions_and_a_picture_by_buttons(
    visit: Visit, instructor: StorageState, site: Site
):
    page = visit(storage_state=instructor)
    start_from_example(page)
    replace(page, "Menanam cabai di pot\n", "Cabai di halaman\n")
    expect(page.locator("[data-problems-said]")).to_have_text("1 saran")  # about the sentence of the example
    replace(page, "Modul ini sebuah contoh. Ganti judul dan isinya dengan milik Anda.", "Cara saya.")
    put_caret(page, "Siram setiap pagi")
    add(page, "section", "Judul bagian", "Memanen")
    replace(page, "Tulis isi bagian ini di sini.", "Petik cabai yang merah.")
    press(page, "picture")
    page.locator("[data-image-file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": png("red")}
    )
    page.locator("[data-image-alt]").fill("Cabai yang merah")
    page.locator("[data-image-insert]").click()
    expect(page.locator("[data-page] img")).to_have_count(1)
    for number in range(3):
        write_question(page, number)
    expect(page.locator("[data-problems-said]")).to_have_text("Tidak ada masalah yang ditemukan")
    act(page, "publish")
    expect(page).to_have_url(MODULE)

    made = parse_document(downloaded(page).decode())
    assert made.errors == ()
    assert [section.title for section in made.sections] == ["Menyiapkan pot", "Menyiram", "Memanen"]
    assert [question.title for question in made.quiz.questions][4:] == [
        f"Soal cabai nomor {n}?" for n in range(3)
    ]
    page.locator("main a[href^='/modules/']").first.click()
    section = str(page.locator(".path li a").nth(2).evaluate("link => link.href"))
    learner = visit()
    sign_in(learner, site, "learner")
    assert shown(learner, section) == (1, 0)


def test_section_is_added_last_where_no_caret_is(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    start_from_example(page)
    add(page, "section", "Judul bagian", "Memanen")
    parts = [line for line in page.locator(TEXT).input_value().split("\n") if line.startswith("## ")]
    assert parts == ["## Menyiapkan pot", "## Menyiram", "## Memanen", "## Kuis akhir"]


def test_picture_is_put_below_the_last_section_where_no_caret_is(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    start_from_example(page)
    press(page, "picture")
    page.locator("[data-image-file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": png("red")}
    )
    page.locator("[data-image-alt]").fill("Pot")
    page.locator("[data-image-insert]").click()
    expect(page.locator("[data-page] img")).to_have_count(1)
    before, _picture, after = page.locator(TEXT).input_value().partition("![Pot](images/")
    assert before.endswith("Jangan menyiram saat hujan.\n\n")
    assert after.partition("\n")[2].startswith("\n## Kuis akhir\n")


def test_tools_work_by_keyboard_alone(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    upload(page, "rem.md", titled("Papan tik").encode())
    expect(page.locator(READY)).to_be_visible()
    keyboard = Keyboard(page)
    keyboard.go_to(page.locator("[data-tool=strong]"))
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-tool=link]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(TEXT)).to_be_focused()

    choose(page, "piringan")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    assert "***piringan***" in page.locator(TEXT).input_value()
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+k")
    assert (chosen(page), "*[piringan](https://)*" in page.locator(TEXT).input_value()) == ("https://", True)
    for _step in range(4):
        page.keyboard.press("Control+z")
    assert page.locator(TEXT).input_value() == titled("Papan tik")

    page.keyboard.press("Tab")  # leads on, and writes nothing
    expect(page.locator(TEXT)).not_to_be_focused()
    assert "\t" not in page.locator(TEXT).input_value()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["- satu", "dua", "", "tiga"], "- satu\n- dua\ntiga"),
        (["9. satu", "dua"], "9. satu\n10. dua"),
        (["- [x] ya", "tidak", "", "lalu"], "- [x] ya\n- [ ] tidak\nlalu"),
        (["  > kata", "lagi", "", "habis"], "  > kata\n  > lagi\nhabis"),
        (["-satu", "dua"], "-satu\ndua"),
    ],
    ids=["list", "numbers", "choices", "quotation", "no list"],
)
def test_enter_continues_lists(visit: Visit, instructor: StorageState, typed: list[str], expected: str):
    page = visit(storage_state=instructor)
    page.goto(LOAD)
    page.locator(TEXT).click()
    for number, line in enumerate(typed):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line)
    assert page.locator(TEXT).input_value() == expected


def test_problems_follow_the_text_and_lead_to_their_line(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    upload(page, "rem.md", titled("Masalah").encode())
    expect(page.locator("[data-problems-said]")).to_have_text("Tidak ada masalah yang ditemukan")
    expect(page.locator("[data-nothing-listed]")).to_be_visible()
    replace(page, "[x]", "[ ]")
    expect(page.locator("[data-problems-said]")).to_have_text("1 kesalahan")
    expect(page.locator("[data-nothing-listed]")).to_be_hidden()  # it was about another text
    expect(page.locator("[data-lines] > :nth-child(9)")).to_have_attribute("data-severity", "error")

    page.locator("[data-problem-list] a[data-line]").click()
    expect(page.locator(TEXT)).to_be_focused()
    assert chosen(page) == "### Apa yang dijepit?"
    expect(page.locator("[data-jumped]")).to_contain_text(re.compile("^Baris 9: "))
    replace(page, "[ ] Piringan", "[x] Piringan")
    expect(page.locator("[data-problems-said]")).to_have_text("Tidak ada masalah yang ditemukan")


def test_preview_follows_the_caret(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    sections = [f"## Bagian {number}\n\n" + f"Kalimat {number}. " * 40 + "\n" for number in range(20)]
    upload(page, "panjang.md", "\n".join(["# Panjang", *sections]).encode())
    expect(page.locator("[data-page] h2")).to_have_count(20)
    put_caret(page, "## Bagian 15")
    expect(page.locator("[data-page] h2").nth(15)).to_be_in_viewport()
    expect(page.locator("[data-page] h2").first).not_to_be_in_viewport()


BOXES = """names => names.map(name => document.querySelector(name).getBoundingClientRect())
    .map(({ top, bottom }) => [top, bottom])"""
STICKING = """() => [...document.querySelectorAll("body *")]
    .filter(element => ["sticky", "fixed"].includes(getComputedStyle(element).position))
    .filter(element => !element.closest(".prose"))
    .reduce((sum, element) => sum + element.offsetHeight, 0) / innerHeight"""


@pytest.mark.parametrize("language", ["id", "en"])
def test_text_and_preview_are_aligned_and_bars_are_low(
    visit: Visit, site: Site, instructor: StorageState, language: str
):
    page = visit(storage_state=instructor)
    speak(page, site, language)
    upload(page, "rem.md", titled(f"Letak {language}").encode())
    expect(page.locator(READY)).to_be_visible()
    text, preview = page.evaluate(BOXES, [TEXT, "[data-page]"])
    assert text == pytest.approx(preview, abs=0.5)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(STICKING) <= 0.15
    copy, box = page.evaluate(
        "['[data-lines]', 'textarea'].map(name => document.querySelector(name).scrollHeight)"
    )
    assert copy == box  # so that each number stands beside its line


def test_editor_is_accessible(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    upload(page, "rem.md", titled("Akses").replace("[x]", "[ ]").encode())
    expect_usable(page, page.url, narrowest=PHONE["width"])
    expect(page.locator("[data-problem-list] a[data-line]")).not_to_have_count(0)
    assert violations(page) == []


def test_box_works_without_javascript(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor, java_script_enabled=False)
    start_from_example(page)
    expect(page.locator("[data-tools]")).to_be_hidden()
    text = page.locator(TEXT)
    text.fill(text.input_value().replace("setengah gelas", "satu gelas"))
    act(page, "check")
    expect(page.locator(TEXT)).to_have_value(re.compile("satu gelas"))
    expect(page.locator(".notices .good")).to_be_visible()


def test_novice_writes_each_kind_of_question_without_javascript(visit: Visit, instructor: StorageState):
    """Copies what the page shows, since there are no buttons, and stores a picture by its path."""
    page = visit(storage_state=instructor, java_script_enabled=False)
    start_from_example(page)
    page.locator(".editor-help summary").click()
    shown = page.locator(".editor-help pre").all_inner_texts()
    letters, picture, *questions, explanation = shown[1:]
    text = page.locator(TEXT)
    section, quiz = "## Menyiram", "## Kuis akhir"
    written = text.input_value().split(quiz)[0].replace("Menanam cabai di pot", "Cabai tanpa tombol")
    written = written.replace("Modul ini sebuah contoh. Ganti judul dan isinya dengan milik Anda.", letters)
    written = written.replace(section, f"{picture}\n\n{section}")
    text.fill(written + "\n\n".join([quiz, *(f"{question}\n\n{explanation}" for question in questions)]))

    act(page, "check")
    page.locator("section[aria-labelledby=missing] input[type=file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": png("red")}
    )
    page.locator("section[aria-labelledby=missing] button").click()
    expect(page.locator(".notices .good")).to_be_visible()
    expect(page.locator("section[aria-labelledby=missing]")).to_have_count(0)
    act(page, "publish")
    expect(page).to_have_url(MODULE)
    made = parse_document(downloaded(page).decode(), images={"pot.png": "/x.png"})
    assert made.errors == ()
    assert [question.kind for question in made.quiz.questions] == [
        "single",
        "multiple",
        "short",
        "numerical",
        "numerical",
    ]
