"""Uses a page by keyboard alone."""

from playwright.sync_api import Locator, Page

FOCUSED = """element => {
    if (element !== document.activeElement) return "";
    const outlined = [element, element.closest("label"), element.closest(".card"), element.closest(".tile")].filter(Boolean);
    return outlined.some(each => getComputedStyle(each).outlineStyle !== "none") ? "seen" : "unseen";
}"""


class Keyboard:
    """Moves the focus by Tab, and checks that the focus is visible."""

    MOST = 150  # presses of Tab before an element counts as unreachable

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, wanted: Locator) -> None:
        """Presses Tab until the wanted element has the focus, and checks that the focus is visible."""
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
        """Presses a link or button, and waits for the page that it opens."""
        before = self.page.url
        self.press(wanted)
        self.page.wait_for_url(lambda url: url != before)

    def type(self, wanted: Locator, text: str) -> None:
        self.go_to(wanted)
        self.page.keyboard.type(text)

    def choose(self, radios: Locator, wanted: Locator) -> None:
        """Chooses a radio button: Tab leads to the first one, the arrows to the others."""
        self.go_to(radios.first)
        self.page.keyboard.press("Space")
        for _step in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} cannot be chosen by the arrows")
