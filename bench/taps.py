"""Measures how soon the next section is painted after a tap, on a slow phone, with and without prefetching.

    .venv/bin/python bench/taps.py [--quick]

Serves a new installation, reads in Chromium on a throttled network and processor, and prints medians. The exit status
is 1 if the promise is not held.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pages import promise
from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright
from serving import ROOT

sys.path.insert(0, str(ROOT))

from tests.browser import QUIETLY, chromium
from tests.journeys.lesson import Lesson, lesson
from tests.journeys.server import Site, served
from tests.journeys.showcase import furnished

LATEST = 100  # milliseconds from the tap on a prefetched link to the first paint, in the median
TAPS = 15
# The phone of Lighthouse: a slow 4G network and a processor that is four times as slow.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
PROCESSOR = 4
PHONE = {"width": 390, "height": 844}
MODULES = (lesson("menulis-modul"), lesson("ai-engineer-dan-ml-engineer"))
NOTE_TAPS = """addEventListener("pointerdown", (event) =>
    sessionStorage.setItem("tapped", performance.timeOrigin + event.timeStamp), { capture: true })"""
PAINTS = """new Promise((done) => {
    let first = 0;
    new PerformanceObserver((list) => { first = list.getEntriesByName("first-contentful-paint")[0]?.startTime ?? first; })
        .observe({ type: "paint", buffered: true });
    new PerformanceObserver((list) => {
        const tapped = Number(sessionStorage.getItem("tapped"));
        const since = (time) => performance.timeOrigin + time - tapped;
        if (first) done([since(first), since(list.getEntries().at(-1).startTime)]);
    }).observe({ type: "largest-contentful-paint", buffered: true });
})"""


@dataclass(frozen=True)
class Tap:
    """The milliseconds from a tap to the first paint of the next page, and to its largest."""

    first: float
    largest: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="5 taps instead of 15")
    taps = 5 if parser.parse_args().quick else TAPS
    with (
        tempfile.TemporaryDirectory(prefix="tuntas-bench-") as folder,
        served(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        furnished(site)  # makes a learner who has read nearly everything
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        figures = {
            "link, prefetched": measured(browser, site, "studying", taps),
            "link, not prefetched": measured(browser, site, "studying", taps, prefetches=False),
            "“Done, continue”": measured(browser, site, "learner", taps),
        }
        browser.close()
    return 0 if tell(figures) else 1


def measured(browser: Browser, site: Site, role: str, taps: int, *, prefetches: bool = True) -> list[Tap]:
    """Taps on the way to the next section in one section after another."""
    context = browser.new_context(base_url=site.address, viewport=PHONE, has_touch=True, is_mobile=True)
    context.add_init_script(NOTE_TAPS)
    page = context.new_page()
    sign_in(page, *site.people[role])
    protocol = context.new_cdp_session(page)
    prefetched = watch_prefetches(protocol)
    throttle(protocol)
    if not prefetches:
        protocol.send("Network.setBlockedURLs", {"urls": ["*.speculationrules"]})
    found = []
    for start, end in ways(page):
        if len(found) == taps:
            break
        if page.url != site.address + start:
            page.goto(start)
        page.wait_for_load_state("networkidle")
        button = page.locator(".turn .on .button").first
        button.hover()  # this Chromium prefetches nothing before; a real phone was not tried
        if prefetches and button.get_attribute("data-prefetch") is not None:
            wait_for(page, prefetched, site.address + end)
        found.append(tap(page, button, site.address + end))
    context.close()
    return found


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def throttle(protocol: CDPSession) -> None:
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", NETWORK)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})


def watch_prefetches(protocol: CDPSession) -> set[str]:
    """Returns a set that gets the address of each page that the browser has prefetched."""
    ready: set[str] = set()
    protocol.on(
        "Preload.prefetchStatusUpdated",
        lambda event: ready.add(event["prefetchUrl"]) if event["status"] in ("Ready", "Success") else None,
    )
    protocol.send("Preload.enable")
    return ready


def ways(page: Page) -> Iterator[tuple[str, str]]:
    """Yields the addresses of each section and of the one after it. Begins each module if need be."""
    for module in MODULES:
        page.goto(module.address)
        begin = page.locator("form[action$='/enrolment/'] button")
        if begin.count():
            begin.click()
            page.wait_for_load_state()
        yield from pairs(module)


def pairs(module: Lesson) -> list[tuple[str, str]]:
    addresses = [f"{module.address}{section.identity}/" for section in module.document.sections]
    return list(pairwise(addresses))


def wait_for(page: Page, prefetched: set[str], address: str) -> None:
    for _look in range(100):
        if address in prefetched:
            return
        page.wait_for_timeout(100)
    raise RuntimeError(f"{address} was not prefetched")


def tap(page: Page, button: Locator, address: str) -> Tap:
    page.wait_for_timeout(500)  # the scrolling has ended, and the processor is at rest
    button.tap(no_wait_after=True)
    page.wait_for_url(address)
    first, largest = page.evaluate(PAINTS)
    return Tap(first, largest)


def tell(figures: dict[str, list[Tap]]) -> bool:
    """Prints the medians, and returns whether the promise is held."""
    print("| tap on | first paint | slowest | largest paint | taps |\n| --- | --- | --- | --- | --- |")
    for name, taps in figures.items():
        firsts = [each.first for each in taps]
        cells = (statistics.median(firsts), max(firsts), statistics.median(each.largest for each in taps))
        print(f"| {name} | {' | '.join(f'{cell:.0f} ms' for cell in cells)} | {len(taps)} |")
    held = statistics.median(each.first for each in figures["link, prefetched"]) < LATEST
    print(f"\n  prefetched, painted within {LATEST} ms  {promise(held)}")
    return held


if __name__ == "__main__":
    sys.exit(main())
