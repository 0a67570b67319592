"""Fetches pages with an empty browser cache, and counts the bytes of each answer, its head included.

    python bench/cold.py ORIGIN COOKIE PATH...

Prints as JSON, for each path, the sizes by address: ``{"/modules/a/b/": {"/modules/a/b/": 15858, ...}, ...}``.
"""

import json
import sys

from playwright.sync_api import Browser, Request, sync_playwright

from tests.browser import QUIETLY, chromium

# The browser fetches the icon without an event, so the page fetches it once more.
ICON = (
    "fetch(document.querySelector('link[rel=icon]').href, { cache: 'reload' }).then(answer => answer.text())"
)


def main() -> None:
    origin, cookie, *paths = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        print(json.dumps({path: sizes(browser, origin, cookie, path) for path in paths}))


def sizes(browser: Browser, origin: str, cookie: str, path: str) -> dict[str, int]:
    context = browser.new_context(base_url=origin)
    pairs = [pair.strip().partition("=") for pair in cookie.split(";")]
    context.add_cookies([{"name": name, "value": value, "url": origin} for name, _sign, value in pairs])
    page = context.new_page()
    fetched: list[Request] = []
    page.on("requestfinished", lambda request: fetched.extend([request]))
    page.goto(path, wait_until="networkidle")
    with page.expect_request_finished(lambda request: "/icons/" in request.url):
        page.evaluate(ICON)
    sizes_by_address = {request.url.removeprefix(origin): weight(request) for request in fetched}
    context.close()
    return sizes_by_address


def weight(request: Request) -> int:
    answer = request.response()
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{request.url} answered {answer and answer.status}")
    size = request.sizes()
    return size["responseHeadersSize"] + size["responseBodySize"]


if __name__ == "__main__":
    main()
