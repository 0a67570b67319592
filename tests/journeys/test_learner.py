"""Tests that a learner reads a module, passes its quiz and signs out."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from modules.document.syntax.values import Question

from .conftest import Visit
from .keyboard import Keyboard
from .lesson import Lesson, expect_no_key, lesson, right_answers
from .server import Site

pytestmark = pytest.mark.journey

PASSWORD = "angin-laut-77"
GO_ON = "button[name=go][value=next], button[name=go][value=finish]"
RESULT = re.compile(r"/attempts/\d+/result/$")
FINISH = re.compile(r"/finished/[a-z-]+/$")


def test_learner_passes_a_module_by_keyboard(page: Page):
    ai = lesson("ai-engineer-dan-ml-engineer")
    keyboard = Keyboard(page)
    page.goto("/")
    keyboard.follow(page.locator("header a[href='/accounts/signup/']"))
    sign_up(page, keyboard, "keyboard@example.org")

    keyboard.follow(page.locator(f"main a[href='{ai.address}']").first)
    keyboard.follow(page.locator("form[action$='/enrolment/'] button"))
    for section in ai.document.sections:
        expect(page.locator("h1")).to_have_text(section.title)
        keyboard.follow(page.locator("form[action$='/reading/'] button"))
    keyboard.follow(page.locator(f"form[action='{ai.quiz_address}'] button"))
    for _question in ai.questions:
        answer_by_keyboard(page, keyboard, ai)
    expect(page.locator("[data-dots] .answered")).to_have_count(len(ai.questions))
    keyboard.follow(page.locator("form[action$='/submission/'] button"))

    expect_passed(page, ai)
    keyboard.follow(page.locator("header a[href='/learning/']"))
    expect_finished(page, ai)
    keyboard.press(page.locator("details[data-menu] summary"))
    keyboard.follow(page.locator("form[action='/accounts/logout/'] button"))
    expect(page.locator("header a[href='/accounts/login/']")).to_be_visible()


def sign_up(page: Page, keyboard: Keyboard, email: str) -> None:
    for name, text in (
        ("name", "Rina Marlina"),
        ("email", email),
        ("password1", PASSWORD),
    ):
        keyboard.type(page.locator(f"[name={name}]"), text)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/")


def answer_by_keyboard(page: Page, keyboard: Keyboard, module: Lesson) -> None:
    """Answers the question of the page, waits until the answer is saved, and opens the next page."""
    question = module.question_on(page)
    expect_no_key(page, question)
    right = right_answers(question)
    if question.kind == "single":
        keyboard.choose(page.locator("[name=answer]"), page.locator(f"[name=answer][value='{right[0]}']"))
    elif question.kind == "multiple":
        for key in in_the_order_of(page, right):
            keyboard.press(page.locator(f"[name=answer][value='{key}']"), "Space")
    else:
        keyboard.type(page.locator("[name=answer]"), right[0])
    expect(page.locator("[data-status][data-state=saved] [data-words]")).not_to_be_empty()
    expect(page.locator("[data-dots] [aria-current]")).to_have_class("answered")
    keyboard.follow(page.locator(GO_ON))


def in_the_order_of(page: Page, keys: list[str]) -> list[str]:
    shown = page.locator("[name=answer]").evaluate_all("inputs => inputs.map(input => input.value)")
    return [key for key in shown if key in keys]


def leave(page: Page, action: Callable[[], None]) -> None:
    """Runs an action that opens another page, and waits for that page."""
    before = page.url
    action()
    page.wait_for_url(lambda url: url != before)


def expect_passed(page: Page, module: Lesson) -> None:
    """Expects the page of the finish, and goes from there to the result."""
    expect(page).to_have_url(FINISH)
    page.locator("main a[href$='/result/']").click()
    expect(page).to_have_url(RESULT)
    expect(page.locator(".verdict-box .figure")).to_contain_text("100")
    expect(page.locator(".verdict-box:not(.good)")).to_have_count(0)
    expect(page.locator(".verdict.right")).to_have_count(len(module.questions))


def expect_finished(page: Page, module: Lesson) -> None:
    expect(page).to_have_url("/learning/")
    expect(page.locator(f".shelf a[href='{module.address}']")).to_be_visible()


def test_learner_passes_a_module_without_javascript(visit: Visit, site: Site):
    page = visit(java_script_enabled=False)
    ai = lesson("ai-engineer-dan-ml-engineer")
    sign_in_as(page, *new_account(site, "plain@example.org"))

    page.locator(f"main a[href='{ai.address}']").first.click()
    page.locator("form[action$='/enrolment/'] button").click()
    for section in ai.document.sections:
        expect(page.locator("h1")).to_have_text(section.title)
        page.locator("form[action$='/reading/'] button").click()
    page.locator(f"form[action='{ai.quiz_address}'] button").click()
    for _question in ai.questions:
        answer(page, ai.question_on(page))
        leave(page, page.locator(GO_ON).click)
    expect(page.locator("[data-dots] .answered")).to_have_count(len(ai.questions))
    page.locator("form[action$='/submission/'] button").click()

    expect_passed(page, ai)
    page.locator("header a[href='/learning/']").click()
    expect_finished(page, ai)
    page.locator("details[data-menu] summary").click()
    page.locator("form[action='/accounts/logout/'] button").click()
    expect(page.locator("header a[href='/accounts/login/']")).to_be_visible()


def answer(page: Page, question: Question) -> None:
    right = right_answers(question)
    if not question.choices:
        page.locator("[name=answer]").fill(right[0])
        return
    for key in right:
        page.locator(f"[name=answer][value='{key}']").check()


LINK = """
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from accounts.models import User
user = User.objects.get(email="{email}")
key = default_token_generator.make_token(user)
print(reverse("account_reset_password_from_key", kwargs=dict(uidb36=user_pk_to_url_str(user), key=key)))
"""


def new_account(site: Site, email: str) -> tuple[str, str]:
    """Opens an account, and returns its address and password."""
    return email, site.manage("account", email, "--name", "Rina Marlina").split()[-1]


def sign_in_as(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    expect(page).to_have_url("/")


def test_learner_passes_in_english_on_a_phone_at_second_attempt(visit: Visit, site: Site):
    guide = lesson("menulis-modul")
    person = new_account(site, "english@example.org")
    page = visit(width=390)
    sign_in_as(page, *person)
    page.locator("button[name=language][value=en]:visible").first.click()
    expect_english(page)

    page.goto(guide.address)
    page.locator("form[action$='/enrolment/'] button").click()
    page.goto(guide.quiz_address)
    expect(page.locator(f"form[action='{guide.quiz_address}'] button")).to_have_count(0)
    for section in guide.document.sections:
        page.goto(f"{guide.address}{section.identity}/")
        leave(page, page.locator("form[action$='/reading/'] button").click)
    expect_english(page)

    submit_without_answers(page, guide)
    take(page, guide)
    expect_passed(page, guide)
    expect_english(page)
    page.goto("/learning/")
    expect_finished(page, guide)

    elsewhere = visit()
    sign_in_as(elsewhere, *person)
    expect_english(elsewhere)


def expect_english(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")


def submit_without_answers(page: Page, module: Lesson) -> None:
    """Submits without any answer, and finds the way to another attempt."""
    page.locator(f"form[action='{module.quiz_address}'] button").click()
    expect(page.locator("[data-dots] [data-number]")).to_have_count(len(module.questions))
    page.goto(re.sub(r"questions/1/$", "submission/", page.url))
    page.locator("form[action$='/submission/'] button").click()
    expect(page).to_have_url(RESULT)
    expect(page.locator(".verdict-box:not(.good)")).to_be_visible()
    page.locator(f"main a[href='{module.quiz_address}']").click()


def take(page: Page, module: Lesson) -> None:
    """Takes the quiz, and reloads a page in the middle to see that the answer is kept."""
    page.locator(f"form[action='{module.quiz_address}'] button").click()
    for number in range(len(module.questions)):
        question = module.question_on(page)
        answer(page, question)
        if number == 1:
            expect(page.locator("[data-status][data-state=saved]")).to_be_visible()
            page.reload()
            expect_answer(page, right_answers(question))
        leave(page, page.locator(GO_ON).click)
    page.locator("form[action$='/submission/'] button").click()


def expect_answer(page: Page, right: list[str]) -> None:
    values = page.locator("[name=answer]").evaluate_all(
        "inputs => inputs.filter(input => input.type === 'text' || input.checked).map(input => input.value)"
    )
    assert sorted(values) == sorted(right)


def test_forgotten_password_is_replaced_by_a_link(page: Page, site: Site):
    email, old = new_account(site, "forgetful@example.org")
    page.goto("/accounts/login/")
    page.locator("a[href*='/password/reset/']").first.click()
    # This site has no mail server, so its page sends people to those who run it.
    expect(page.locator("main [name=email]")).to_have_count(0)

    page.goto(link_of_the_mail(site, email))
    page.locator("[name=password1]").fill(f"{PASSWORD}-baru")
    page.locator("[name=password1]").press("Enter")
    expect(page.locator(f"[data-who='{email}']")).to_be_attached()

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(old)
    page.locator("[name=password]").press("Enter")
    expect(page.locator("main [role=alert], main .errorlist").first).to_be_visible()
    sign_in_as(page, email, f"{PASSWORD}-baru")


def link_of_the_mail(site: Site, email: str) -> str:
    """Returns the link that a mail would have. A site without a mail server writes it nowhere, not even in its log."""
    return site.manage("shell", "--no-imports", "-c", LINK.format(email=email)).strip()
