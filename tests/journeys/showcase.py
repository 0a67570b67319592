"""Fills a running site so that each learner page has something to show, for pictures of it and for measurements."""

from __future__ import annotations

import io
import json
import math
import shutil
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from tests.journeys.server import Site

SLUG = "perjalanan-air"
WORDS = (
    "Matahari memanaskan laut, dan sebagian airnya menguap. Uap itu naik, mendingin, lalu berkumpul menjadi awan. "
    "Bila butir air di awan menjadi cukup berat, hujan turun. Air hujan meresap ke tanah atau mengalir ke sungai, dan "
    "sungai membawanya kembali ke laut. Dengan begitu, air yang sama dipakai berulang kali.\n\n"
)
SKIES = ("Matahari pagi di atas bukit", "Matahari siang di atas bukit", "Matahari sore di atas bukit")
FORMULAS = (
    r"Q = m \cdot c \cdot \Delta T",
    r"p_{\text{uap}} = p_0 \, e^{-\frac{L}{R}\left(\frac{1}{T} - \frac{1}{T_0}\right)}",
    r"\frac{dV}{dt} = P - E - \sum_{i=1}^{n} q_i",
)
TABLE = """\
| Tahap | Tempat | Suhu | Waktu | Yang terjadi |
| --- | --- | --- | --- | --- |
| Penguapan | Laut | 27 °C | berhari-hari | Air di permukaan menjadi uap karena panas matahari. |
| Pengembunan | Awan | 5 °C | berjam-jam | Uap mendingin dan menjadi butir air yang sangat kecil. |
| Hujan | Gunung | 12 °C | beberapa menit | Butir air bergabung, menjadi berat, lalu jatuh. |
| Pengaliran | Sungai | 22 °C | berminggu-minggu | Air mencari tempat yang rendah dan kembali ke laut. |"""
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
    site.manage("load", str(archive), "--yes", "--publish", "--owner", site.people["instructor"][0])
    site.people["studying"] = (EMAIL, site.manage("account", EMAIL, "--name", "Dewi Lestari").split()[-1])
    call = f"from tests.journeys.scene import furnish; furnish('{EMAIL}')"
    attempts = json.loads(site.manage("shell", "-c", call).splitlines()[-1])
    proof = "from modules.models import Proof; print(Proof.objects.latest('pk').get_absolute_url())"
    return {
        "front": Shown("/", is_private=False),
        "catalogue": Shown("/"),
        "module": Shown("/modules/menulis-modul/"),
        "section": Shown(f"/modules/{SLUG}/daur-air/"),
        "section with pictures": Shown(f"/modules/{SLUG}/langit/"),
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
    pictures = "\n\n".join(
        f"![{title}](langit-{number}.png)\n\n{WORDS}" for number, title in enumerate(SKIES, start=1)
    )
    formulas = "\n\n".join(f"$$\n{formula}\n$$\n\n{WORDS}" for formula in FORMULAS)
    sections = {"Daur air": WORDS * 3, "Langit": pictures, "Rumus": formulas, "Tabel": f"{TABLE}\n\n{WORDS}"}
    text = "".join(f"## {title}\n\n{body}\n\n" for title, body in sections.items())
    matter = (
        f"---\nslug: {SLUG}\nquiz: none\nlanguage: id\nsummary: Dari laut ke awan, dan kembali lagi.\n---\n\n"
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("modul.md", f"{matter}# Perjalanan air\n\n{text}")
        for number in range(1, len(SKIES) + 1):
            file.writestr(f"langit-{number}.png", sky(number))
    return archive.getvalue()


def sky(number: int) -> bytes:
    """Returns a picture of 1,200 by 700 pixels: a sun above hills. The number moves both."""
    image = Image.new("RGB", (1200, 700))
    canvas = ImageDraw.Draw(image)
    for row in range(700):
        canvas.line([(0, row), (1200, row)], fill=(120 + row // 6, 170 + row // 10, 235 - row // 12))
    left = 150 + 280 * number
    canvas.ellipse([left, 90, left + 150, 240], fill=(250, 205, 90))
    for depth, colour in enumerate(((98, 140, 110), (66, 112, 84), (38, 82, 60))):
        heights = [
            (x, 470 + 70 * depth + 55 * math.sin(x / (150 + 40 * depth) + number + depth))
            for x in range(0, 1201, 20)
        ]
        canvas.polygon([(0, 700), *heights, (1200, 700)], fill=colour)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
