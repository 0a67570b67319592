"""Tests that an instructor brings a Word document, looks through its draft, and takes a quiz to another program."""

import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Page, StorageState, expect

from modules.document.convert.foreign_file import read_foreign_file
from tests.document.convert.word import docx, paragraph, picture, run, table

from .axe import PHONE, expect_usable
from .conftest import Visit, sign_in
from .server import Site
from .test_instructor import DRAFT, MODULE, act, upload

pytestmark = pytest.mark.journey

FORMATS = {"gift": "GIFT", "moodle-xml": "Moodle XML", "qti": "QTI 1.2"}
QUIZ = b"::Rantai:: Apa yang membersihkan rantai? {=Lap kering ~Sabun}\n\nBerapa rem? {#2}\n"


def png(colour: str) -> bytes:
    content = io.BytesIO()
    Pillow.new("RGB", (40, 30), colour).save(content, "PNG")
    return content.getvalue()


def word_document() -> bytes:
    return docx(
        paragraph("Merawat rantai sepeda", style="Title"),
        paragraph("Rantai bersih", style="Heading1"),
        paragraph(picture("img1", "Rantai yang bersih")),
        table(["Alat", "Harga"], ["Lap", "5.000"]),
        paragraph("Rantai kotor", style="Heading1"),
        paragraph("Ini ", run("kotor", '<w:highlight w:val="yellow"/>'), "."),
        paragraph(picture("img2", "Rantai yang kotor")),
        media=[("a.png", png("white")), ("b.png", png("black"))],
    )


def test_word_document_is_looked_through_and_reaches_a_learner(
    visit: Visit, instructor: StorageState, site: Site
):
    page = visit(storage_state=instructor)
    upload(page, "rantai.docx", word_document())
    expect(page).to_have_url(DRAFT)
    expect(page.locator("section[aria-labelledby=remarks] li")).to_have_count(1)
    expect(page.locator("textarea[name=text]")).to_have_value(word_as_markdown())

    act(page, "publish")
    expect(page).to_have_url(MODULE)
    page.locator("main a[href^='/modules/']").first.click()
    sections = page.locator(".path li a").evaluate_all("links => links.map(link => link.href)")
    learner = visit()
    sign_in(learner, site, "learner")
    assert [shown(learner, address) for address in sections] == [(1, 1), (1, 0)]


def word_as_markdown() -> str:
    file = read_foreign_file(word_document(), "rantai.docx")
    assert file is not None
    return file.draft.text


def shown(page: Page, address: str) -> tuple[int, int]:
    """Returns how many images and tables a section shows. Every image is loaded."""
    page.goto(address)
    text = page.locator("article .prose")
    widths = "images => Promise.all(images.map(image => image.decode().then(() => image.naturalWidth)))"
    sizes = text.locator("img").evaluate_all(widths)
    assert all(sizes)
    return len(sizes), text.locator("table").count()


def test_quiz_in_gift_is_loaded_and_taken_to_other_programs(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    upload(page, "rantai dan rem.gift", QUIZ)
    expect(page).to_have_url(DRAFT)
    act(page, "publish")
    expect(page).to_have_url(MODULE)

    page.locator("main a[href$='/quiz/']").click()
    exports = page.url
    for key, kind in FORMATS.items():
        with page.expect_download() as download:
            page.locator(f"main a[href$='/quiz/{key}/']").click()
        file = read_foreign_file(download.value.path().read_bytes(), download.value.suggested_filename)
        assert file is not None
        assert (file.kind, file.draft.count) == (kind, 2)
    expect_usable(page, exports, narrowest=PHONE["width"])
