"""A real server, a real browser, and what every journey promises: no error, no violation of the policy."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.browser import chromium
from tests.environment import SETTINGS

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

# The sandbox of Chromium does not start for root, and all that it opens here is our own server.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LISTEN = """document.addEventListener("securitypolicyviolation",
    event => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@dataclass(frozen=True)
class Site:
    """A running Tuntas: its address, and the e-mail and password of the first ``learner``, ``instructor``..."""

    address: str
    folder: Path
    people: dict[str, tuple[str, str]]
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """The output of a manage.py command on this site's database."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """What `make run` serves from an empty folder."""
    folder = tmp_path_factory.mktemp("site")
    address = f"http://127.0.0.1:{(port := free_port())}"
    ours = {name: value for name, value in os.environ.items() if name not in {*SETTINGS, "DATABASE_URL"}}
    environment = {**ours, "HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": str(folder), "HTTPS": "off"}
    log = (folder / "server.log").open("w+", encoding="utf-8")
    server = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(address, server, folder / "server.log")
        yield Site(address, folder, people_in(folder / "accounts.txt"), environment)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)
        log.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        yield browser
        browser.close()


class Visit(Protocol):
    def __call__(self, *, width: int = 1280, **context: Any) -> Page: ...


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens a page in a new person's browser; takes the options of a Playwright context, such as
    ``java_script_enabled`` or ``storage_state``. The test fails where one of its pages met trouble, however small.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def visit(*, width: int = 1280, **options: Any) -> Page:
        height = 844 if width < 600 else 900
        context = browser.new_context(
            base_url=site.address, locale="id-ID", viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch(context, site.address, trouble)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page of a new person's browser, on a wide screen."""
    return visit()


def watch(context: BrowserContext, address: str, trouble: list[str]) -> None:
    """Notes every error of a script, violation of the policy, failed request and request to somebody else."""
    context.add_init_script(LISTEN)
    context.on("console", lambda message: trouble.extend(complaint(message)))
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("response", lambda response: trouble.extend(failure(response)))
    context.on("request", lambda request: trouble.extend(stranger(request, address)))
    context.on("requestfailed", lambda request: trouble.extend(broken(request)))


def sign_in(page: Page, site: Site, role: str) -> None:
    """Signs in the first person of a role."""
    email, password = site.people[role]
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def violations(page: Page) -> list[str]:
    """What axe finds on a page: each rule with the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # not a script tag: the policy would block it, and rightly
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [f"{page.url} {rule['id']}: {json.dumps([n['html'] for n in rule['nodes']])}" for rule in found]


def complaint(message: ConsoleMessage) -> list[str]:
    # A page that is not found is no error of the page; `failure` looks at what the server answers.
    if message.type != "error" or message.text.startswith("Failed to load resource"):
        return []
    return [f"{message.page and message.page.url}: {message.text}"]


def failure(response: Response) -> list[str]:
    """A page may be missing, since some tests ask for one; what a page needs may not."""
    allowed = 500 if response.request.resource_type == "document" else 400
    return [f"{response.status} {response.url}"] if response.status >= allowed else []


def stranger(request: Request, address: str) -> list[str]:
    return [] if request.url.startswith((address, "data:")) else [f"asked {request.url}"]


def broken(request: Request) -> list[str]:
    # Leaving a page, and a later answer that overtakes an earlier one, end a request on purpose.
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.failure} {request.url}"]


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(600):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/health/", timeout=2).close()  # noqa: S310
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def people_in(file: Path) -> dict[str, tuple[str, str]]:
    rows = [line.split()[-2:] for line in file.read_text(encoding="utf-8").splitlines()]
    return {email.partition("@")[0]: (email, password) for email, password in rows}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
