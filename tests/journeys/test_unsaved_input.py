"""Tests that unsaved input of instructors survives window, network and sign-in, and replaces nothing."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Page, Route, StorageState, expect

from .axe import violations
from .conftest import Visit
from .server import Site

pytestmark = pytest.mark.journey

MODULE = """\
---
slug: {slug}
attempts: 5
---
# Modul {slug}

## Bacaan

Kalimat pertama.

## Kuis akhir

### Planet terbesar?

- [ ] Mars
- [x] Jupiter
"""
# In one process, because Django starts slowly.
FURNISH = """\
from django.core.management import call_command
from modules.models import Module
from tests.journeys.scene import submit_choosing
call_command("load", {file!r}, publish=True, owner={owner!r})
Quiz.objects.filter(module__slug={slug!r}).update(quiz_opens="at_once")
call_command("account", {email!r}, name="Rina Marlina")
submit_choosing({email!r}, {slug!r}, "Mars")
module = Module.objects.get(slug={slug!r})
print(module.pk, module.sections.get().pk, module.quiz.attempts.get().pk)
"""
TEXT = "textarea[name=source]"
NOTE = ".unsaved-input"
KEEPS = """words => Object.entries(localStorage)
    .some(([name, text]) => name.startsWith("typed ") && text.includes(words))"""


@dataclass(frozen=True)
class Pages:
    """The pages of a module in the admin of a running site."""

    module: str
    section: str
    rules: str
    attempt: str
    site: Site

    def sign_in(self, page: Page, role: str = "instructor") -> None:
        """Signs in on the page that asks for it."""
        email, password = self.site.people[role]
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def pages(site: Site, request: pytest.FixtureRequest) -> Pages:
    slug = request.node.name.partition("[")[0].replace("_", "-").removeprefix("test-")[:40].strip("-")
    file = site.folder / f"{slug}.md"
    file.write_text(MODULE.format(slug=slug), encoding="utf-8")
    made = FURNISH.format(
        owner=site.people["instructor"][0], file=str(file), slug=slug, email=f"{slug}@example.org"
    )
    module, section, attempt = site.manage("shell", "-c", made).splitlines()[-1].split()
    admin = "/admin/modules"
    return Pages(
        module=f"{admin}/module/{module}/change/",
        section=f"{admin}/module/parts/section/{section}/",
        rules=f"{admin}/module/{module}/rules/",
        attempt=f"{admin}/attempt/{attempt}/change/",
        site=site,
    )


@pytest.fixture
def page(visit: Visit, instructor: StorageState) -> Page:
    return visit(storage_state=instructor)


@pytest.fixture
def other(visit: Visit, administrator: StorageState) -> Page:
    """Returns a page of another person who writes modules."""
    return visit(storage_state=administrator)


def type_into(page: Page, words: str, field: str = TEXT, *, is_kept: bool = True) -> None:
    """Types at the end of a field, and waits until the browser keeps the words, unless ``is_kept`` is false."""
    page.locator(field).press("Control+End")
    page.keyboard.type(words)
    for _look in range(150):
        if not is_kept or page.evaluate(KEEPS, words):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the browser does not keep {words!r}")


def press_save(page: Page) -> None:
    page.locator(".bar-of-actions button").last.click()


def saved(page: Page) -> None:
    expect(page.locator(".notices .good")).to_be_visible()


def write(page: Page, pages: Pages, words: str) -> None:
    """Adds words to the section, and saves it."""
    page.goto(pages.section)
    type_into(page, words)
    press_save(page)
    saved(page)


def has(page: Page, *words: str) -> None:
    expect(page.locator(TEXT)).to_have_value(re.compile(".*".join(words), re.DOTALL))


def kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('typed ')).length")


def sign_out(page: Page) -> None:
    """Removes the session, as if the sign-in had expired."""
    page.context.clear_cookies(name="sessionid")


# ----------------------------------------------------------------------------- newer texts of other people


def test_going_back_shows_the_newest_text(page: Page, other: Page, pages: Pages):
    write(page, pages, "Dari A.")
    write(other, pages, " Dari B.")
    page.go_back()
    has(page, "Dari A.", "Dari B.")
    type_into(page, " Lagi dari A.")
    press_save(page)
    saved(page)
    page.goto(pages.section)
    has(page, "Dari A.", "Dari B.", "Lagi dari A.")
    expect(page.locator(NOTE)).to_have_count(0)


def test_restored_text_keeps_its_base_revision(page: Page, other: Page, pages: Pages):
    page.goto(pages.section)
    type_into(page, "Dari A.")
    write(other, pages, "Dari B.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    has(page, "Dari A.")
    expect(page.locator(NOTE)).to_be_visible()
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()
    other.goto(pages.section)
    has(other, "Dari B.")


def test_restored_rules_replace_no_newer_rules(page: Page, other: Page, pages: Pages):
    page.goto(pages.rules)
    page.locator("[name=attempts]").fill("50")
    page.locator("[name=shuffle]").check()
    page.wait_for_timeout(700)
    other.goto(pages.rules)
    other.locator("[name=wait]").fill("30")
    press_save(other)
    saved(other)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[name=attempts]")).to_have_value("50")
    expect(page.locator("[name=shuffle]")).to_be_checked()
    expect(page.locator("[name=wait]")).to_have_value("0")
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()


def test_going_back_without_javascript_shows_the_newest_text(
    visit: Visit, instructor: StorageState, other: Page, pages: Pages
):
    page = visit(storage_state=instructor, java_script_enabled=False)
    page.goto(pages.section)
    page.locator(TEXT).fill("## Bacaan\n\nDari A.\n")
    press_save(page)
    saved(page)
    write(other, pages, "Dari B.")
    page.go_back()
    has(page, "Dari A.", "Dari B.")


# ---------------------------------------------------------------------- window, network, sign-in, storage


def test_input_survives_window_sign_in_and_network(visit: Visit, instructor: StorageState, pages: Pages):
    page = visit(storage_state=instructor, may_meet={403})
    page.goto(pages.section)
    type_into(page, "Lama diketik.")
    page.close()

    page = page.context.new_page()
    page.goto(pages.section)
    expect(page.locator(TEXT)).not_to_have_value(re.compile("Lama diketik"))
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Lama diketik.")

    sign_out(page)
    press_save(page)
    expect(page.locator("textarea#copy")).to_have_value(re.compile("Lama diketik"))
    page.locator("main a.button").click()
    pages.sign_in(page)
    expect(page).to_have_url(pages.section)
    has(page, "Lama diketik.")

    sign_out(page)
    window = page.context.new_page()
    window.goto("/accounts/login/")
    pages.sign_in(window)
    press_save(page)
    expect(page.locator("textarea#copy")).to_have_value(re.compile("Lama diketik"))
    page.locator("main a.button").first.click()
    has(page, "Lama diketik.")

    page.context.set_offline(True)
    page.locator(".bar-of-actions button").click(no_wait_after=True)
    page.wait_for_timeout(700)
    page.context.set_offline(False)
    page.goto(pages.section)
    has(page, "Lama diketik.")

    press_save(page)
    saved(page)
    assert kept(page) == 0
    page.goto(pages.section)
    has(page, "Lama diketik.")
    expect(page.locator(NOTE)).to_have_count(0)


def test_inputs_of_two_windows_are_offered_separately(page: Page, pages: Pages):
    for words in ("Pertama.", "Kedua."):
        window = page.context.new_page()
        window.goto(pages.section)
        type_into(window, words)
        window.close()
    page.goto(pages.section)
    expect(page.locator(NOTE)).to_be_visible()
    assert violations(page) == []
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Kedua.")
    page.locator(f"{NOTE} [data-throw]").click()
    expect(page.locator(TEXT)).not_to_have_value(re.compile("Kedua"))
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Pertama.")
    page.locator(f"{NOTE} [data-throw]").click()
    expect(page.locator(NOTE)).to_have_count(0)
    assert kept(page) == 0


def test_input_is_not_offered_to_another_person(page: Page, pages: Pages):
    page.goto(pages.section)
    type_into(page, "Hanya untuk saya.")
    page.close()
    window = page.context.new_page()
    sign_out(window)
    window.goto(pages.section)
    pages.sign_in(window, "administrator")
    expect(window.locator(TEXT)).to_be_visible()
    window.wait_for_timeout(700)
    expect(window.locator(NOTE)).to_have_count(0)


def test_input_of_a_checked_draft_is_not_offered(page: Page, pages: Pages):
    page.goto(pages.module)
    page.locator("form[action$='/draft/'] button").click()
    for words in ("Satu.", "Dua."):
        type_into(page, words, "textarea[name=text]")
        page.locator("button[value=check]").click()
        saved(page)
    page.go_back()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile(r"Satu\.Dua\."))
    expect(page.locator(NOTE)).to_have_count(0)
    assert kept(page) == 0


def test_browser_without_storage_warns_before_leaving(page: Page, pages: Pages):
    page.add_init_script("Storage.prototype.setItem = function () { throw new DOMException('full') }")
    page.goto(pages.section)
    type_into(page, "Tidak tersimpan.", is_kept=False)
    assert asks_before_leaving(page)
    press_save(page)
    saved(page)


def test_input_makes_room_in_a_full_storage(page: Page, pages: Pages):
    page.goto(pages.section)
    fill_the_storage = """() => {
        const item = { at: 1, tab: "", typed: [["source", ""]], hidden: [] };
        localStorage.setItem("typed a@example.org /x# y", JSON.stringify({ ...item, at: Date.now() - 1000, more: "x".repeat(2_000_000) }));
        let size = 4_000_000;
        while (size > 10) {
            try { localStorage.setItem("unsent", (localStorage.getItem("unsent") ?? "") + "x".repeat(size)); } catch { size = Math.floor(size / 2); }
        }
    }"""
    page.evaluate(fill_the_storage)
    type_into(page, "Masih muat.")
    assert (
        page.evaluate("Object.keys(localStorage).filter((name) => name.includes('@example.org /x#')).length")
        == 0
    )
    assert kept(page) == 1


# -------------------------------------------------------------------------------------- leaving the page


def asks_before_leaving(page: Page) -> bool:
    """Tells whether the browser asks before a link leaves the page, and stays on the page."""
    dialogs: list[str] = []

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    here = page.url
    page.locator(".crumbs a").last.click(no_wait_after=True)
    for _look in range(150):
        if dialogs or page.url != here:
            break
        page.wait_for_timeout(100)
    if not dialogs:
        page.remove_listener("dialog", stay)
    assert (page.url == here) == bool(dialogs)
    return bool(dialogs)


def be_refused(page: Page, other: Page, pages: Pages) -> None:
    """Saves input into a section that another person has saved meanwhile."""
    page.goto(pages.section)
    type_into(page, "Dari A.")
    write(other, pages, "Dari B.")
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()


def test_browser_warns_before_leaving_a_refused_text(page: Page, other: Page, pages: Pages):
    be_refused(page, other, pages)
    page.locator(TEXT).click()  # browsers ask only after an action on the page
    assert asks_before_leaving(page)


def test_refused_text_is_refused_again_after_returning(page: Page, other: Page, pages: Pages):
    be_refused(page, other, pages)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(pages.section)
    has(page, "Dari B.")
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Dari A.")
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()
    press_save(page)
    saved(page)
    assert kept(page) == 0


def test_browser_warns_about_input_before_the_script_loads(page: Page, pages: Pages):
    waiting: list[Route] = []
    page.route("**/unsaved-input*.js", lambda route: waiting.append(route))  # noqa: PLW0108 Playwright looks at the signature
    with page.expect_request("**/unsaved-input*.js"):
        page.goto(pages.section, wait_until="commit")
    type_into(page, "Lebih cepat dari skrip.", is_kept=False)
    waiting.pop().continue_()
    page.wait_for_load_state()
    page.unroute("**/unsaved-input*.js")
    assert asks_before_leaving(page)
    assert kept(page) == 1


def test_browser_warns_about_input_after_a_stopped_save(page: Page, pages: Pages):
    page.goto(pages.section)
    type_into(page, "Disimpan?")
    hold = lambda route: None if route.request.method == "POST" else route.continue_()  # noqa: E731
    page.route("**/parts/section/**", hold)
    page.locator(".bar-of-actions button").click(no_wait_after=True)
    page.wait_for_timeout(700)
    page.context.new_cdp_session(page).send("Page.stopLoading")
    page.unroute("**/parts/section/**")
    type_into(page, " Diketik terus.")
    assert asks_before_leaving(page)


def test_browser_does_not_warn_without_input(page: Page, pages: Pages):
    page.goto(pages.section)
    page.locator(TEXT).click()
    assert not asks_before_leaving(page)


# ------------------------------------------------------------------------------------- forms on one page


def test_sent_form_keeps_the_input_of_other_forms(page: Page, pages: Pages):
    page.goto(pages.attempt)
    reopen, delete = (page.locator(f"form[data-keeps={action}]") for action in ("reopen", "delete"))
    for form in (reopen, delete):
        form.locator("xpath=..").locator("summary").click()
    reopen.locator("[name=minutes]").fill("10")
    delete.locator("[name=reason]").press_sequentially("Salah orang.")
    page.locator("article .correction summary").click()
    page.locator("article [name=mark]").fill("1")
    page.locator("article [name=reason]").fill("Soal keliru.")
    page.locator("article .correction button").first.click()
    expect(page).to_have_url(re.compile(r"\?done=1"))

    expect(delete.locator("[name=reason]")).to_be_visible()
    expect(delete.locator("[name=reason]")).to_have_value("Salah orang.")
    expect(reopen.locator("[name=minutes]")).to_have_value("10")
    expect(page.locator("article [name=reason]")).to_have_value("")
    assert kept(page) == 2
