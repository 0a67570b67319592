"""Tests that an instructor uploads, corrects, previews, publishes and downloads a document."""

import re

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from .conftest import Visit
from .documents import HINT_LINES, MENDED, MISSING_LINES, WRONG, WRONG_LINES, Upload, uploads

pytestmark = pytest.mark.journey

LOAD = "/admin/modules/module/load/"
DRAFT = re.compile(r"/admin/modules/draft/\d+/change/$")
MODULE = re.compile(r"/admin/modules/module/\d+/change/$")


def upload(page: Page, name: str, content: bytes) -> None:
    """Uploads a file and opens its draft."""
    page.goto(LOAD)
    page.locator("[name=file]").set_input_files(
        {"name": name, "mimeType": "text/markdown", "buffer": content}
    )
    page.locator("form[enctype] button").last.click()


def act(page: Page, action: str) -> None:
    page.locator(f"button[name=action][value={action}]").click()


def lines(problems: Locator) -> list[int]:
    return problems.locator("a[data-line]").evaluate_all(
        "links => links.map(link => Number(link.dataset.line))"
    )


def downloaded(page: Page) -> bytes:
    """Downloads the document from the page of its module."""
    with page.expect_download() as download:
        page.locator("main a[href$='/document/']").click()
    return download.value.path().read_bytes()


def test_wrong_document_is_corrected_and_published(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    page.goto("/")
    page.locator("a[href='/admin/']:visible").first.click()
    page.locator(f"a[href='{LOAD}']").first.click()

    upload(page, "rem.md", WRONG.encode("utf-8"))
    expect(page).to_have_url(DRAFT)
    assert lines(page.locator("section[aria-labelledby=errors]")) == WRONG_LINES
    assert lines(page.locator("section[aria-labelledby=missing]")) == MISSING_LINES
    assert set(HINT_LINES) <= set(lines(page.locator("section[aria-labelledby=warnings]")))
    expect(page.locator("button[name=action][value=load], button[name=action][value=publish]")).to_have_count(
        0
    )

    text = page.locator("textarea[name=text]")
    text.fill(MENDED)
    expect(page.locator("[data-said][data-state=ready]")).to_be_visible()
    expect(page.locator("[data-page] h2").first).to_have_text("Rem cakram")
    expect(page.locator("[data-page]")).not_to_contain_text("rem karet")
    act(page, "check")
    expect(page.locator("section[aria-labelledby=errors]")).to_have_count(0)
    expect(text).to_have_value(MENDED)

    see_as_a_learner(page)
    act(page, "publish")
    expect(page).to_have_url(MODULE)
    a_learner_finds_it(visit())


def see_as_a_learner(page: Page) -> None:
    """Previews the module, its section and a question of its quiz, and returns to the draft."""
    act(page, "preview")
    expect(page.locator("h1")).to_have_text("Rem sepeda")
    page.locator("main a.button").first.click()
    expect(page.locator("h1")).to_have_text("Rem cakram")
    page.locator(".path .quiz a").click()
    page.locator("main a.button").first.click()
    expect(page.locator("[name=answer]")).to_have_count(2)
    page.locator(".preview-strip a").click()
    expect(page).to_have_url(DRAFT)


def a_learner_finds_it(page: Page) -> None:
    page.goto("/")
    link, more = page.locator("main a[href='/modules/rem-sepeda/']"), page.locator("main a[rel=next]")
    while not link.count():  # the modules of other journeys may fill the first page
        more.click()
        page.wait_for_load_state()
    link.first.click()
    expect(page.locator("h1")).to_have_text("Rem sepeda")


@pytest.mark.parametrize("file", list(uploads()), ids=lambda file: file.name)
def test_document_is_shown_whole_and_downloaded_byte_for_byte(
    visit: Visit, instructor: StorageState, file: Upload
):
    page = visit(storage_state=instructor)
    upload(page, file.name, file.content)
    act(page, "publish")
    expect(page).to_have_url(MODULE)
    assert downloaded(page) == file.content
    module = page.url

    page.locator("main a[href^='/modules/']").first.click()
    counts = count_elements(page)
    assert counts["sections"] == file.sections
    assert (counts["tables"], counts["numbered lists"], counts["list items"], counts["links"]) == (
        file.tables,
        file.numbered_lists,
        file.list_items,
        file.links,
    )
    edit_the_second_section(page, module, file)


def count_elements(page: Page) -> dict:
    """Opens every section in the order of the path, and counts the elements of their texts."""
    addresses = page.locator(".path li a").evaluate_all("links => links.map(link => link.href)")
    counts = {"sections": (), "tables": 0, "numbered lists": 0, "list items": 0, "links": 0}
    for address in addresses:
        page.goto(address)
        text = page.locator("article .prose")
        counts["sections"] += (page.locator("h1").inner_text(),)
        counts["tables"] += text.locator("table").count()
        counts["numbered lists"] += text.locator("ol").count()
        counts["list items"] += text.locator("li").count()
        counts["links"] += text.locator("a[href^='http']").count()
    return counts


def edit_the_second_section(page: Page, module: str, file: Upload) -> None:
    """Adds a sentence to one section, and expects that nothing else changes."""
    page.goto(module)
    page.locator("a[href*='/parts/section/']").nth(1).click()
    text = page.locator("textarea[name=source]")
    old = text.input_value()
    heading = old.splitlines()[0]
    assert heading == f"## {file.sections[1]}"
    text.fill(old.replace(heading, f"{heading}\n\nKalimat baru.", 1))
    expect(page.locator("[data-page]")).to_contain_text("Kalimat baru.")
    page.locator("main form[method=post] .bar-of-actions button").click()
    expect(page).to_have_url(module)

    end = "\r\n" if b"\r\n" in file.content else "\n"
    old_bytes = f"{heading}{end}".encode()
    new_bytes = f"{heading}{end}{end}Kalimat baru.{end}".encode()
    assert downloaded(page) == file.content.replace(old_bytes, new_bytes, 1)


def test_document_is_loaded_without_javascript(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor, java_script_enabled=False)
    upload(page, "rantai.md", WRONG.replace("Rem sepeda", "Rantai").encode("utf-8"))
    assert len(page.locator("section[aria-labelledby=errors] li").all()) == len(WRONG_LINES)
    page.locator("textarea[name=text]").fill(MENDED.replace("Rem sepeda", "Rantai"))
    act(page, "check")
    act(page, "load")
    expect(page).to_have_url(MODULE)
    expect(page.locator("h1")).to_have_text("Rantai")
    assert downloaded(page).decode() == MENDED.replace("Rem sepeda", "Rantai")


def test_file_without_text_is_refused(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    upload(page, "foto.md", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    expect(page).to_have_url(re.compile(f"{LOAD}$"))
    expect(page.locator("[role=alert] li")).to_have_count(1)
