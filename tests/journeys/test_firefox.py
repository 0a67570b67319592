"""Tests the main journeys of a learner in Firefox: reading, a quiz, both without a network, and the search."""

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import FIREFOX

from .conftest import script_error
from .lesson import lesson
from .server import Site
from .test_learner import new_account, sign_in_as
from .test_offline import (
    NAMES,
    Machine,
    expect_module_read_without_server,
    go_on,
    load,
    machine,
    wait_until,
    wait_until_kept,
)
from .test_saving import RESULT, expect_all_right, give, quiz, saved, submit, unsent

pytestmark = pytest.mark.journey

__all__ = ["machine", "quiz"]  # fixtures

RELAY = Path(__file__).parent / "relay.py"
CALM = {"ui.prefersReducedMotion": 1}  # else every step waits until one page has faded into the next


@pytest.fixture(scope="module")
def firefox(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Starts the Firefox of this machine behind the relay. Skips the journeys where there is none."""
    path = FIREFOX.path()
    if not path:
        pytest.skip("There is no Firefox here, and none can be installed.")
    program = tmp_path_factory.mktemp("firefox") / "firefox"
    command = shlex.join([sys.executable, str(RELAY), path])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path=program, firefox_user_prefs=CALM
    )
    yield browser
    browser.close()


Enter = Callable[[Site], Page]


@pytest.fixture
def enter(firefox: Browser) -> Iterator[Enter]:
    """Opens a page of a site in a new person's Firefox on a phone. The test fails if a script has an error."""
    trouble: list[str] = []
    contexts = []

    def enter(site: Site) -> Page:
        size = {"width": 390, "height": 844}
        context = firefox.new_context(base_url=site.address, viewport=size, locale="id-ID")
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.on("console", lambda message: trouble.extend(script_error(message)))
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()
    assert trouble == []


def test_script_error_is_noticed(firefox: Browser):
    context = firefox.new_context()
    page = context.new_page()
    with context.expect_event("weberror") as caught:
        page.evaluate("setTimeout(() => { throw new Error('planted') })")
    assert "planted" in str(caught.value.error)
    context.close()


def test_sections_are_read_to_their_end_and_counted(enter: Enter, site: Site):
    page, guide = enter(site), lesson("menulis-modul")
    sign_in_as(page, *new_account(site, "firefox@example.org"))
    page.goto(guide.address)
    page.locator("form[action$='/enrolment/'] button").click()
    for section in guide.document.sections[:2]:
        expect(page.locator("h1")).to_have_text(section.title)
        page.locator(".turn").scroll_into_view_if_needed()
        page.locator("form[data-reading] button").click()
    expect(page.locator("h1")).to_have_text(guide.document.sections[2].title)
    page.goto(guide.address)
    expect(page.locator("main")).to_contain_text("2 dari 11 bagian sudah dibaca")


def test_quiz_is_answered_and_its_result_shown(enter: Enter, site: Site, quiz):
    page = enter(site)
    quiz.start(page)
    for number in (1, 2, 3):
        expect(page.locator("[data-place]")).to_have_text(f"Soal {number} dari 3")
        give(page)
        saved(page)
        page.locator("button[value=next], button[value=finish]").click()
    page.wait_for_url(re.compile("submission/$"))
    submit(page)
    expect_all_right(page)
    expect(page.locator(".verdict.right")).to_have_count(3)


def test_attempt_is_finished_while_the_server_is_away(enter: Enter, machine: Machine):
    site = machine.start()
    page, quiz = enter(site), load(site, "firefox-tanpa-server", "time_limit: 30\n")
    quiz.start(page)
    give(page)
    saved(page)
    attempt = page.locator("#answer-form").get_attribute("data-attempt")
    wait_until_kept(page, f"attempt-{attempt}", 10)
    go_on(page, 2)
    wait_until(page, "keptQuestions.byPath.size === 3")

    machine.stop()
    give(page)
    unsent(page, 1)
    go_on(page, 3)
    give(page)
    unsent(page, 2)
    page.reload()  # the worker answers
    expect(page.locator("[data-place]")).to_have_text("Soal 3 dari 3")
    expect(page.locator("[data-dots] .answered")).to_have_count(3)

    machine.start()
    # The page tries again every half a minute at the latest, because nothing tells it that the server is back.
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible(timeout=60_000)
    page.locator("button[value=finish]").click()
    page.wait_for_url(re.compile("submission/$"))
    submit(page)
    expect(page).to_have_url(RESULT)
    expect_all_right(page)
    wait_until(page, f"async () => (await ({NAMES})()).join() === 'keeper'")


def test_module_is_read_while_the_server_is_away(enter: Enter, machine: Machine):
    site = machine.start()
    expect_module_read_without_server(machine, site, enter(site))


def test_key_opens_the_search_and_a_hit_opens_at_its_heading(enter: Enter, site: Site):
    page = enter(site)
    sign_in_as(page, *new_account(site, "firefox.cari@example.org"))
    page.goto("/learning/")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type('"nama tetap"')
    page.keyboard.press("Enter")
    hit = page.locator(".hit").first
    expect(hit.locator(".passage mark").first).to_be_visible()
    hit.locator("h3 a").press("Enter")
    page.wait_for_url("**/modules/menulis-modul/judul-dan-bagian/#s-nama-tetap")
    expect(page.locator("#s-nama-tetap")).to_be_in_viewport()
