"""Tests that axe finds no fault on any page, on a phone and a wide screen, in light and dark."""

import pytest
from playwright.sync_api import Page, Request, expect

from .axe import HALF_OF_THEM, expect_usable, violations
from .conftest import Studying, Visit
from .lesson import lesson
from .server import Site

pytestmark = pytest.mark.journey

AI = lesson("ai-engineer-dan-ml-engineer")
GUIDE = lesson("menulis-modul")

PUBLIC_PAGES = (
    "/",
    AI.address,
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-no-key/",
    "/accounts/password/reset/key/done/",
    "/help/",
    "/privacy/",
    "/bukti/",
    "/bukti/2222-3333-4444/",
    "/nowhere/",
)
LEARNER_PAGES = (
    "/",
    "/learning/",
    "/search/",
    "/search/?q=latihan+model",
    AI.address,
    AI.quiz_address,
    GUIDE.address,
    GUIDE.quiz_address,
    "/accounts/",
    f"/finished/{GUIDE.document.slug}/",
    f"/finished/{GUIDE.document.slug}/proof/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/nowhere/",
)


def test_axe_finds_a_fault(page: Page):
    page.goto("/")
    page.locator("main").evaluate("main => main.append(document.createElement('button'))")
    assert ["button-name" in fault for fault in violations(page)] == [True]


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_are_accessible(page: Page, path: str):
    expect_usable(page, path)


@pytest.mark.parametrize("path", LEARNER_PAGES)
def test_learner_pages_are_accessible(visit: Visit, studying: Studying, path: str):
    expect_usable(visit(storage_state=studying.storage), path)


@pytest.mark.parametrize("module", [AI, GUIDE], ids=lambda module: module.document.slug)
def test_sections_are_accessible(visit: Visit, studying: Studying, module):
    page = visit(storage_state=studying.storage)
    addresses = [f"{module.address}{section.identity}/" for section in module.document.sections]
    expect_usable(page, *addresses[:1])
    expect_usable(page, *addresses[1:], looks=HALF_OF_THEM)


def test_attempt_pages_are_accessible(visit: Visit, studying: Studying):
    page = visit(storage_state=studying.storage)
    questions = [f"/attempts/{studying.open}/questions/{n + 1}/" for n in range(len(GUIDE.questions))]
    results = [f"/attempts/{number}/result/" for number in (studying.failed, studying.passed)]
    addresses = [*questions, f"/attempts/{studying.open}/submission/", *results]
    expect_usable(page, *addresses)


def test_failed_sign_up_and_open_menu_are_accessible(page: Page, visit: Visit, studying: Studying):
    page.goto("/accounts/signup/")
    page.locator("[name=name]").evaluate("field => field.form.noValidate = true")
    page.locator("[name=name]").press("Enter")
    assert page.locator(".errorlist").count() >= 3
    expect(page.locator("[name=name]")).to_be_focused()
    assert violations(page) == []

    inside = visit(storage_state=studying.storage)
    inside.goto("/")
    inside.locator("details[data-menu] summary").click()
    assert violations(inside) == []


def test_error_page_is_accessible(page: Page, site: Site):
    """No address of the server fails, so the test serves the error page at an address of its own."""
    call = (
        "from django.views.defaults import server_error as answer; from django.test import RequestFactory as F; "
        "print('<!doctype' + answer(F().get('/')).content.decode().partition('<!doctype')[2])"
    )
    body = site.manage("shell", "-c", call)
    page.route(
        "**/broken/",
        lambda route: route.fulfill(body=body[body.index("<!doctype") :], content_type="text/html"),
    )
    expect_usable(page, "/broken/")


def test_section_without_cache_takes_few_requests_and_bytes(visit: Visit, studying: Studying):
    page = visit(storage_state=studying.storage)
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108  Playwright sets an attribute on the function
    heaviest = max(AI.document.sections, key=lambda section: len(section.html))
    page.goto(f"{AI.address}{heaviest.identity}/", wait_until="networkidle")

    sizes = [request.sizes() for request in requests]
    total = sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)
    print(f"\ncold view of a section: {len(requests)} requests, {total / 1000:.1f} kB")
    assert len(requests) <= 10
    assert total <= 100_000
