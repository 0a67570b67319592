"""Tests that attempts and modules go on while the server is away, and that nothing stays for anybody else."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import violations
from .conftest import Visit
from .keyboard import Keyboard
from .server import Site, free_port, served
from .test_learner import new_account, sign_in_as
from .test_saving import MODULE, Quiz, give, quiz, saved, set_time_left, unsent

pytestmark = pytest.mark.journey

__all__ = ["quiz"]  # a fixture

RESULT = re.compile(r"/attempts/\d+/result/$")
KEPT = "async name => (await caches.keys()).includes(name) && (await (await caches.open(name)).keys()).length"
NAMES = "async () => [...(await caches.keys()), ...Object.keys(localStorage)]"


@dataclass
class Machine:
    """A machine with a Tuntas that can be stopped and started again. Its address stays the same."""

    folder: Path
    port: int = field(default_factory=free_port)
    running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> Site:
        return self.running.enter_context(served(self.folder, port=self.port))

    def stop(self) -> None:
        self.running.close()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    yield machine
    machine.stop()


def phone(browser: Browser, site: Site) -> Page:
    """Opens a browser of its own. The server goes away, so failed requests are no trouble."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(
        base_url=site.address, viewport=size, locale="id-ID", reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    return context.new_page()


def load(site: Site, slug: str, rules: str = "") -> Quiz:
    file = site.folder / f"{slug}.md"
    file.write_text(MODULE.format(slug=slug, rules=rules), encoding="utf-8")
    site.load(file)
    opened = "from modules.models import Quiz; Quiz.objects.update(quiz_opens='at_once')"
    site.manage("shell", "-c", opened)
    return Quiz(slug, new_account(site, f"{slug}@example.org"))


def wait_until(page: Page, expression: str) -> None:
    """Waits for a script to be true. The policy of the pages rightly keeps Playwright from waiting inside them."""
    for _look in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(150)
    raise AssertionError(expression)


def wait_until_kept(page: Page, name: str, least: int) -> None:
    wait_until(page, f"async () => (await ({KEPT})({name!r})) >= {least}")


def go_on(page: Page, number: int) -> None:
    page.locator("button[value=next]").click()
    expect(page.locator("[data-place]")).to_have_text(f"Soal {number} dari 3")
    expect(page).to_have_url(re.compile(f"questions/{number}/$"))


def test_attempt_is_finished_while_the_server_is_away(machine: Machine, browser: Browser):
    site = machine.start()
    page = phone(browser, site)
    quiz = load(site, "tanpa-server", "time_limit: 30\n")
    quiz.start(page)
    give(page)
    saved(page)
    attempt = page.locator("#answer-form").get_attribute("data-attempt")
    wait_until_kept(page, f"attempt-{attempt}", 10)
    go_on(page, 2)
    wait_until(page, "typeof keptQuestions === 'object' && keptQuestions.byPath.size === 3")

    machine.stop()
    give(page)
    unsent(page, 1)
    go_on(page, 3)
    give(page)
    unsent(page, 2)
    page.reload()  # the worker answers
    expect(page.locator("[data-place]")).to_have_text("Soal 3 dari 3")
    expect(page.locator("[data-dots] .answered")).to_have_count(3)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^2\d\.\d\d$"))
    page.locator("button[value=finish]").click()
    expect(page.locator("[data-note]")).to_contain_text("Anda dapat mengumpulkan begitu tersambung lagi.")
    assert violations(page) == []

    machine.start()
    # The page tries again every half a minute at the latest, because nothing tells it that the server is back.
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible(timeout=60_000)
    page.locator("button[value=finish]").click()
    page.wait_for_url(re.compile("submission/$"))
    page.locator("form[data-submission] button").click()
    expect(page).to_have_url(RESULT)
    expect(page.locator(".verdict-box .figure")).to_contain_text("100")
    wait_until(page, f"async () => (await ({NAMES})()).join() === 'keeper'")


def test_module_is_read_while_the_server_is_away(machine: Machine, browser: Browser):
    site = machine.start()
    expect_module_read_without_server(machine, site, phone(browser, site))


def expect_module_read_without_server(machine: Machine, site: Site, page: Page) -> None:
    """Keeps a module, reads it while the server is away, and finds its readings counted and nothing left behind."""
    slug = "menulis-modul"
    sign_in_as(page, *site.people["learner"])
    page.goto(f"/modules/{slug}/")
    page.locator("[data-keep]").click()
    expect(page.locator("[data-keep-status]")).to_have_text(re.compile("^Tersimpan"))
    sections = page.locator(".path a[href^='/modules/']").evaluate_all(
        "links => links.map(link => link.pathname)"
    )

    machine.stop()
    page.goto(sections[0])
    expect(page.locator("main .note[role=status]")).to_contain_text("Tanpa koneksi.")
    for section in sections[:2]:
        expect(page).to_have_url(re.compile(f"{section}$"))
        page.locator(".turn form button").click()
    expect(page).to_have_url(re.compile(f"{sections[2]}$"))
    page.goto("/learning/")
    expect(page.locator("h1")).to_have_text("Tanpa koneksi")
    page.locator("[data-kept-list] a").click()
    expect(page).to_have_url(re.compile(f"/modules/{slug}/$"))

    machine.start()
    page.goto("/")
    wait_until(page, "async () => !(await caches.has('readings'))")
    page.goto(f"/modules/{slug}/")
    expect(page.locator("main")).to_contain_text("2 dari 11 bagian sudah dibaca")

    page.locator("[data-menu] summary").click()
    page.locator("[data-menu] form[action='/accounts/logout/'] button").click()
    if page.locator("main form[action='/accounts/logout/']").count():
        page.locator("main form[action='/accounts/logout/'] button").click()
    expect(page.get_by_role("link", name="Masuk").first).to_be_visible()
    wait_until(page, f"async () => (await ({NAMES})()).length === 0")


def test_other_person_finds_nothing_of_what_was_kept(visit: Visit, site: Site, quiz: Quiz):
    page = visit(service_workers="allow", may_meet=(404,))
    quiz.start(page)
    attempt = page.locator("#answer-form").get_attribute("data-attempt")
    wait_until_kept(page, f"attempt-{attempt}", 10)
    page.context.clear_cookies(name="sessionid")  # the sign-in expires
    sign_in_as(page, *new_account(site, "lain.orang@example.org"))
    wait_until(page, f"async () => (await ({NAMES})()).length === 0")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"/attempts/{attempt}/questions/1/")


def test_plain_http_keeps_questions_in_memory_only(visit: Visit, quiz: Quiz):
    page = visit(width=390)
    page.context.add_init_script("delete globalThis.caches; delete Navigator.prototype.serviceWorker")
    quiz.start(page)
    wait_until(page, "typeof keptQuestions === 'object' && keptQuestions.byPath.size === 3")
    page.context.set_offline(True)
    keyboard = Keyboard(page)
    for number in (2, 3):
        give(page)
        unsent(page, number - 1)
        keyboard.press(page.locator("button[value=next]"))
        expect(page.locator("[data-place]")).to_have_text(f"Soal {number} dari 3")
        expect(page.locator("#main")).to_be_focused()
    give(page)
    page.go_back()
    expect(page.locator("[data-place]")).to_have_text("Soal 2 dari 3")
    expect(page.locator("[data-dots] .answered")).to_have_count(3)
    page.context.set_offline(False)
    saved(page)
    page.reload()
    expect(page.locator("[data-dots] .answered")).to_have_count(3)


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_clock_warns_in_colour_and_words(visit: Visit, quiz: Quiz):
    page = visit(width=390)
    quiz.start(page)
    clock, voice = page.locator("[data-clock]"), page.locator("[data-voice]")
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"\d"))
    expect(clock).to_have_class("timer")
    set_time_left(page, seconds=299)
    expect(clock).to_have_class("timer soon")
    expect(voice).to_have_text("Sisa waktu dalam menit: 5")
    set_time_left(page, seconds=59)
    expect(clock).to_have_class("timer last")
    expect(clock).to_contain_text("kurang dari 1 menit")
    expect(voice).to_have_text(re.compile("^Sisa "))
    assert violations(page) == []
    set_time_left(page, seconds=0)
    expect(page.locator("[data-note]")).to_have_text("Waktu habis. Jawaban Anda sedang dikumpulkan…")
    expect(page.locator("#answer-form")).to_have_attribute("inert", "")
    set_time_left(page, seconds=600)  # an instructor has given more
    expect(page.locator("#answer-form")).not_to_have_attribute("inert", "")
    expect(clock).to_have_class("timer")


@pytest.mark.parametrize("quiz", ["time_limit: 1\n"], indirect=True)
def test_clock_of_a_minute_warns_late(visit: Visit, quiz: Quiz):
    page = visit(width=390)
    quiz.start(page)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"\d"))
    set_time_left(page, seconds=45)
    expect(page.locator("[data-clock]")).to_have_class("timer")
    set_time_left(page, seconds=29)
    expect(page.locator("[data-clock]")).to_have_class("timer soon")
    set_time_left(page, seconds=9)
    expect(page.locator("[data-clock]")).to_have_class("timer last")
    expect(page.locator("[data-clock]")).to_contain_text("hampir habis")


def test_question_fits_a_phone_with_its_button(visit: Visit, quiz: Quiz):
    page = visit(width=390)
    quiz.start(page)
    for number in range(1, 4):
        page.wait_for_url(re.compile(f"questions/{number}/$"))
        height = page.evaluate("document.documentElement.scrollHeight")
        button = page.locator(".exam-foot .last").bounding_box()
        assert height <= 844
        assert button
        assert button["y"] + button["height"] <= 844
        if page.locator("button[value=next]").count():
            page.locator("button[value=next]").click()
    assert page.locator("button[value=finish]").count() == 1
