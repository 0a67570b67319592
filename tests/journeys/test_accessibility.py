"""Every page can be used by everybody: axe finds nothing, on a phone and a wide screen, in light and dark."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Request, StorageState

from .conftest import Visit, sign_in, violations
from .lesson import lesson
from .server import Site

pytestmark = pytest.mark.journey

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 640}

AI = lesson("ai-engineer-dan-ml-engineer")
GUIDE = lesson("menulis-modul")

AT_THE_DOOR = (
    "/",
    AI.address,
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-no-key/",
    "/accounts/password/reset/key/done/",
    "/nowhere/",
)
OF_A_LEARNER = (
    "/",
    "/learning/",
    AI.address,
    AI.quiz_address,
    GUIDE.address,
    GUIDE.quiz_address,
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/nowhere/",
)


@dataclass(frozen=True)
class Studying:
    """A learner's signed-in browser, and the numbers of a failed, a passed and an open attempt."""

    storage: StorageState
    failed: int
    passed: int
    begun: int


@pytest.fixture(scope="module")
def studying(site: Site, browser: Browser) -> Iterator[Studying]:
    email = "studying@example.org"
    site.people["studying"] = (email, site.manage("account", email, "--name", "Dewi Lestari").split()[-1])
    call = f"from tests.journeys.scene import furnish; furnish('{email}')"
    numbers = json.loads(site.manage("shell", "-c", call).splitlines()[-1])
    context = browser.new_context(base_url=site.address)
    sign_in(context.new_page(), site, "studying")
    yield Studying(storage=context.storage_state(), **numbers)
    context.close()


def faults(page: Page, path: str, *, narrow: bool = True) -> list[str]:
    """What axe finds on a page in every look, and whether it must be scrolled sideways on the smallest phone."""
    found: set[str] = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(path)
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            found |= {f"{scheme} {size['width']} {fault}" for fault in violations(page)}
    page.set_viewport_size(NARROWEST)
    if narrow and (width := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST["width"]:
        found.add(f"{page.url} is {width} px wide on a screen of {NARROWEST['width']} px")
    return sorted(found)


def test_a_fault_is_found(page: Page):
    page.goto("/")
    page.locator("main").evaluate("main => main.append(document.createElement('button'))")
    assert ["button-name" in fault for fault in violations(page)] == [True]


@pytest.mark.parametrize("path", AT_THE_DOOR)
def test_the_pages_at_the_door(page: Page, path: str):
    assert faults(page, path) == []


@pytest.mark.parametrize("path", OF_A_LEARNER)
def test_the_pages_of_a_learner(visit: Visit, studying: Studying, path: str):
    assert faults(visit(storage_state=studying.storage), path) == []


@pytest.mark.parametrize("module", [AI, GUIDE], ids=lambda module: module.document.slug)
def test_every_section(visit: Visit, studying: Studying, module):
    page = visit(storage_state=studying.storage)
    addresses = [f"{module.address}{section.identity}/" for section in module.document.sections]
    assert [fault for address in addresses for fault in faults(page, address)] == []


def test_the_pages_of_an_attempt(visit: Visit, studying: Studying):
    page = visit(storage_state=studying.storage)
    questions = [f"/attempts/{studying.begun}/questions/{n + 1}/" for n in range(len(GUIDE.questions))]
    results = [f"/attempts/{number}/result/" for number in (studying.failed, studying.passed)]
    addresses = [*questions, f"/attempts/{studying.begun}/submission/", *results]
    assert [fault for address in addresses for fault in faults(page, address)] == []


def test_a_failed_sign_up_and_an_open_menu(page: Page, visit: Visit, studying: Studying):
    page.goto("/accounts/signup/")
    page.locator("[name=name]").evaluate("field => field.form.noValidate = true")
    page.locator("[name=name]").press("Enter")
    assert page.locator(".errorlist").count() >= 3
    assert violations(page) == []

    inside = visit(storage_state=studying.storage)
    inside.goto("/")
    inside.locator("details[data-menu] summary").click()
    assert violations(inside) == []


def test_the_page_of_an_error(page: Page, site: Site):
    """The server has no address that breaks, so that the page is given one here."""
    call = (
        "from django.views.defaults import server_error as answer; from django.test import RequestFactory as F; "
        "print('<!doctype' + answer(F().get('/')).content.decode().partition('<!doctype')[2])"
    )
    body = site.manage("shell", "-c", call)
    page.route(
        "**/broken/",
        lambda route: route.fulfill(body=body[body.index("<!doctype") :], content_type="text/html"),
    )
    assert faults(page, "/broken/") == []


def test_a_cold_section_takes_few_requests_and_few_bytes(visit: Visit, studying: Studying):
    page = visit(storage_state=studying.storage)
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108  it marks what it is given
    heaviest = max(AI.document.sections, key=lambda section: len(section.html))
    page.goto(f"{AI.address}{heaviest.identity}/", wait_until="networkidle")

    sizes = [request.sizes() for request in requests]
    taken = sum(one["responseHeadersSize"] + one["responseBodySize"] for one in sizes)
    print(f"\ncold view of a section: {len(requests)} requests, {taken / 1000:.1f} kB")
    assert len(requests) <= 10
    assert taken <= 100_000
