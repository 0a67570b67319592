"""Tests learner pages as people with poor sight set them: a narrow window, large zoom, large text, forced colours."""

import itertools
import os
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, StorageState

from .axe import WIDTH, violations
from .conftest import Studying, Visit, speak
from .lesson import lesson
from .server import Site

pytestmark = pytest.mark.journey

AI, GUIDE = lesson("ai-engineer-dan-ml-engineer"), lesson("menulis-modul")
SECTION = f"{GUIDE.address}{GUIDE.document.sections[1].identity}/"
LANGUAGES, THEMES = ("id", "en"), ("light", "dark")

VISITOR_PAGES = (
    "/",
    AI.address,
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/help/",
    "/privacy/",
    "/bukti/",
    "/nowhere/",
)
LEARNER_PAGES = (
    "/",
    "/learning/",
    "/search/?q=latihan+model",
    "/search/?q=zzz",
    AI.address,
    f"{AI.address}{AI.document.sections[0].identity}/",
    GUIDE.address,
    SECTION,
    f"{GUIDE.address}sections/print/",
    AI.quiz_address,
    GUIDE.quiz_address,
    "/attempts/{open}/questions/1/",
    "/attempts/{open}/questions/2/",
    "/attempts/{open}/submission/",
    "/attempts/{failed}/result/",
    "/attempts/{passed}/result/",
    f"/finished/{GUIDE.document.slug}/",
    f"/finished/{GUIDE.document.slug}/proof/",
    "/accounts/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
)


@dataclass(frozen=True)
class Adaptation:
    """A window in CSS pixels, the sizes of its text, and whether the system chooses the colours."""

    width: int = 320
    height: int = 640
    text: int = 16  # pixels, as the browser's settings say
    root: int = 100  # percent, as a style sheet of the reader says
    has_forced_colours: bool = False


ADAPTATIONS = {
    "narrow": Adaptation(),
    "zoomed": Adaptation(height=256),  # a window of 1280 by 1024 pixels at 400 %
    "large-text": Adaptation(width=390, text=32),
    "large-root": Adaptation(width=640, root=200),
    "forced-colours": Adaptation(width=390, has_forced_colours=True),
}
# Each page meets each adaptation. Of languages and themes it meets all pairs only with TEST_ALL.
LOOKS = list(itertools.product(LANGUAGES, THEMES))
MOST_OF_WINDOW = 0.5  # that bars may take
ENLARGE = """new MutationObserver((_changes, observer) => {
    if (!document.documentElement) return;
    document.documentElement.style.fontSize = "%d%%";
    observer.disconnect();
}).observe(document, { childList: true })"""
BARS = """() => {
    scrollTo(0, document.documentElement.scrollHeight / 2);
    const boxes = [...document.body.querySelectorAll("*")]
        .filter((each) => ["fixed", "sticky"].includes(getComputedStyle(each).position))
        .map((each) => each.getBoundingClientRect())
        .filter((box) => box.width > innerWidth / 2 && box.height && box.bottom > 0 && box.top < innerHeight
            && (box.top <= 0 || box.bottom >= innerHeight));
    const height = boxes.reduce((sum, box) => sum + Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), 0);
    scrollTo(0, 0);
    return height / innerHeight;
}"""
IS_WHOLE = bool(os.environ.get("TEST_ALL"))


def looks_of(page: int, adaptation: int) -> list[tuple[str, str]]:
    """Returns the languages and themes in which a page is looked at: one of the four, or all."""
    return LOOKS if IS_WHOLE else [LOOKS[(page + adaptation) % len(LOOKS)]]


@pytest.mark.parametrize("name", ADAPTATIONS)
def test_pages_of_visitors_are_usable(visit: Visit, site: Site, name: str):
    page = adapted(visit, name)
    found = faults(page, site, VISITOR_PAGES, name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ADAPTATIONS)
def test_pages_of_learners_are_usable(visit: Visit, site: Site, studying: Studying, name: str):
    page = adapted(visit, name, storage_state=studying.storage)
    numbers = {"open": studying.open, "failed": studying.failed, "passed": studying.passed}
    found = faults(page, site, [path.format(**numbers) for path in LEARNER_PAGES], name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bar_at_the_top_stays_one_line(visit: Visit, site: Site, instructor: StorageState, language: str):
    page = visit(storage_state=instructor)
    speak(page, site, language)
    page.goto("/help/")
    heights = {}
    for width in (320, 375, 390, 414, 600, 768, 800, 959, 960, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        heights[width] = page.locator(".topbar").evaluate("bar => bar.getBoundingClientRect().height")
    assert heights == dict.fromkeys(heights, 60)


def adapted(visit: Visit, name: str, **options: object) -> Page:
    adaptation = ADAPTATIONS[name]
    colours = "active" if adaptation.has_forced_colours else "none"
    page = visit(forced_colors=colours, **options)
    page.set_viewport_size({"width": adaptation.width, "height": adaptation.height})
    sizes = {"standard": adaptation.text, "fixed": adaptation.text}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
    if adaptation.root != 100:
        page.add_init_script(ENLARGE % adaptation.root)
    return page


def faults(page: Page, site: Site, paths: tuple[str, ...] | list[str], name: str) -> list[str]:
    found = []
    for number, path in enumerate(paths):
        for language, theme in looks_of(number, list(ADAPTATIONS).index(name)):
            speak(page, site, language)
            page.emulate_media(color_scheme=theme)
            page.goto(path)
            found += [f"{language} {theme}: {fault}" for fault in faults_of(page, ADAPTATIONS[name])]
    return found


def faults_of(page: Page, adaptation: Adaptation) -> list[str]:
    width = page.evaluate(WIDTH)
    too_wide = [f"{page.url} is {width} px wide"] if width > adaptation.width else []
    return too_wide + covered(page) + violations(page)


def covered(page: Page) -> list[str]:
    """Returns what leaves too little room for reading: bars that stay while the page is scrolled."""
    share = page.evaluate(BARS)
    return [f"{page.url}: bars take {share:.0%} of the window"] if share > MOST_OF_WINDOW else []
