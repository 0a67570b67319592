"""Whatever becomes of window, network and sign-in: what an instructor typed is there again, and replaces nothing."""

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
# In one go, since Django takes its time to start.
FURNISH = """\
from django.core.management import call_command
from modules.models import Module
from tests.journeys.scene import submitted
call_command("load", {file!r}, publish=True)
Quiz.objects.filter(module__slug={slug!r}).update(quiz_opens="at_once")
call_command("account", {email!r}, name="Rina Marlina")
submitted({email!r}, {slug!r}, "Mars")
module = Module.objects.get(slug={slug!r})
print(module.pk, module.sections.get().pk, module.quiz.attempts.get().pk)
"""
TEXT = "textarea[name=source]"
NOTE = ".typed"
KEEPS = """words => Object.entries(localStorage)
    .some(([name, text]) => name.startsWith("typed ") && text.includes(words))"""


@dataclass(frozen=True)
class Written:
    """A module on a running site, its pages in the admin, and those who write there."""

    module: str
    section: str
    rules: str
    attempt: str
    site: Site

    def sign_in(self, page: Page, role: str = "instructor") -> None:
        """Sign in on the page that asks for it."""
        email, password = self.site.people[role]
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def written(site: Site, request: pytest.FixtureRequest) -> Written:
    slug = request.node.name.partition("[")[0].replace("_", "-").removeprefix("test-")[:40].strip("-")
    file = site.folder / f"{slug}.md"
    file.write_text(MODULE.format(slug=slug), encoding="utf-8")
    made = FURNISH.format(file=str(file), slug=slug, email=f"{slug}@example.org")
    module, section, attempt = site.manage("shell", "-c", made).splitlines()[-1].split()
    admin = "/admin/modules"
    return Written(
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
    """A page of somebody else who writes modules, too."""
    return visit(storage_state=administrator)


def type_into(page: Page, words: str, field: str = TEXT, *, is_kept: bool = True) -> None:
    """Type at the end of a field, and rest until it is kept in the browser, where it is to be."""
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


def write(page: Page, written: Written, words: str) -> None:
    """Add words to the section, and save it."""
    page.goto(written.section)
    type_into(page, words)
    press_save(page)
    saved(page)


def has(page: Page, *words: str) -> None:
    expect(page.locator(TEXT)).to_have_value(re.compile(".*".join(words), re.DOTALL))


def kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('typed ')).length")


def sign_out(page: Page) -> None:
    """As when the sign-in has expired."""
    page.context.clear_cookies(name="sessionid")


# ----------------------------------------------------------------------------- what somebody else has saved


def test_going_back_brings_no_old_text_over_a_newer_one(page: Page, other: Page, written: Written):
    write(page, written, "Dari A.")
    write(other, written, " Dari B.")
    page.go_back()
    has(page, "Dari A.", "Dari B.")
    type_into(page, " Lagi dari A.")
    press_save(page)
    saved(page)
    page.goto(written.section)
    has(page, "Dari A.", "Dari B.", "Lagi dari A.")
    expect(page.locator(NOTE)).to_have_count(0)


def test_a_text_that_comes_back_is_a_change_of_the_one_that_it_was_typed_into(
    page: Page, other: Page, written: Written
):
    page.goto(written.section)
    type_into(page, "Dari A.")
    write(other, written, "Dari B.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    has(page, "Dari A.")
    expect(page.locator(NOTE)).to_be_visible()
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()
    other.goto(written.section)
    has(other, "Dari B.")


def test_rules_that_come_back_replace_none_unasked(page: Page, other: Page, written: Written):
    page.goto(written.rules)
    page.locator("[name=attempts]").fill("50")
    page.locator("[name=shuffle]").check()
    page.wait_for_timeout(700)
    other.goto(written.rules)
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


def test_without_javascript_going_back_brings_no_old_text_either(
    visit: Visit, instructor: StorageState, other: Page, written: Written
):
    page = visit(storage_state=instructor, java_script_enabled=False)
    page.goto(written.section)
    page.locator(TEXT).fill("## Bacaan\n\nDari A.\n")
    press_save(page)
    saved(page)
    write(other, written, "Dari B.")
    page.go_back()
    has(page, "Dari A.", "Dari B.")


# -------------------------------------------------------------------------------------- what goes wrong


def test_what_is_typed_outlives_the_window_the_sign_in_and_the_network(
    visit: Visit, instructor: StorageState, written: Written
):
    page = visit(storage_state=instructor, may_meet={403})
    page.goto(written.section)
    type_into(page, "Lama diketik.")
    page.close()

    page = page.context.new_page()
    page.goto(written.section)
    expect(page.locator(TEXT)).not_to_have_value(re.compile("Lama diketik"))
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Lama diketik.")

    sign_out(page)
    press_save(page)
    expect(page.locator("textarea#copy")).to_have_value(re.compile("Lama diketik"))
    page.locator("main a.button").click()
    written.sign_in(page)
    expect(page).to_have_url(written.section)
    has(page, "Lama diketik.")

    sign_out(page)
    window = page.context.new_page()
    window.goto("/accounts/login/")
    written.sign_in(window)
    press_save(page)
    expect(page.locator("textarea#copy")).to_have_value(re.compile("Lama diketik"))
    page.locator("main a.button").first.click()
    has(page, "Lama diketik.")

    page.context.set_offline(True)
    page.locator(".bar-of-actions button").click(no_wait_after=True)
    page.wait_for_timeout(700)
    page.context.set_offline(False)
    page.goto(written.section)
    has(page, "Lama diketik.")

    press_save(page)
    saved(page)
    assert kept(page) == 0
    page.goto(written.section)
    has(page, "Lama diketik.")
    expect(page.locator(NOTE)).to_have_count(0)


def test_what_two_windows_kept_is_offered_and_thrown_away_one_by_one(page: Page, written: Written):
    for words in ("Pertama.", "Kedua."):
        window = page.context.new_page()
        window.goto(written.section)
        type_into(window, words)
        window.close()
    page.goto(written.section)
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


def test_nobody_else_is_offered_it(page: Page, written: Written):
    page.goto(written.section)
    type_into(page, "Hanya untuk saya.")
    page.close()
    window = page.context.new_page()
    sign_out(window)
    window.goto(written.section)
    written.sign_in(window, "administrator")
    expect(window.locator(TEXT)).to_be_visible()
    window.wait_for_timeout(700)
    expect(window.locator(NOTE)).to_have_count(0)


def test_a_draft_that_was_checked_is_not_offered_again(page: Page, written: Written):
    page.goto(written.module)
    page.locator("form[action$='/draft/'] button").click()
    for words in ("Satu.", "Dua."):
        type_into(page, words, "textarea[name=text]")
        page.locator("button[value=check]").click()
        saved(page)
    page.go_back()
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile(r"Satu\.Dua\."))
    expect(page.locator(NOTE)).to_have_count(0)
    assert kept(page) == 0


def test_a_browser_that_keeps_nothing_still_asks(page: Page, written: Written):
    page.add_init_script("Storage.prototype.setItem = function () { throw new DOMException('full') }")
    page.goto(written.section)
    type_into(page, "Tidak tersimpan.", is_kept=False)
    assert asked(page)
    press_save(page)
    saved(page)


def test_a_text_makes_room_for_itself_where_the_storage_is_full(page: Page, written: Written):
    page.goto(written.section)
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


def asked(page: Page) -> bool:
    """Whether the browser asks before the page is left by a link; it stays."""
    seen: list[str] = []

    def stay(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    here = page.url
    page.locator(".crumbs a").last.click(no_wait_after=True)
    for _look in range(150):
        if seen or page.url != here:
            break
        page.wait_for_timeout(100)
    if not seen:
        page.remove_listener("dialog", stay)
    assert (page.url == here) == bool(seen)
    return bool(seen)


def be_refused(page: Page, other: Page, written: Written) -> None:
    """Save what is typed into a section that somebody else has saved meanwhile."""
    page.goto(written.section)
    type_into(page, "Dari A.")
    write(other, written, "Dari B.")
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()


def test_it_is_asked_before_a_text_is_left_that_was_refused(page: Page, other: Page, written: Written):
    be_refused(page, other, written)
    page.locator(TEXT).click()  # a browser asks nobody who has done nothing on the page
    assert asked(page)


def test_who_leaves_a_refusal_and_comes_back_is_refused_again(page: Page, other: Page, written: Written):
    be_refused(page, other, written)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(written.section)
    has(page, "Dari B.")
    page.locator(f"{NOTE} [data-use]").click()
    has(page, "Dari A.")
    press_save(page)
    expect(page.locator(".note.bad")).to_be_visible()
    press_save(page)
    saved(page)
    assert kept(page) == 0


def test_it_is_asked_about_what_was_typed_before_the_script_was_there(page: Page, written: Written):
    waiting: list[Route] = []
    page.route("**/unsaved-input*.js", lambda route: waiting.append(route))  # noqa: PLW0108 (its signature is looked at)
    with page.expect_request("**/unsaved-input*.js"):
        page.goto(written.section, wait_until="commit")
    type_into(page, "Lebih cepat dari skrip.", is_kept=False)
    waiting.pop().continue_()
    page.wait_for_load_state()
    page.unroute("**/unsaved-input*.js")
    assert asked(page)
    assert kept(page) == 1


def test_it_is_asked_about_what_was_typed_on_after_saving_was_stopped(page: Page, written: Written):
    page.goto(written.section)
    type_into(page, "Disimpan?")
    hold = lambda route: None if route.request.method == "POST" else route.continue_()  # noqa: E731
    page.route("**/parts/section/**", hold)
    page.locator(".bar-of-actions button").click(no_wait_after=True)
    page.wait_for_timeout(700)
    page.context.new_cdp_session(page).send("Page.stopLoading")
    page.unroute("**/parts/section/**")
    type_into(page, " Diketik terus.")
    assert asked(page)


def test_nothing_is_asked_where_nothing_was_typed(page: Page, written: Written):
    page.goto(written.section)
    page.locator(TEXT).click()
    assert not asked(page)


# ------------------------------------------------------------------------------------- forms on one page


def test_a_form_that_is_sent_leaves_what_was_typed_into_the_others(page: Page, written: Written):
    page.goto(written.attempt)
    reopen, delete = (page.locator(f"form[data-keeps={action}]") for action in ("reopen", "delete"))
    for form in (reopen, delete):
        form.locator("xpath=..").locator("summary").click()
    reopen.locator("[name=minutes]").fill("10")
    delete.locator("[name=reason]").press_sequentially("Salah orang.")
    page.locator("article .deed summary").click()
    page.locator("article [name=mark]").fill("1")
    page.locator("article [name=reason]").fill("Soal keliru.")
    page.locator("article .deed button").first.click()
    expect(page).to_have_url(re.compile(r"\?done=1"))

    expect(delete.locator("[name=reason]")).to_be_visible()
    expect(delete.locator("[name=reason]")).to_have_value("Salah orang.")
    expect(reopen.locator("[name=minutes]")).to_have_value("10")
    expect(page.locator("article [name=reason]")).to_have_value("")
    assert kept(page) == 2
