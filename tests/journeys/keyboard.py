"""A person who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page

FOCUSED = """element => {
    if (element !== document.activeElement) return "";
    const marked = [element, element.closest("label"), element.closest(".card")].filter(Boolean);
    return marked.some(one => getComputedStyle(one).outlineStyle !== "none") ? "seen" : "unseen";
}"""


class Keyboard:
    """Goes from one thing to the next by Tab, as far as `MOST` of them, and sees where it stands."""

    MOST = 150

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, wanted: Locator) -> None:
        """Presses Tab until the wanted thing has the focus, and checks that it shows."""
        wanted.wait_for()
        for _step in range(self.MOST):
            focus = wanted.evaluate(FOCUSED)
            if focus == "seen":
                return
            assert focus != "unseen", f"nothing shows that the focus is on {wanted}"
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab on {self.page.url}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        self.go_to(wanted)
        self.page.keyboard.press(key)

    def follow(self, wanted: Locator) -> None:
        """Presses what leads to another page, and waits for that page."""
        before = self.page.url
        self.press(wanted)
        self.page.wait_for_url(lambda url: url != before)

    def type(self, wanted: Locator, text: str) -> None:
        self.go_to(wanted)
        self.page.keyboard.type(text)

    def choose(self, radios: Locator, wanted: Locator) -> None:
        """Chooses one of several: Tab leads to the first, the arrows to the others."""
        self.go_to(radios.first)
        self.page.keyboard.press("Space")
        for _step in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} cannot be chosen by the arrows")
