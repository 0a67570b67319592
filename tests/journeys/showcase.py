"""Fills a running site so that each learner page has something to show, for pictures of it and for measurements."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.journeys.server import Site

SLUG = "gambar-rumus-tabel"
CHROMIUM = shutil.which("chromium") or "chromium"
EMAIL = "studying@example.org"


@dataclass(frozen=True)
class Shown:
    """A page to show: its path, and whether the learner of the scene has to be signed in."""

    path: str
    is_private: bool = True


def furnished(site: Site) -> dict[str, Shown]:
    """Loads a module and makes a learner with attempts. Returns the pages by their names."""
    archive = site.folder / "pictures.zip"
    archive.write_bytes(module_with_pictures())
    site.manage("load", str(archive), "--yes", "--publish")
    site.people["studying"] = (EMAIL, site.manage("account", EMAIL, "--name", "Dewi Lestari").split()[-1])
    call = f"from tests.journeys.scene import furnish; furnish('{EMAIL}')"
    attempts = json.loads(site.manage("shell", "-c", call).splitlines()[-1])
    proof = "from modules.models import Proof; print(Proof.objects.latest('pk').get_absolute_url())"
    return {
        "front": Shown("/", is_private=False),
        "catalogue": Shown("/"),
        "module": Shown("/modules/menulis-modul/"),
        "section": Shown(f"/modules/{SLUG}/kata/"),
        "section with pictures": Shown(f"/modules/{SLUG}/gambar/"),
        "section with formulas": Shown(f"/modules/{SLUG}/rumus/"),
        "section with tables": Shown(f"/modules/{SLUG}/tabel/"),
        "quiz": Shown("/quizzes/menulis-modul/"),
        "question": Shown(f"/attempts/{attempts['open']}/questions/1/"),
        "result": Shown(f"/attempts/{attempts['failed']}/result/"),
        "learning": Shown("/learning/"),
        "search": Shown("/search/?q=modul"),
        "proof": Shown(site.manage("shell", "-c", proof).splitlines()[-1], is_private=False),
    }


def signed_in(site: Site) -> str:
    """Signs the learner of the scene in, and returns the cookies as a header."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=site.address)
        email, password = site.people["studying"]
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
        browser.close()
    return header


def module_with_pictures() -> bytes:
    """Returns an archive of a module with a section of words, one of pictures, one of formulas and one of tables."""
    words = "Bagian ini menerangkan satu hal dengan beberapa kalimat yang pendek dan jelas. " * 6
    pictures = "\n\n".join(f"![Gambar {number}](gambar-{number}.png)\n\n{words}" for number in range(1, 4))
    formulas = "\n\n".join(
        f"$$\\sum_{{i=1}}^{{n}} x_i^{number} = \\frac{{n}}{{2}}$$\n\n{words}" for number in range(2, 6)
    )
    cells = "\n".join(
        f"| baris {row} | {row} | {row * row} | {row**3} | {words[:60]} |" for row in range(1, 8)
    )
    tables = f"| nama | n | kuadrat | kubik | arti |\n| --- | --- | --- | --- | --- |\n{cells}\n\n{words}"
    sections = {"Kata": words, "Gambar": pictures, "Rumus": formulas, "Tabel": tables}
    text = "".join(f"## {title}\n\n{body}\n\n" for title, body in sections.items())
    head = (
        f"---\nslug: {SLUG}\nquiz: none\nsummary: Satu modul untuk diukur.\n---\n\n# Gambar, rumus, tabel\n\n"
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("modul.md", head + text)
        for number in range(1, 4):
            file.writestr(f"gambar-{number}.png", picture(number))
    return archive.getvalue()


def picture(number: int) -> bytes:
    """Returns a picture of 1,200 by 700 pixels, in which no row is like another."""
    image = Image.new("RGB", (1200, 700))
    image.putdata([(x * number % 256, y * 3 % 256, (x + y) % 256) for y in range(700) for x in range(1200)])
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
