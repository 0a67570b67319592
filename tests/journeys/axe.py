"""Finds the accessibility faults of a page."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from .server import ROOT

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

# Without `preload`: it copies style sheets into the page, and the policy rightly blocks that.
RUN = "axe.run({resultTypes: ['violations'], preload: false}).then(results => results.violations)"

# Elements that depend on the width of the window, such as a fold, have adapted after one frame.
WIDTH = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.documentElement.scrollWidth))))"""

# A page is judged when its fonts have come and it has adapted to the window, as a reader meets it.
SETTLED = """document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(
    () => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))))"""

PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKS = {"light": (PHONE, WIDE), "dark": (PHONE, WIDE)}
HALF_OF_THEM = {"light": (PHONE,), "dark": (WIDE,)}  # enough for pages of one kind


def expect_usable(page: Page, *paths: str, narrowest: int = 320, looks: Mapping[str, Any] = LOOKS) -> None:
    """Expects that axe finds no fault in any look, and that no page scrolls sideways at ``narrowest`` pixels."""
    faults = [fault for path in paths for fault in faults_of(page, path, narrowest, looks)]
    assert not faults, "\n".join(faults)


def faults_of(page: Page, path: str, narrowest: int, looks: Mapping[str, Any]) -> list[str]:
    looks_by_fault: dict[str, list[str]] = {}
    for scheme, sizes in looks.items():
        page.emulate_media(color_scheme=scheme)
        page.goto(path)
        for size in sizes:
            page.set_viewport_size(size)
            for fault in violations(page):
                looks_by_fault.setdefault(fault, []).append(f"{scheme} {size['width']}")
    page.set_viewport_size({"width": narrowest, "height": 640})
    width = page.evaluate(WIDTH)
    if width > narrowest:
        looks_by_fault[f"{page.url} is {width} px wide"] = [str(narrowest)]
    return [f"{fault} ({', '.join(looks)})" for fault, looks in looks_by_fault.items()]


def violations(page: Page) -> list[str]:
    """Returns each rule that axe finds broken on a page, with the elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # the policy rightly blocks a script tag
    page.evaluate(SETTLED)
    broken_rules = page.evaluate(RUN)
    return [
        f"{page.url} {rule['id']}: {json.dumps([n['html'] for n in rule['nodes']])}" for rule in broken_rules
    ]
