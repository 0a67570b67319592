"""Whatever becomes of the network, the window and the sign-in: every answer is there at the end."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Request, Route, expect

from .conftest import Visit
from .keyboard import Keyboard
from .server import Site
from .test_learner import sign_in_as, somebody

pytestmark = pytest.mark.journey

RESULT = re.compile(r"/attempts/\d+/result/$")
HALF_AN_HOUR = re.compile(r"^(30|2\d):\d\d$")  # less what a busy machine has taken since
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
# In one go, since Django takes its time to start, and every journey of this file needs all three.
FURNISH = """\
from django.core.management import call_command
from modules.models import Module
call_command("load", {file!r}, publish=True)
Quiz.objects.filter(module__slug={slug!r}).update(quiz_opens="at_once")
call_command("account", {email!r}, name="Rina Marlina")
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
    email = f"{slug}@example.org"
    printed = site.manage("shell", "-c", FURNISH.format(file=str(file), slug=slug, email=email))
    return Quiz(slug, (email, printed.split()[-1]))


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
    """Answer the question of a page and look at nothing, since the first answer after the end leaves the page."""
    if page.locator("#answer").count():
        page.locator("#answer").fill("4")
    else:
        page.keyboard.press("1")


def said(page: Page, name: str) -> re.Pattern[str]:
    """A sentence that the page has for its status, with whatever stands in its gaps."""
    sentence = page.locator("[data-said]").first.get_attribute(f"data-{name}") or ""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(sentence)))


def saved(page: Page) -> None:
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible()


def unsent(page: Page, number: int) -> None:
    expect(page.locator("[data-status][data-state=unsent]")).to_contain_text(
        f"Belum terkirim: {number} jawaban"
    )


def sign_out(page: Page) -> None:
    """As when the sign-in has expired."""
    page.context.clear_cookies(name="sessionid")


def sign_in_here(page: Page, quiz: Quiz) -> None:
    page.locator("[name=login]").fill(quiz.person[0])
    page.locator("[name=password]").fill(quiz.person[1])
    page.locator("[name=password]").press("Enter")


def submit(page: Page) -> None:
    page.locator("form[action$='/submission/'] button").click()
    expect(page).to_have_url(RESULT)


def height_in_lines(page: Page, selector: str) -> int:
    """On how many lines the words of an element stand."""
    return page.locator(selector).evaluate(
        "one => { const range = document.createRange(); range.selectNodeContents(one);"
        " return new Set([...range.getClientRects()].map(box => box.top)).size; }"
    )


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
    sign_in_here(page, quiz)
    page.wait_for_url(first)
    expect(page.locator("[data-dots] .answered")).to_have_count(2)

    page.locator("[data-number='3']").click()
    page.wait_for_url(re.compile("questions/3/$"))
    sign_out(page)
    give(page)
    expect(page.locator("[data-status]")).to_contain_text("Anda sudah keluar")
    assert height_in_lines(page, "[data-sign-in]") == 1
    page.locator("[data-sign-in]").click()
    sign_in_here(page, quiz)
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
    expect(phone.locator("[name=flag]")).to_be_disabled()  # to flag it would decide, and unasked
    expect(phone.locator("#answer")).to_have_value("di meja")
    phone.locator("[data-take]").click()
    saved(phone)
    expect(phone.locator("[data-refused]")).to_be_hidden()
    expect(phone.locator("[name=flag]")).to_be_enabled()
    desk.reload()
    expect(desk.locator("#answer")).to_have_value("di ponsel")

    phone.context.set_offline(True)
    phone.locator("#answer").fill("lama, di ponsel")
    unsent(phone, 1)
    desk.locator("#answer").fill("baru, di meja")
    saved(desk)
    phone.context.set_offline(False)
    expect(phone.locator("[data-refused]")).to_contain_text("lama, di ponsel")
    expect(phone.locator("#answer")).to_have_value("baru, di meja")
    phone.locator("[data-discard]").click()
    phone.reload()
    expect(phone.locator("#answer")).to_have_value("baru, di meja")
    expect(phone.locator("[data-refused]")).to_be_hidden()


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


def test_what_was_typed_just_before_leaving_by_a_link_is_stored(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    text = next_typed(page)
    page.locator("#answer").fill("4")
    page.locator("main .eyebrow a").click()
    page.wait_for_url(f"**/quizzes/{quiz.slug}/")
    page.evaluate("localStorage.clear()")
    for _look in range(50):  # it is still on its way when the next page comes
        page.goto(text)
        if page.locator("#answer").input_value():
            break
    expect(page.locator("#answer")).to_have_value("4")


def test_what_was_given_before_the_script_was_there_is_stored(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    def unblocked(route: Route) -> None:  # not every browser knows that attribute
        shown = route.fetch()
        route.fulfill(response=shown, body=shown.text().replace(' blocking="render"', ""))

    page.route("**/js/answers*.js", hold)
    page.route(
        "**/questions/*/",
        lambda route: unblocked(route) if route.request.method == "GET" else route.continue_(),
    )
    for number in (1, 2, 3):
        with page.expect_request("**/js/answers*.js"):
            page.goto(re.sub(r"questions/\d/$", f"questions/{number}/", first), wait_until="commit")
        page.locator("form[data-answers] .quiz-buttons").wait_for()
        give(page)
        scripts.pop().continue_()
        saved(page)
    with page.expect_request("**/js/answers*.js"):
        page.goto(re.sub(r"questions/\d/$", "submission/", first), wait_until="commit")
    assert page.locator("form[data-submission]").count() == 0  # nobody can submit without it
    scripts.pop().continue_()
    submit(page)
    expect_all_right(page)


def test_who_types_without_a_pause_is_saved_all_the_same(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    next_typed(page)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.locator("#answer").press_sequentially("empat tentu saja", delay=200)
    assert sent
    saved(page)


def test_a_browser_whose_storage_is_full_sends_all_the_same(visit: Visit, quiz: Quiz):
    page = visit()
    page.context.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    quiz.start(page)
    text = next_typed(page)
    page.context.set_offline(True)
    page.locator("#answer").fill("4")
    unsent(page, 1)
    expect(page.locator("[data-status]")).to_contain_text(said(page, "forgetful"))
    page.context.set_offline(False)
    saved(page)
    last = page.locator("button[value=finish]").count()
    page.locator("#answer").press("Enter")
    page.wait_for_url(re.compile("submission/$") if last else f"**/questions/{int(text[-2]) + 1}/")
    page.goto(text)
    expect(page.locator("#answer")).to_have_value("4")


def test_the_page_says_what_is_in_the_way_of_an_answer(visit: Visit, site: Site, quiz: Quiz):
    page = visit(may_meet=(404, 503))
    quiz.start(page)
    next_typed(page)
    status = page.locator("[data-status]")
    page.route("**/questions/*/", lambda route: route.fulfill(status=503))
    page.locator("#answer").fill("3")
    expect(status).to_contain_text(said(page, "server"))
    page.unroute("**/questions/*/")
    saved(page)

    attempt_becomes(site, "deleted_at=timezone.now()")
    page.locator("#answer").fill("4")
    expect(status).to_contain_text(said(page, "gone"))
    expect(page.locator("[data-way-out]")).to_be_visible()


def test_somebody_else_signs_in_and_then_oneself_again(visit: Visit, site: Site, quiz: Quiz):
    page = visit(may_meet=(403, 404))
    quiz.start(page)
    text = next_typed(page)
    other = page.context.new_page()
    sign_out(page)
    stranger = somebody(site, "orang.lain@example.org")
    sign_in_as(other, *stranger)
    page.locator("#answer").fill("4")
    expect(page.locator("[data-status]")).to_contain_text(stranger[0])
    page.locator("[data-sign-in]").click()
    page.locator("main form[action='/accounts/logout/'] button").click()
    sign_in_here(page, quiz)
    page.wait_for_url(text)
    saved(page)

    page.goto(re.sub(r"questions/\d/$", "submission/", text))
    sign_out(page)
    sign_in_as(other, *quiz.person)
    submit(page)
    expect(page.locator(".score .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_an_answer_that_is_too_late_is_named_and_offered_when_the_attempt_is_open_again(
    visit: Visit, site: Site, quiz: Quiz
):
    page = visit()
    quiz.start(page)
    text = next_typed(page)
    page.context.set_offline(True)
    page.locator("#answer").fill("empat")
    unsent(page, 1)
    time_left(page, seconds=-10)
    expect(page.locator("[data-status]")).to_contain_text(said(page, "over-offline"))
    expect(page.locator("#answer")).to_have_value("empat")

    ends_in(site, seconds=-6)
    page.context.set_offline(False)
    expect(page).to_have_url(RESULT)
    expect(page.locator("[data-late] [data-which]")).to_contain_text("(empat)")

    attempt_becomes(
        site,
        "submitted_at=None, mark=None, max_mark=None, settled_at=None, deadline=timezone.now() + timedelta(hours=1)",
    )
    page.goto(text)
    expect(page.locator("[data-refused]")).to_contain_text("empat")
    expect(page.locator("#answer")).to_have_value("")
    page.locator("[data-take]").click()
    saved(page)


def test_without_javascript_an_answer_outlives_the_sign_in(visit: Visit, quiz: Quiz):
    page = visit(java_script_enabled=False)
    quiz.start(page)
    text = next_typed(page)
    page.locator("#answer").fill("4")
    sign_out(page)
    page.locator("button[value=next], button[value=finish]").click()
    sign_in_here(page, quiz)
    page.wait_for_url(text)
    expect(page.locator("main")).to_contain_text("Jawaban yang Anda kirim sebelum masuk sudah tersimpan.")
    expect(page.locator("#answer")).to_have_value("4")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_when_time_is_up_what_is_saved_is_submitted(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    expect(page.locator("[data-clock] [data-face]")).to_have_text(HALF_AN_HOUR)
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
    page.goto(re.sub(r"questions/\d/$", "questions/2/", page.url))
    ends_in(site, seconds=-6)
    touch(page)
    expect(page.locator("h1")).to_have_text("Waktu habis")
    expect(page.locator("[data-late] [data-which]")).to_contain_text("2 (")
    expect(page.locator("[data-clock] [data-face]")).to_have_text(re.compile(r"^9:\d\d$"))
    expect(page.locator("main")).not_to_contain_text("Setelah dikumpulkan")
    submit(page)
    expect(page.locator("[data-late] [data-which]")).to_contain_text("2 (")
    page.locator("[data-forget]").click()
    expect(page.locator("[data-late]")).to_be_hidden()
    expect(page.locator(".score .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\nlate: grace\n"], indirect=True)
def test_when_the_time_of_grace_is_over_the_page_says_what_became_of_the_attempt(
    visit: Visit, site: Site, quiz: Quiz
):
    page = visit()
    first = quiz.start(page)
    ends_in(site, seconds=-595)  # so that 5 seconds of grace are left
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^0:0\d$|^Waktu habis$"))
    expect(page).to_have_url(RESULT, timeout=30_000)
    expect(page.locator("h1")).to_have_text("Tidak dikumpulkan tepat waktu")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_a_computer_whose_clock_is_wrong_by_hours_has_the_servers_time(visit: Visit, site: Site, quiz: Quiz):
    ahead, behind = wrong_by(visit, hours=7), wrong_by(visit, hours=-7)
    first = quiz.start(ahead)
    sign_in_as(behind, *quiz.person)
    behind.goto(first)
    for page in (ahead, behind):
        expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    give(behind)
    saved(behind)

    ends_in(site, seconds=600)
    ahead.goto(re.sub(r"questions/\d/$", "questions/2/", first))
    expect(ahead.locator("[data-face]")).to_have_text(re.compile(r"^(10:00|\d:\d\d)$"))
    give(ahead)
    saved(ahead)

    behind.goto(re.sub(r"questions/\d/$", "questions/3/", first))
    ends_in(site, seconds=-6)
    touch(behind)
    expect(behind).to_have_url(RESULT)
    expect(behind.locator(".score .figure")).to_contain_text("66")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_the_clock_follows_when_more_time_is_given(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    until = page.locator("[data-until]").inner_text()
    expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    document_becomes(site, quiz, "time_limit: 120\n")
    give(page)
    saved(page)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^1:5\d:\d\d$"))
    expect(page.locator("[data-until]")).not_to_have_text(until)

    document_becomes(site, quiz, "")
    page.locator("[name=flag]").click()
    expect(page.locator("[data-clock]")).to_be_hidden()


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_a_machine_that_slept_asks_how_much_time_is_left(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    ends_in(site, seconds=600)
    page.evaluate("{ const now = Date.now; Date.now = () => now() + 20 * 60_000; }")
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^(10:00|\d:\d\d)$"))


def wrong_by(visit: Visit, *, hours: int) -> Page:
    """A page on a computer whose clock is so many hours ahead."""
    page = visit()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    page.goto("/")
    shown = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    assert round((shown - datetime.now(UTC)) / timedelta(hours=1)) == hours
    return page


def document_becomes(site: Site, quiz: Quiz, rules: str) -> None:
    """The document of a quiz is loaded again with other rules."""
    file = site.folder / f"{quiz.slug}.md"
    file.write_text(MODULE.format(slug=quiz.slug, rules=rules), encoding="utf-8")
    site.manage("load", str(file), "--yes")


def ends_in(site: Site, *, seconds: int) -> None:
    """The time of the attempt that was begun last is up so many seconds from now, by the server's clock."""
    end = f"timezone.now() + timedelta(seconds={seconds})"
    attempt_becomes(
        site, f"deadline={end}, overdue_until=attempt.overdue_until and {end} + timedelta(minutes=10)"
    )


def attempt_becomes(site: Site, fields: str) -> None:
    """Change the row of the attempt that was begun last."""
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta; from django.utils import timezone; from modules.models import Attempt\n"
        "attempt = Attempt.objects.latest('pk')\n"
        f"Attempt.objects.filter(pk=attempt.pk).update({fields})",
    )


def time_left(page: Page, *, seconds: int) -> None:
    """As when the server says so with an answer that it acknowledges."""
    page.evaluate(
        "seconds => document.dispatchEvent(new CustomEvent('time-left', {detail: seconds}))", seconds
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
    mine = page.locator(f"[data-dots] [data-number='{number}']")
    expect(mine).to_have_class("answered flagged")
    expect(mine).to_contain_text("sudah dijawab, ditandai")
    keyboard.press(page.locator("[name=flag]"), "Space")
    expect(mine).to_have_class("answered")
    keyboard.press(page.locator("[name=flag]"), "Space")
    expect(mine).to_have_class("answered flagged")
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator(".dots .flagged")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(f"Yang ditandai: soal {number}")


def test_a_single_choice_can_be_cleared_by_keyboard(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    for number in (1, 2, 3):
        page.goto(re.sub(r"questions/\d/$", f"questions/{number}/", first))
        if page.locator("[type=radio][name=answer]").count():
            break
    clear = page.locator("button[value=clear]")
    expect(clear).to_be_hidden()
    page.keyboard.press("2")
    saved(page)
    Keyboard(page).press(clear)
    saved(page)
    expect(page.locator("[data-dots] .answered")).to_have_count(0)
    expect(page.locator("[name=answer]").first).to_be_focused()
    page.reload()
    expect(page.locator("[name=answer]:checked")).to_have_count(0)
