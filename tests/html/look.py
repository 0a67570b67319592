"""Compares how two folders that ``tests.html.keep`` wrote look, and prints every box or word that moved.

    python -m tests.html.look BEFORE AFTER [WIDTH]

A blank between two tags may show or not: that depends on the CSS. So a browser lays out each page twice, as it is and
with everything that is folded or hidden in it. The exit status is 1 where a page looks different.
"""

import mimetypes
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django
from playwright.sync_api import Page, Route, sync_playwright

from tests.browser import QUIETLY, chromium

SITE = "http://kept"
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
MOST_SHOWN = 6  # differences of one page
SHOW_ALL = """() => {
  document.querySelectorAll("details").forEach(details => { details.open = true });
  document.querySelectorAll("[hidden]").forEach(element => { element.hidden = false });
}"""
# Each element and each text with the place that it takes, in tenths of a pixel of the page.
MEASURE = """() => {
  const place = box => [box.x, box.y, box.width, box.height].map(size => Math.round(size * 10) / 10).join(" ");
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node.nodeType === Node.ELEMENT_NODE) {
      boxes.push(`<${node.localName} ${[...node.classList].join(" ")}> at ${place(node.getBoundingClientRect())}`);
    } else if (node.data.trim()) {
      const range = document.createRange();
      range.setStart(node, node.data.length - node.data.trimStart().length);
      range.setEnd(node, node.data.trimEnd().length);
      boxes.push(`“${node.data.trim().replace(/\\s+/g, " ").slice(0, 60)}” at ${place(range.getBoundingClientRect())}`);
    }
  }
  return boxes.concat(document.body.innerText.split("\\n"));
}"""


def main(before: str, after: str, width: str = "1280") -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 4)
    django.setup()
    names = sorted({path.relative_to(before).as_posix() for path in Path(before).rglob("*.html")})
    different = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        page = browser.new_page(viewport={"width": int(width), "height": 900})
        page.route("**/*", answer)
        for name in names:
            changes = differences(looks(page, Path(before, name)), looks(page, Path(after, name)))
            if changes:
                different += 1
                print(f"== {name}", *changes[:MOST_SHOWN], sep="\n", flush=True)
        browser.close()
    print(f"{len(names)} pages laid out, {different} look different")
    return 1 if different else 0


def answer(route: Route) -> None:
    """Answers with a kept page or a static file. Scripts are left out: they may move things at any time."""
    address = urlsplit(route.request.url)
    if address.query.startswith("kept="):
        route.fulfill(body=Path(address.query.removeprefix("kept=")).read_bytes(), content_type="text/html")
    elif (file := static_file(address.path)) is not None:
        route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
    else:
        route.abort()


def static_file(address: str) -> str | None:
    from django.contrib.staticfiles import finders

    if not address.startswith("/static/") or address.endswith(".js"):
        return None
    file = finders.find(HASH.sub("", address.removeprefix("/static/")))
    return file if isinstance(file, str) else None


def looks(page: Page, file: Path) -> list[str]:
    """Returns where each box and each text of a page is, first as it is, then with everything shown."""
    if not file.exists():
        return ["the page is missing"]
    page.goto(f"{SITE}/?kept={file}")
    page.evaluate("document.fonts.ready.then(() => null)")
    folded: list[str] = page.evaluate(MEASURE)
    page.evaluate(SHOW_ALL)
    shown: list[str] = page.evaluate(MEASURE)
    return folded + shown


def differences(before: list[str], after: list[str]) -> list[str]:
    if len(before) != len(after):
        return [f"-{len(before)} boxes and lines", f"+{len(after)} boxes and lines"]
    return [f"-{old}\n+{new}" for old, new in zip(before, after, strict=True) if old != new]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
