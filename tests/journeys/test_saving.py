"""Whatever becomes of the network, the window and the sign-in: every answer is there at the end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .keyboard import Keyboard
from .server import Site
from .test_learner import sign_in_as, somebody

pytestmark = pytest.mark.journey

RESULT = re.compile(r"/attempts/\d+/result/$")
MODULE = """\
---
slug: {slug}
shuffle: true
{rules}---
# Kuis {slug}

## Bacaan

Satu kalimat.

## Kuis akhir

### Berapa dua kali dua?

- [=] 4

### Planet terbesar?

- [ ] Mars
- [x] Jupiter

### Planet berbatu?

- [x] Venus
- [x] Bumi
- [ ] Saturnus
"""


@dataclass(frozen=True)
class Quiz:
    """A quiz on a running site, and a learner who may take it."""

    slug: str
    person: tuple[str, str]

    def start(self, page: Page) -> str:
        """Sign in and start; the address of the attempt's first question."""
        sign_in_as(page, *self.person)
        page.goto(f"/quizzes/{self.slug}/")
        page.locator(f"form[action='/quizzes/{self.slug}/'] button").click()
        return page.url


@pytest.fixture
def quiz(site: Site, request: pytest.FixtureRequest) -> Quiz:
    """A quiz of three questions that opens at once; the test's parameter holds rules for its front matter."""
    slug = request.node.name.partition("[")[0].replace("_", "-").removeprefix("test-")[:60]
    file = site.folder / f"{slug}.md"
    file.write_text(MODULE.format(slug=slug, rules=getattr(request, "param", "")), encoding="utf-8")
    site.manage("load", str(file), "--publish")
    site.manage(
        "shell", "-c", "from modules.models import Module; Module.objects.update(quiz_opens='at_once')"
    )
    return Quiz(slug, somebody(site, f"{slug}@example.org"))


def give(page: Page) -> str:
    """Answer the question of a page rightly; its title."""
    title = page.locator("h1").inner_text()
    if page.locator("#answer").count():
        page.locator("#answer").fill("4")
    for right in ("Jupiter", "Venus", "Bumi"):
        for label in page.locator("[data-options] label").filter(has_text=right).all():
            label.locator("input").check()
    return title


def touch(page: Page) -> None:
    """Answer the question of a page in one step, since the first answer after the end leaves the page."""
    if page.locator("#answer").count():
        page.locator("#answer").fill("4")
    else:
        page.locator("[data-options] input").first.check()


def saved(page: Page) -> None:
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible()


def unsent(page: Page, number: int) -> None:
    expect(page.locator("[data-status][data-state=unsent]")).to_contain_text(
        f"Belum terkirim: {number} jawaban"
    )


def sign_out(page: Page) -> None:
    """As when the sign-in has expired."""
    page.context.clear_cookies(name="sessionid")


def submit(page: Page) -> None:
    page.locator("form[action$='/submission/'] button").click()
    expect(page).to_have_url(RESULT)


def expect_all_right(page: Page) -> None:
    expect(page.locator(".score .figure")).to_contain_text("100")


def test_the_network_goes_the_tab_is_closed_and_the_sign_in_expires(visit: Visit, quiz: Quiz):
    page = visit(width=390)
    first = quiz.start(page)
    give(page)
    saved(page)
    page.locator("button[value=next]").click()
    page.wait_for_url(re.compile("questions/2/$"))

    page.context.set_offline(True)
    give(page)
    unsent(page, 1)
    page.locator("button[value=next]").click()
    expect(page).to_have_url(re.compile("questions/2/$"))
    page.close()

    page = page.context.new_page()
    page.context.set_offline(False)
    sign_out(page)
    page.goto(first)
    page.locator("[name=login]").fill(quiz.person[0])
    page.locator("[name=password]").fill(quiz.person[1])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(first)
    expect(page.locator("[data-dots] .answered")).to_have_count(2)

    page.locator("[data-number='3']").click()
    page.wait_for_url(re.compile("questions/3/$"))
    sign_out(page)
    give(page)
    expect(page.locator("[data-status]")).to_contain_text("Anda sudah keluar")
    page.locator("[data-sign-in]").click()
    page.locator("[name=login]").fill(quiz.person[0])
    page.locator("[name=password]").fill(quiz.person[1])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("questions/3/$"))
    saved(page)
    page.locator("button[value=finish]").click()
    page.wait_for_url(re.compile("submission/$"))
    submit(page)
    expect_all_right(page)
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('unsent')).length") == 0


def test_submitting_waits_for_what_is_unsent(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    for number in (2, 3):
        give(page)
        saved(page)
        page.locator(f"[data-number='{number}']").click()
        page.wait_for_url(re.compile(f"questions/{number}/$"))
    page.context.set_offline(True)
    give(page)
    unsent(page, 1)
    page.context.set_offline(False)
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator("h1")).to_have_text("Semua soal sudah dijawab")
    submit(page)
    expect_all_right(page)


def test_an_answer_that_waited_does_not_replace_a_later_one_unasked(visit: Visit, quiz: Quiz):
    phone, desk = visit(width=390), visit()
    quiz.start(phone)
    text = next_typed(phone)
    sign_in_as(desk, *quiz.person)
    desk.goto(text)

    phone.context.set_offline(True)
    phone.locator("#answer").fill("di ponsel")
    unsent(phone, 1)
    phone.close()
    desk.locator("#answer").fill("di meja")
    saved(desk)

    phone = phone.context.new_page()
    phone.context.set_offline(False)
    phone.goto(text)
    expect(phone.locator("[data-refused]")).to_contain_text("di ponsel")
    expect(phone.locator("#answer")).to_have_value("di meja")
    phone.locator("[data-take]").click()
    saved(phone)
    expect(phone.locator("[data-refused]")).to_be_hidden()
    desk.reload()
    expect(desk.locator("#answer")).to_have_value("di ponsel")


def next_typed(page: Page) -> str:
    """Go to the question whose answer is typed."""
    for number in (1, 2, 3):
        page.goto(re.sub(r"questions/\d/$", f"questions/{number}/", page.url))
        if page.locator("#answer").count():
            break
    return page.url


def test_two_tabs_of_one_browser_end_in_one_answer_the_last(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    text = next_typed(page)
    other = page.context.new_page()
    other.goto(text)
    page.locator("#answer").fill("satu")
    saved(page)
    other.locator("#answer").fill("dua")
    saved(other)
    page.reload()
    expect(page.locator("#answer")).to_have_value("dua")


def test_without_javascript_an_answer_outlives_the_sign_in(visit: Visit, quiz: Quiz):
    page = visit(java_script_enabled=False)
    quiz.start(page)
    text = next_typed(page)
    page.locator("#answer").fill("4")
    sign_out(page)
    page.locator("button[value=next], button[value=finish]").click()
    page.locator("[name=login]").fill(quiz.person[0])
    page.locator("[name=password]").fill(quiz.person[1])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(text)
    expect(page.locator("main")).to_contain_text("Jawaban yang Anda kirim sebelum masuk sudah tersimpan.")
    expect(page.locator("#answer")).to_have_value("4")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_when_time_is_up_what_is_saved_is_submitted(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    expect(page.locator("[data-clock] [data-face]")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    page.locator("[data-toggle]").click()
    expect(page.locator("[data-face]")).to_be_hidden()
    give(page)
    saved(page)
    ends_in(site, seconds=-3)
    page.reload()
    expect(page).to_have_url(RESULT, timeout=20_000)
    expect(page.locator(".score .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\nlate: grace\n"], indirect=True)
def test_in_the_time_of_grace_one_submits_and_no_longer_answers(visit: Visit, site: Site, quiz: Quiz):
    page = visit(width=390)
    quiz.start(page)
    give(page)
    saved(page)
    ends_in(site, seconds=-6)
    page.reload()
    expect(page.locator("h1")).to_have_text("Waktu habis")
    submit(page)
    expect(page.locator(".score .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_a_computer_whose_clock_is_wrong_by_hours_has_the_servers_time(visit: Visit, site: Site, quiz: Quiz):
    ahead, behind = wrong_by(visit, hours=7), wrong_by(visit, hours=-7)
    first = quiz.start(ahead)
    sign_in_as(behind, *quiz.person)
    behind.goto(first)
    for page in (ahead, behind):
        expect(page.locator("[data-face]")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    give(behind)
    saved(behind)

    ends_in(site, seconds=120)
    ahead.goto(re.sub(r"questions/\d/$", "questions/2/", first))
    expect(ahead.locator("[data-face]")).to_have_text(re.compile(r"^(2:00|1:\d\d)$"))
    give(ahead)
    saved(ahead)

    behind.goto(re.sub(r"questions/\d/$", "questions/3/", first))
    ends_in(site, seconds=-6)
    touch(behind)
    expect(behind).to_have_url(RESULT)
    expect(behind.locator(".score .figure")).to_contain_text("66")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_the_clock_follows_when_somebody_is_given_more_time(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    ends_in(site, seconds=7200)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    give(page)
    saved(page)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^1:59:\d\d$"))


def wrong_by(visit: Visit, *, hours: int) -> Page:
    """A page on a computer whose clock is so many hours ahead."""
    page = visit()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    page.goto("/")
    shown = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    assert round((shown - datetime.now(UTC)) / timedelta(hours=1)) == hours
    return page


def ends_in(site: Site, *, seconds: int) -> None:
    """The time of the attempt that was begun last is up so many seconds from now, by the server's clock."""
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta; from django.utils import timezone; from modules.models import Attempt\n"
        "attempt = Attempt.objects.latest('pk')\n"
        f"end = timezone.now() + timedelta(seconds={seconds})\n"
        "late = attempt.overdue_until and end + timedelta(minutes=10)\n"
        "Attempt.objects.filter(pk=attempt.pk).update(deadline=end, overdue_until=late)",
    )


def test_flags_and_boxes_by_keyboard(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    keyboard = Keyboard(page)
    for number in (1, 2, 3):
        page.goto(re.sub(r"questions/\d/$", f"questions/{number}/", first))
        if page.locator("[type=checkbox][name=answer]").count():
            break
    boxes = page.locator("[type=checkbox][name=answer]")
    keyboard.go_to(boxes.first)
    page.keyboard.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("3")
    expect(boxes.nth(2)).to_be_checked()
    keyboard.press(page.locator("[name=flag]"), "Space")
    saved(page)
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator(".dots .flagged")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(f"Yang ditandai: soal {number}")
