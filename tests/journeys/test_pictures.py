"""Tests that pictures reach learners: dropped and pasted ones, ones in the text of Google Docs, and missing ones."""

import base64
import re

import pytest
from playwright.sync_api import Page, StorageState, expect

from .axe import PHONE, expect_usable
from .conftest import Visit, sign_in
from .server import Site
from .test_instructor import DRAFT, MODULE, act, upload
from .test_other_programs import png, shown

pytestmark = pytest.mark.journey

TEXT = "# {title}\n\n## Bagian\n\nSebelum. Sesudah.\n"
SEND_FILES = """([event, name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    const text = document.querySelector("textarea[name=text]");
    const options = { bubbles: true, cancelable: true };
    text.dispatchEvent(event === "drop"
        ? new DragEvent("drop", { ...options, dataTransfer: data })
        : new ClipboardEvent("paste", { ...options, clipboardData: data }));
}"""


def send(page: Page, event: str, name: str, content: bytes, kind: str = "image/png") -> None:
    """Drops a file on the text, or pastes it, where the cursor is."""
    page.evaluate(SEND_FILES, [event, name, kind, base64.b64encode(content).decode()])


def put_cursor(page: Page, position: int) -> None:
    page.locator("textarea[name=text]").evaluate(
        "(text, position) => { text.focus(); text.setSelectionRange(position, position); }", position
    )


def open_draft(page: Page, title: str) -> None:
    upload(page, f"{title}.md", TEXT.format(title=title).encode())
    expect(page).to_have_url(DRAFT)


def publish(page: Page) -> str:
    """Publishes the draft and returns the address of its only section."""
    act(page, "publish")
    expect(page).to_have_url(MODULE)
    page.locator("main a[href^='/modules/']").first.click()
    return str(page.locator(".path li a").first.evaluate("link => link.href"))


def test_dropped_photo_with_blanks_in_its_name_reaches_a_learner(
    visit: Visit, instructor: StorageState, site: Site
):
    page = visit(storage_state=instructor, may_meet=[400])
    open_draft(page, "Foto")
    put_cursor(page, TEXT.format(title="Foto").index(" Sesudah"))
    send(page, "drop", "foto kelas (1).png", png("green"))
    expect(page.locator("[data-image-said][data-state=ready]")).to_be_visible()

    text = page.locator("textarea[name=text]").input_value()
    assert re.search(r"Sebelum\.\n\n!\[foto kelas \(1\)\]\(images/\w+\.png\)\n\nSesudah\.", text)
    page.keyboard.type("Kelas kami")  # in the place of the name of the file
    send(page, "drop", "kotor.svg", b"<svg/>", "image/svg+xml")
    expect(page.locator("[data-image-said][data-state=trouble]")).to_contain_text("PNG")
    put_cursor(page, len(page.locator("textarea[name=text]").input_value()))
    send(page, "paste", "image.png", png("blue"))
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile(r"\n\n!\[\]\(images/\w+\.png\)$"))
    page.keyboard.type("Papan tulis")
    insert(page, png("red"), "Pintu [depan]")

    section = publish(page)
    learner = visit()
    sign_in(learner, site, "learner")
    assert shown(learner, section) == (3, 0)
    names = learner.locator("article .prose img").evaluate_all("images => images.map(image => image.alt)")
    assert names == ["Kelas kami", "Papan tulis", "Pintu [depan]"]


def test_picture_pasted_into_the_front_matter_goes_below_it(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    matter = "---\nlanguage: id\n---\n"
    upload(page, "foto.md", f"{matter}# Foto di atas\n".encode())
    expect(page).to_have_url(DRAFT)
    put_cursor(page, 0)
    send(page, "paste", "rem.png", png("blue"))
    expect(page.locator("textarea[name=text]")).to_have_value(
        re.compile(rf"^{matter}\n?!\[rem\]\(images/\w+\.png\)\n\n# Foto di atas\n$")
    )


def insert(page: Page, content: bytes, words: str) -> None:
    """Puts a picture at the end of the text with the fields of the editor."""
    text = page.locator("textarea[name=text]")
    put_cursor(page, len(text.input_value()))
    page.locator("[data-image] summary").click()
    page.locator("[data-image-file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": content}
    )
    page.locator("[data-image-alt]").fill(words)
    page.locator("[data-image-insert]").click()
    expect(text).to_have_value(re.compile(r"\n\n!\[Pintu \\\[depan\\\]\]\(images/\w+\.png\)$"))


def test_file_dropped_before_there_is_a_draft_is_refused_in_words(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    page.goto("/admin/modules/module/load/")
    page.locator("textarea[name=text]").fill("# Foto\n")
    send(page, "drop", "foto kelas.png", png("green"))
    expect(page.locator("[data-image-said][data-state=trouble]")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("# Foto\n")
    send(page, "drop", "rem.docx", b"PK", "application/msword")  # goes where documents go
    assert page.locator("[name=file]").evaluate("field => field.files[0].name") == "rem.docx"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_missing_picture_is_chosen_beside_its_path(visit: Visit, instructor: StorageState, has_scripts: bool):
    page = visit(storage_state=instructor, java_script_enabled=has_scripts)
    title = f"Rantai {'a' if has_scripts else 'b'}"
    text = f"# {title}\n\n## Bagian\n\n![Rantai](../gambar/rantai kotor.png)\n"
    upload(page, "rantai.md", text.encode())
    expect(page).to_have_url(DRAFT)
    missing = page.locator("section[aria-labelledby=missing]")
    field = missing.get_by_label("../gambar/rantai kotor.png")
    field.set_input_files({"name": "DSC 1.png", "mimeType": "image/png", "buffer": png("black")})
    act(page, "pictures")
    expect(missing).to_have_count(0)
    expect(page.locator("textarea[name=text]")).to_have_value(text)
    if has_scripts:
        assert shown(page, publish(page)) == (1, 0)


def test_export_of_google_docs_shows_its_picture(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    data = base64.b64encode(png("red")).decode()
    text = f"# Ekspor\n\n## Bagian\n\n![][image1]\n\n[image1]: <data:image/png;base64,{data}>\n"
    upload(page, "Ekspor.md", text.encode())
    expect(page).to_have_url(DRAFT)
    expect(page.locator(".notices .note")).to_have_count(1)
    assert "base64" not in page.content()
    expect_usable(page, page.url, narrowest=PHONE["width"])
    assert shown(page, publish(page)) == (1, 0)
