"""A real server, a real browser, and what every journey promises: no error, no violation of the policy."""

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
    Request,
    Response,
    StorageState,
    expect,
    sync_playwright,
)

from tests.browser import QUIETLY, chromium

from .server import Site, served

expect.set_options(timeout=15_000)  # as long as every other step may take, on a machine that is busy

LISTEN = """document.addEventListener("securitypolicyviolation",
    event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running Tuntas for all journeys; none of them may make it fail."""
    folder = tmp_path_factory.mktemp("site")
    with served(folder) as site:
        yield site
    assert " ERROR " not in (folder / "server.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        yield browser
        browser.close()


class Visit(Protocol):
    def __call__(self, *, width: int = 1280, may_meet: Collection[int] = (), **context: Any) -> Page: ...


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens a page in a new person's browser; takes the options of a Playwright context, such as
    ``java_script_enabled`` or ``storage_state``. The test fails where one of its pages met trouble, however small, but
    for answers of the server with a status of ``may_meet``.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def visit(*, width: int = 1280, may_meet: Collection[int] = (), **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.address,
            locale="id-ID",
            viewport={"width": width, "height": 844 if width < 600 else 900},
            reduced_motion="reduce",  # else every step waits for the one page to fade into the other
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch(context, site.address, trouble, may_meet)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page of a new person's browser, on a wide screen."""
    return visit()


def watch(context: BrowserContext, address: str, trouble: list[str], may_meet: Collection[int] = ()) -> None:
    """Notes every error of a script, violation of the policy, failed request and request to somebody else."""
    context.add_init_script(LISTEN)
    context.on("console", lambda message: trouble.extend(complaint(message)))
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("response", lambda response: trouble.extend(failure(response, may_meet)))
    context.on("request", lambda request: trouble.extend(stranger(request, address)))
    context.on("requestfailed", lambda request: trouble.extend(broken(request)))


@pytest.fixture(scope="session")
def instructor(site: Site, browser: Browser) -> StorageState:
    """The cookies of a signed-in instructor."""
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
    begun: int


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
    """Signs in the first person of a role."""
    email, password = site.people[role]
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def complaint(message: ConsoleMessage) -> list[str]:
    # A page that is not found is no error of the page; `failure` looks at what the server answers.
    if message.type != "error" or message.text.startswith("Failed to load resource"):
        return []
    return [f"{message.page and message.page.url}: {message.text}"]


def failure(response: Response, may_meet: Collection[int]) -> list[str]:
    """A page may be missing, since some tests ask for one; what a page needs may not."""
    allowed = 500 if response.request.resource_type == "document" else 400
    is_failure = response.status >= allowed and response.status not in may_meet
    return [f"{response.status} {response.url}"] if is_failure else []


def stranger(request: Request, address: str) -> list[str]:
    return [] if request.url.startswith((address, "data:")) else [f"asked {request.url}"]


def broken(request: Request) -> list[str]:
    # Leaving a page ends a request on purpose; some journeys take the network away.
    on_purpose = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")
    return [] if request.failure in on_purpose else [f"{request.failure} {request.url}"]
