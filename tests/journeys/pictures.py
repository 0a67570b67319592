"""Writes a picture of each learner page into docs/pictures: on a phone and on a desk, light and dark.

make pictures
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.server import ROOT, Site, served
from tests.journeys.showcase import CHROMIUM, Shown, furnished, signed_in

FOLDER = ROOT / "docs" / "pictures"
WIDTHS = {"phone": (390, 844), "desk": (1280, 800)}
THEMES = ("light", "dark")
TALLEST = 2400  # pixels of a page that are shown
QUALITY = 80  # of WebP, from 0 to 100


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tuntas-pictures-") as folder, served(Path(folder)) as site:
        pages = furnished(site)
        cookie = signed_in(site)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for name, page in pages.items():
                for form, picture in pictures(browser, site, page, cookie):
                    file = FOLDER / f"{name.replace(' ', '-')}-{form}.webp"
                    file.write_bytes(picture)
                    print(file.relative_to(ROOT))


def pictures(browser: Browser, site: Site, page: Shown, cookie: str) -> Iterator[tuple[str, bytes]]:
    """Yields the pictures of a page with the name of each form, such as ``phone-dark``."""
    for device, (width, height) in WIDTHS.items():
        for theme in THEMES:
            context = browser.new_context(
                base_url=site.address,
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
                extra_http_headers={"Cookie": cookie} if page.is_private else {},
                locale="id-ID",
            )
            tab = context.new_page()
            tab.goto(page.path, wait_until="networkidle")
            tab.evaluate("document.fonts.ready")
            yield f"{device}-{theme}", as_webp(tab.screenshot(full_page=True))
            context.close()


def as_webp(png: bytes) -> bytes:
    """Returns a picture as WebP, cut where it is taller than is shown."""
    image = Image.open(io.BytesIO(png))
    image = image.crop((0, 0, image.width, min(image.height, TALLEST))).convert("RGB")
    content = io.BytesIO()
    image.save(content, "WEBP", quality=QUALITY)
    return content.getvalue()


if __name__ == "__main__":
    main()
