"""Tests that axe finds no fault on the pages of instructors and administrators."""

import pytest
from playwright.sync_api import Page, StorageState

from .axe import PHONE, expect_usable, violations
from .conftest import Studying, Visit
from .documents import WRONG
from .lesson import lesson
from .test_instructor import LOAD, upload

pytestmark = pytest.mark.journey

GUIDE = lesson("menulis-modul")
LISTS = ("module", "draft", "attempt", "revision", "studyclass")


def links(page: Page, listed_on: str, wanted: str, most: int = 1) -> list[str]:
    """Returns the first addresses in the main part of a page that match a selector of links."""
    page.goto(listed_on)
    matching = page.locator(f"main a{wanted}, #content a{wanted}")
    assert matching.count(), f"{listed_on} has no link {wanted}"
    return [str(link.get_attribute("href")) for link in matching.all()[:most]]


def module_of(page: Page) -> str:
    """Returns the address of the guide's page in the admin. A learner has worked in the guide."""
    page.goto("/admin/modules/module/")
    return str(page.get_by_role("link", name=GUIDE.document.title).first.get_attribute("href"))


@pytest.mark.parametrize("listed", LISTS)
def test_lists_are_accessible(visit: Visit, instructor: StorageState, studying: Studying, listed: str):
    address = f"/admin/modules/{listed}/"
    page = visit(storage_state=instructor)
    expect_usable(page, address, f"{address}?q=zzz", narrowest=PHONE["width"])


def test_first_page_and_loading_are_accessible(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    expect_usable(page, "/admin/", LOAD, narrowest=PHONE["width"])
    page.locator("form[enctype] button").last.click()
    assert violations(page) == []


def test_module_and_its_parts_are_accessible(visit: Visit, instructor: StorageState, studying: Studying):
    page = visit(storage_state=instructor)
    module = module_of(page)
    addresses = [module, module.replace("change/", "load/"), module.replace("change/", "delete/")]
    addresses += [
        link
        for kind in ("preamble", "section", "quiz", "question")
        for link in links(page, module, f"[href*='/parts/{kind}/']")
    ]
    expect_usable(page, *addresses, narrowest=PHONE["width"])


def test_quiz_rules_and_their_errors_are_accessible(visit: Visit, instructor: StorageState):
    page = visit(storage_state=instructor)
    rules = module_of(page).replace("change/", "rules/")
    expect_usable(page, rules, narrowest=PHONE["width"])
    page.goto(rules)
    page.locator("[name=review][value=by_moment]").check()
    assert page.locator("[name=after_closing]").last.is_visible()
    page.locator("[name=attempts]").fill("0")
    page.locator(".bar-of-actions button").click()
    assert page.locator("[name=attempts][aria-invalid=true]").is_visible()
    assert violations(page) == []


def test_classes_and_overrides_are_accessible(visit: Visit, instructor: StorageState, studying: Studying):
    page = visit(storage_state=instructor)
    classes = "/admin/modules/studyclass/"
    page.goto(f"{classes}add/")
    page.locator("[name=name]").fill("Kelas B")
    page.locator("main form.form button").click()
    page.wait_for_url("**/people/")
    study_class = page.url.replace("people/", "change/")
    overrides = module_of(page).replace("change/", "overrides/")
    page.goto(overrides)
    page.locator("[name=group]").select_option(label="Kelas B")
    page.locator("[name=closes_at]").fill("2099-01-01T08:00")
    page.locator("main form.form button").click()
    page.locator(".others").wait_for()
    override = links(page, overrides, "[href*='/overrides/']")
    override += [f"{overrides}?q=", f"{overrides}?q=zzz"]
    page.goto(override[-2])
    page.locator("button[name=learner]").first.click()
    override.append(page.url)
    delete = study_class.replace("change/", "delete/")
    expect_usable(page, classes, study_class, overrides, *override, delete, narrowest=PHONE["width"])
    page.goto(delete)
    page.get_by_role("button", name="Hapus kelas").click()  # so that later journeys find no overrides


def test_results_attempts_and_revisions_are_accessible(
    visit: Visit, instructor: StorageState, studying: Studying
):
    page = visit(storage_state=instructor)
    results = module_of(page).replace("change/", "results/")
    learner = links(page, results, "[href*='/learners/']")
    page.goto(learner[0])
    page.locator("[name=text]").fill("Bekerja malam; membaca dari ponsel.")
    page.locator("main form.form button").click()
    page.locator(".notes").wait_for()
    addresses = [
        results,
        results.replace("results/", "questions/"),
        *learner,
        f"{learner[0]}?show=quiz",
        f"/admin/modules/attempt/{studying.failed}/change/",
    ]
    addresses += [f"/admin/modules/attempt/{studying.passed}/change/"]
    addresses += links(page, "/admin/modules/revision/", "[href*='/revision/'][href*='/change/']")
    expect_usable(page, *addresses, narrowest=PHONE["width"])


@pytest.mark.parametrize("text", [WRONG, GUIDE.document.text], ids=["wrong", "right"])
def test_draft_and_its_preview_are_accessible(visit: Visit, instructor: StorageState, text: str):
    page = visit(storage_state=instructor)
    upload(page, "rem.md", text.encode("utf-8"))
    draft = page.url
    preview = f"/preview/drafts/{draft.split('/')[-3]}/"
    sections = links(page, preview, f"[href*='{preview}']", most=2)
    page.goto(preview)
    quiz = str(page.locator(".path .quiz a").get_attribute("href"))
    addresses = [draft, preview, *sections, quiz, f"{quiz}?question=1", draft.replace("change/", "delete/")]
    expect_usable(page, *addresses, narrowest=PHONE["width"])


def test_accounts_are_accessible(visit: Visit, administrator: StorageState):
    page = visit(storage_state=administrator)
    accounts = "/admin/accounts/user/"
    addresses = ["/admin/", accounts, f"{accounts}add/", "/admin/password_change/"]
    for person in ("learner", "administrator"):  # the page refuses to delete one's own account
        page.goto(f"{accounts}?q={person}@example.com")
        account = str(page.locator("#result_list th a").first.get_attribute("href"))
        addresses += [
            account.partition("?")[0].replace("change/", f"{what}/")
            for what in ("change", "delete", "devices", "history")
        ]
    expect_usable(page, *addresses, narrowest=PHONE["width"])


def test_background_work_is_accessible(visit: Visit, administrator: StorageState):
    page = visit(storage_state=administrator)
    listed = "/admin/tasks/storedtask/"
    addresses = [
        listed,
        f"{listed}?state=failed",
        *links(page, listed, "[href*='/storedtask/'][href*='change/']"),
    ]
    expect_usable(page, *addresses, narrowest=PHONE["width"])
