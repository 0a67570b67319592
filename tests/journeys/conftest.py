"""Starts a real server and a real browser, and fails a journey that meets an error or breaks the policy."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    StorageState,
    expect,
    sync_playwright,
)

from tests.browser import QUIETLY, chromium

from .server import Site, served

expect.set_options(timeout=15_000)  # milliseconds; a busy machine needs them, as in `visit` below

LISTEN = """document.addEventListener("securitypolicyviolation",
    event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Runs one Tuntas for all journeys. None of them may cause an error in its log."""
    folder = tmp_path_factory.mktemp("site")
    with served(folder) as site:
        yield site
    assert " ERROR " not in (folder / "server.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
    yield browser
    browser.close()


class Visit(Protocol):
    def __call__(
        self, *, width: int = 1280, may_meet: Collection[int] = (), host: str = "", **context: Any
    ) -> Page: ...


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens a page in a new person's browser.

    Takes the options of a Playwright context, such as ``java_script_enabled`` or ``storage_state``. The test fails if
    one of its pages has any trouble. Answers of the server with a status of ``may_meet`` are no trouble. ``host`` is
    another name of this machine.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def visit(*, width: int = 1280, may_meet: Collection[int] = (), host: str = "", **options: Any) -> Page:
        address = site.address.replace("127.0.0.1", host) if host else site.address
        context = browser.new_context(
            base_url=address,
            locale="id-ID",
            viewport={"width": width, "height": 844 if width < 600 else 900},
            service_workers=options.pop(
                "service_workers", "block"
            ),  # a worker would answer in place of routes
            reduced_motion="reduce",  # else every step waits until one page has faded into the next
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch(context, address, trouble, may_meet)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """Returns a page of a new person's browser on a wide screen."""
    return visit()


def watch(context: BrowserContext, address: str, trouble: list[str], may_meet: Collection[int] = ()) -> None:
    """Notes script errors, violations of the policy, failed requests and requests to other sites."""
    context.add_init_script(LISTEN)
    context.on("console", lambda message: trouble.extend(script_error(message)))
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("response", lambda response: trouble.extend(failure(response, may_meet)))
    context.on("request", lambda request: trouble.extend(other_site(request, address)))
    context.on("requestfailed", lambda request: trouble.extend(failed_request(request)))


@pytest.fixture(scope="session")
def instructor(site: Site, browser: Browser) -> StorageState:
    """Returns the cookies of a signed-in instructor."""
    return cookies_of(site, browser, "instructor")


@pytest.fixture(scope="session")
def administrator(site: Site, browser: Browser) -> StorageState:
    return cookies_of(site, browser, "administrator")


@dataclass(frozen=True)
class Studying:
    """A learner's signed-in browser, and the numbers of a failed, a passed and an open attempt."""

    storage: StorageState
    failed: int
    passed: int
    open: int


@pytest.fixture(scope="session")
def studying(site: Site, browser: Browser) -> Studying:
    email = "studying@example.org"
    site.people["studying"] = (email, site.manage("account", email, "--name", "Dewi Lestari").split()[-1])
    call = f"from tests.journeys.scene import furnish; furnish('{email}')"
    numbers = json.loads(site.manage("shell", "-c", call).splitlines()[-1])
    return Studying(storage=cookies_of(site, browser, "studying"), **numbers)


def cookies_of(site: Site, browser: Browser, role: str) -> StorageState:
    context = browser.new_context(base_url=site.address)
    sign_in(context.new_page(), site, role)
    storage = context.storage_state()
    context.close()
    return storage


def sign_in(page: Page, site: Site, role: str) -> None:
    """Signs in the first person with a role."""
    email, password = site.people[role]
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def speak(page: Page, site: Site, language: str) -> None:
    """Shows one browser the pages in a language. The account, which other tests share, keeps its own."""
    page.context.add_cookies([{"name": "language", "value": language, "url": site.address}])


def script_error(message: ConsoleMessage) -> list[str]:
    # A missing page is no error of a script. `failure` checks the answers of the server.
    if message.type != "error" or message.text.startswith("Failed to load resource"):
        return []
    return [f"{message.page and message.page.url}: {message.text}"]


def failure(response: Response, may_meet: Collection[int]) -> list[str]:
    """Returns a failed answer of the server. A page may be missing, because some tests ask for one."""
    allowed = 500 if response.request.resource_type == "document" else 400
    is_failure = response.status >= allowed and response.status not in may_meet
    return [f"{response.status} {response.url}"] if is_failure else []


def other_site(request: Request, address: str) -> list[str]:
    return [] if request.url.startswith((address, "data:")) else [f"asked {request.url}"]


def failed_request(request: Request) -> list[str]:
    # Leaving a page ends its requests, and some journeys switch the network off.
    on_purpose = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")
    return [] if request.failure in on_purpose else [f"{request.failure} {request.url}"]
