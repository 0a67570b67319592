"""Tests that no answer is lost without network, after a closed window or an expired sign-in."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Request, Route, expect

from .conftest import Visit
from .keyboard import Keyboard
from .server import Site
from .test_learner import new_account, sign_in_as

pytestmark = pytest.mark.journey

RESULT = re.compile(r"/attempts/\d+/result/$")
HALF_AN_HOUR = re.compile(r"^(30|2\d)\.\d\d$")  # less what a busy machine has taken since
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
# In one process, because Django starts slowly and every journey of this file needs all of it.
FURNISH = """\
from django.core.management import call_command
from modules.models import Module
call_command("load", {file!r}, publish=True, owner={owner!r})
Quiz.objects.filter(module__slug={slug!r}).update(quiz_opens="at_once")
call_command("account", {email!r}, name="Rina Marlina")
"""


@dataclass(frozen=True)
class Quiz:
    """A quiz on a running site, and a learner who may take it."""

    slug: str
    person: tuple[str, str]

    def start(self, page: Page) -> str:
        """Signs in, starts an attempt, and returns the address of its first question."""
        sign_in_as(page, *self.person)
        page.goto(f"/quizzes/{self.slug}/")
        page.locator(f"form[action='/quizzes/{self.slug}/'] button").click()
        return page.url


@pytest.fixture
def quiz(site: Site, request: pytest.FixtureRequest) -> Quiz:
    """Loads a quiz of three questions that opens at once. The test's parameter adds rules to its front matter."""
    slug = request.node.name.partition("[")[0].replace("_", "-").removeprefix("test-")[:60]
    file = site.folder / f"{slug}.md"
    file.write_text(MODULE.format(slug=slug, rules=getattr(request, "param", "")), encoding="utf-8")
    email = f"{slug}@example.org"
    printed = site.manage(
        "shell",
        "-c",
        FURNISH.format(owner=site.people["instructor"][0], file=str(file), slug=slug, email=email),
    )
    return Quiz(slug, (email, printed.split()[-1]))


def give(page: Page) -> None:
    """Answers the question of a page right."""
    if page.locator("#answer").count():
        page.locator("#answer").fill("4")
    for right in ("Jupiter", "Venus", "Bumi"):
        for label in page.locator("[data-options] label").filter(has_text=right).all():
            label.locator("input").check()


def touch(page: Page) -> None:
    """Answers the question of a page with one action, because an answer after the end leaves the page."""
    if page.locator("#answer").count():
        page.locator("#answer").fill("4")
    else:
        page.keyboard.press("1")


def status_sentence(page: Page, name: str) -> re.Pattern[str]:
    """Returns a status sentence of the page as a pattern that fits any value of its placeholders."""
    sentence = page.locator("[data-said]").first.get_attribute(f"data-{name}") or ""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(sentence)))


def saved(page: Page) -> None:
    expect(page.locator("[data-status][data-state=saved]")).to_be_visible()


def unsent(page: Page, number: int) -> None:
    expect(page.locator("[data-status][data-state=waiting] [data-words]")).to_have_text("Menunggu koneksi")
    expect(page.locator("[data-note]")).to_contain_text(f"{number} jawaban tersimpan di peramban ini")


def sign_out(page: Page) -> None:
    """Removes the session, as if the sign-in had expired."""
    page.context.clear_cookies(name="sessionid")


def sign_in_here(page: Page, quiz: Quiz) -> None:
    page.locator("[name=login]").fill(quiz.person[0])
    page.locator("[name=password]").fill(quiz.person[1])
    page.locator("[name=password]").press("Enter")


def submit(page: Page) -> None:
    page.locator("form[action$='/submission/'] button").click()
    expect(page).to_have_url(RESULT)


def height_in_lines(page: Page, selector: str) -> int:
    """Returns the number of lines that the words of an element take."""
    return page.locator(selector).evaluate(
        "element => { const range = document.createRange(); range.selectNodeContents(element);"
        " return new Set([...range.getClientRects()].map(box => box.top)).size; }"
    )


def expect_all_right(page: Page) -> None:
    expect(page.locator(".verdict-box .figure")).to_contain_text("100")


def test_answers_survive_network_tab_and_sign_in(visit: Visit, quiz: Quiz):
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
    expect(page.locator("[data-note]")).to_contain_text("Anda sudah keluar")
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


def test_submission_page_counts_answer_that_arrives_meanwhile(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    for number in (2, 3):
        give(page)
        saved(page)
        page.locator(f"[data-number='{number}']").click()
        page.wait_for_url(re.compile(f"questions/{number}/$"))
    submission = re.sub(r"questions/\d/$", "submission/", first)
    outdated = page.request.get(submission).body()  # the server makes the page before the answer arrives
    assert b"1 soal belum dijawab" in outdated
    give(page)
    saved(page)
    arrival = f"arrived-{page.locator('form[data-attempt]').first.get_attribute('data-attempt')}"
    assert page.evaluate("name => sessionStorage.getItem(name)", arrival)
    page.evaluate("name => sessionStorage.setItem(name, Date.now() + 60_000)", arrival)
    page.route(
        "**/submission/", lambda route: route.fulfill(body=outdated, content_type="text/html"), times=1
    )
    page.goto(submission)
    expect(page.locator("h1")).to_have_text("Semua soal sudah dijawab")


def test_submission_waits_for_unsent_answers(visit: Visit, quiz: Quiz):
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


def test_queued_answer_asks_before_replacing_a_later_one(visit: Visit, quiz: Quiz):
    phone, desk = visit(width=390), visit()
    quiz.start(phone)
    text = open_written_question(phone)
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
    expect(phone.locator("[name=flag]")).to_be_disabled()  # flagging would decide without asking
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


def open_written_question(page: Page) -> str:
    """Opens the question that takes a written answer, and returns its address."""
    for number in (1, 2, 3):
        page.goto(re.sub(r"questions/\d/$", f"questions/{number}/", page.url))
        if page.locator("#answer").count():
            break
    return page.url


def test_last_answer_of_two_tabs_is_kept(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    text = open_written_question(page)
    other = page.context.new_page()
    other.goto(text)
    page.locator("#answer").fill("satu")
    saved(page)
    other.locator("#answer").fill("dua")
    saved(other)
    page.reload()
    expect(page.locator("#answer")).to_have_value("dua")


def test_answer_typed_just_before_leaving_is_saved(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    text = open_written_question(page)
    page.locator("#answer").fill("4")
    page.locator(".exam-bar a").click()
    page.wait_for_url(f"**/quizzes/{quiz.slug}/")
    page.evaluate("localStorage.clear()")
    for _look in range(50):  # the request is still on its way when the next page opens
        page.goto(text)
        if page.locator("#answer").input_value():
            break
    expect(page.locator("#answer")).to_have_value("4")


def test_answer_given_before_the_script_loads_is_saved(visit: Visit, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    def unblocked(route: Route) -> None:  # as in a browser that does not know the attribute
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
        page.locator("form[data-answers] .exam-foot").wait_for()
        give(page)
        scripts.pop().continue_()
        saved(page)
    with page.expect_request("**/js/answers*.js"):
        page.goto(re.sub(r"questions/\d/$", "submission/", first), wait_until="commit")
    assert page.locator("form[data-submission]").count() == 0  # without the script, nobody can submit
    scripts.pop().continue_()
    submit(page)
    expect_all_right(page)


def test_answer_typed_without_a_pause_is_saved(visit: Visit, quiz: Quiz):
    page = visit()
    quiz.start(page)
    open_written_question(page)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.locator("#answer").press_sequentially("empat tentu saja", delay=200)
    assert sent
    saved(page)


def test_answer_is_sent_while_the_storage_is_full(visit: Visit, quiz: Quiz):
    page = visit()
    page.context.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full') }")
    quiz.start(page)
    text = open_written_question(page)
    page.context.set_offline(True)
    page.locator("#answer").fill("4")
    unsent(page, 1)
    expect(page.locator("[data-note]")).to_contain_text(status_sentence(page, "forgetful"))
    page.context.set_offline(False)
    saved(page)
    last = page.locator(".exam-foot button[value=finish]").count()
    page.locator("#answer").press("Enter")
    page.wait_for_url(re.compile("submission/$") if last else f"**/questions/{int(text[-2]) + 1}/")
    page.goto(text)
    expect(page.locator("#answer")).to_have_value("4")


def test_page_says_why_an_answer_is_not_saved(visit: Visit, site: Site, quiz: Quiz):
    page = visit(may_meet=(404, 503))
    quiz.start(page)
    open_written_question(page)
    status = page.locator("[data-note]")
    page.route("**/questions/*/", lambda route: route.fulfill(status=503))
    page.locator("#answer").fill("3")
    expect(status).to_contain_text(status_sentence(page, "server"))
    page.unroute("**/questions/*/")
    saved(page)

    change_attempt(site, "deleted_at=timezone.now()")
    page.locator("#answer").fill("4")
    expect(status).to_contain_text(status_sentence(page, "gone"))
    expect(page.locator("[data-way-out]")).to_be_visible()


def test_answer_waits_while_somebody_else_is_signed_in(visit: Visit, site: Site, quiz: Quiz):
    page = visit(may_meet=(403, 404))
    quiz.start(page)
    text = open_written_question(page)
    other = page.context.new_page()
    sign_out(page)
    stranger = new_account(site, "orang.lain@example.org")
    sign_in_as(other, *stranger)
    page.locator("#answer").fill("4")
    expect(page.locator("[data-note]")).to_contain_text(stranger[0])
    page.locator("[data-sign-in]").click()
    page.locator("main form[action='/accounts/logout/'] button").click()
    sign_in_here(page, quiz)
    page.wait_for_url(text)
    saved(page)

    page.goto(re.sub(r"questions/\d/$", "submission/", text))
    sign_out(page)
    sign_in_as(other, *quiz.person)
    submit(page)
    expect(page.locator(".verdict-box .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_late_answer_is_offered_in_a_reopened_attempt(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    text = open_written_question(page)
    page.context.set_offline(True)
    page.locator("#answer").fill("empat")
    unsent(page, 1)
    set_time_left(page, seconds=-10)
    expect(page.locator("[data-note]")).to_contain_text(status_sentence(page, "over-offline"))
    page.wait_for_timeout(2500)  # the clock ticks twice, and the form stays closed
    expect(page.locator("#answer-form")).to_have_attribute("inert", "")
    expect(page.locator("#answer")).to_have_value("empat")

    end_attempt_in(site, seconds=-6)
    page.context.set_offline(False)
    expect(page).to_have_url(RESULT)
    expect(page.locator("[data-late-kept]")).to_contain_text("empat")

    change_attempt(
        site,
        "submitted_at=None, mark=None, max_mark=None, outcome_recorded_at=None, deadline=timezone.now() + timedelta(hours=1)",
    )
    page.goto(text)
    expect(page.locator("main .note").first).to_contain_text("empat")
    expect(page.locator("#answer")).to_have_value("")
    page.get_by_role("button", name="Pakai jawaban ini").click()
    expect(page.locator("#answer")).to_have_value("empat")


def test_answer_without_javascript_survives_the_sign_in(visit: Visit, quiz: Quiz):
    page = visit(java_script_enabled=False)
    quiz.start(page)
    text = open_written_question(page)
    page.locator("#answer").fill("4")
    sign_out(page)
    page.locator("button[value=next], button[value=finish]").click()
    sign_in_here(page, quiz)
    page.wait_for_url(text)
    expect(page.locator("main")).to_contain_text("Jawaban yang Anda kirim sebelum masuk sudah tersimpan.")
    expect(page.locator("#answer")).to_have_value("4")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_saved_answers_are_submitted_when_time_is_up(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    expect(page.locator("[data-clock] [data-face]")).to_have_text(HALF_AN_HOUR)
    give(page)
    saved(page)
    end_attempt_in(site, seconds=-3)
    page.reload()
    expect(page).to_have_url(RESULT, timeout=20_000)
    expect(page.locator(".verdict-box .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\nlate: grace\n"], indirect=True)
def test_grace_period_allows_submitting_but_no_answers(visit: Visit, site: Site, quiz: Quiz):
    page = visit(width=390)
    quiz.start(page)
    give(page)
    saved(page)
    page.goto(re.sub(r"questions/\d/$", "questions/2/", page.url))
    end_attempt_in(site, seconds=-6)
    touch(page)
    expect(page.locator("h1")).to_have_text("Waktu habis")
    expect(page.locator("[data-clock] [data-face]")).to_have_text(re.compile(r"^9\.\d\d$"))
    expect(page.locator("main")).not_to_contain_text("Setelah dikumpulkan")
    submit(page)
    expect(page.locator("[data-late-kept]")).to_contain_text("Soal 2")
    expect(page.locator(".verdict-box .figure")).to_contain_text("33")


@pytest.mark.parametrize("quiz", ["time_limit: 30\nlate: grace\n"], indirect=True)
def test_page_after_the_grace_period_explains_the_attempt(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    first = quiz.start(page)
    end_attempt_in(site, seconds=-595)  # leaves 5 seconds of grace
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^0\.0\d$|^Waktu habis$"))
    expect(page).to_have_url(RESULT, timeout=30_000)
    expect(page.locator("h1")).to_have_text("Tidak dikumpulkan tepat waktu")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_computer_with_wrong_clock_follows_the_server(visit: Visit, site: Site, quiz: Quiz):
    ahead, behind = page_with_wrong_clock(visit, hours=7), page_with_wrong_clock(visit, hours=-7)
    first = quiz.start(ahead)
    sign_in_as(behind, *quiz.person)
    behind.goto(first)
    for page in (ahead, behind):
        expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    give(behind)
    saved(behind)

    end_attempt_in(site, seconds=600)
    ahead.goto(re.sub(r"questions/\d/$", "questions/2/", first))
    expect(ahead.locator("[data-face]")).to_have_text(re.compile(r"^(10\.00|\d\.\d\d)$"))
    give(ahead)
    saved(ahead)

    behind.goto(re.sub(r"questions/\d/$", "questions/3/", first))
    end_attempt_in(site, seconds=-6)
    touch(behind)
    expect(behind).to_have_url(RESULT)
    expect(behind.locator(".verdict-box .figure")).to_contain_text("66")


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_clock_follows_a_new_time_limit(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    until = page.locator("[data-until]").inner_text()
    expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    load_again(site, quiz, "time_limit: 120\n")
    give(page)
    saved(page)
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^1\.5\d\.\d\d$"))
    expect(page.locator("[data-until]")).not_to_have_text(until)

    load_again(site, quiz, "")
    page.locator("[name=flag]").click()
    expect(page.locator("[data-clock]")).to_be_hidden()


@pytest.mark.parametrize("quiz", ["time_limit: 30\n"], indirect=True)
def test_clock_is_right_after_the_machine_slept(visit: Visit, site: Site, quiz: Quiz):
    page = visit()
    quiz.start(page)
    expect(page.locator("[data-face]")).to_have_text(HALF_AN_HOUR)
    end_attempt_in(site, seconds=600)
    page.evaluate("{ const now = Date.now; Date.now = () => now() + 20 * 60_000; }")
    expect(page.locator("[data-face]")).to_have_text(re.compile(r"^(10\.00|\d\.\d\d)$"))


def page_with_wrong_clock(visit: Visit, *, hours: int) -> Page:
    """Opens a page on a computer whose clock is this many hours ahead."""
    page = visit()
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    page.goto("/")
    shown = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)
    assert round((shown - datetime.now(UTC)) / timedelta(hours=1)) == hours
    return page


def load_again(site: Site, quiz: Quiz, rules: str) -> None:
    """Loads the document of a quiz again with other rules."""
    file = site.folder / f"{quiz.slug}.md"
    file.write_text(MODULE.format(slug=quiz.slug, rules=rules), encoding="utf-8")
    site.manage("load", str(file), "--yes")


def end_attempt_in(site: Site, *, seconds: int) -> None:
    """Lets the time of the newest attempt end this many seconds from now, by the server's clock."""
    end = f"timezone.now() + timedelta(seconds={seconds})"
    change_attempt(
        site, f"deadline={end}, overdue_until=attempt.overdue_until and {end} + timedelta(minutes=10)"
    )


def change_attempt(site: Site, fields: str) -> None:
    """Changes columns of the newest attempt."""
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta; from django.utils import timezone; from modules.models import Attempt\n"
        "attempt = Attempt.objects.latest('pk')\n"
        f"Attempt.objects.filter(pk=attempt.pk).update({fields})",
    )


def set_time_left(page: Page, *, seconds: int) -> None:
    """Tells the page its remaining time, as the server does when it acknowledges an answer."""
    page.evaluate(
        "seconds => document.dispatchEvent(new CustomEvent('time-left', {detail: seconds}))", seconds
    )


def test_flags_and_boxes_work_by_keyboard(visit: Visit, quiz: Quiz):
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
    dot = page.locator(f"[data-dots] [data-number='{number}']")
    expect(dot).to_have_class("answered flagged")
    expect(dot).to_contain_text("sudah dijawab, untuk dilihat lagi")
    keyboard.press(page.locator("[name=flag]"), "Space")
    expect(dot).to_have_class("answered")
    keyboard.press(page.locator("[name=flag]"), "Space")
    expect(dot).to_have_class("answered flagged")
    page.goto(re.sub(r"questions/\d/$", "submission/", first))
    expect(page.locator(".dots .flagged")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(f"Yang ditandai: soal {number}")


def test_single_choice_is_cleared_by_keyboard(visit: Visit, quiz: Quiz):
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
