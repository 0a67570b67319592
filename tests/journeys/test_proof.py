"""Tests a proof from the last step of a module to a visitor who checks it, and what becomes of it afterwards."""

import base64
import json
import urllib.request
from pathlib import Path

import pytest
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from playwright.sync_api import Page, StorageState, expect

from .axe import expect_usable
from .conftest import Studying, Visit, speak
from .printed import A4, Printed, read_pdf
from .server import Site
from .test_learner import GO_ON, new_account, sign_in_as

pytestmark = pytest.mark.journey

MODULE = """\
---
slug: dibuktikan
---
# Untuk dibuktikan

## Bacaan

Satu kalimat.

## Kuis akhir

### Dua tambah dua?

- [ ] 3
- [x] 4
"""
REASON = "Jawabannya disalin."
SHOWN = "from modules.models import Proof; print(Proof.objects.get(code='{code}').title)"
CHANGED = "from modules.models import Proof; Proof.objects.filter(code='{code}').update(name='{name}', title='{title}')"


def finish(page: Page) -> None:
    """Reads the module and passes its quiz, by pressing what the pages offer."""
    page.goto("/modules/dibuktikan/bacaan/")
    page.locator("form[action$='/reading/'] button").last.click()
    page.locator("form[action='/quizzes/dibuktikan/'] button").click()
    page.get_by_label("4", exact=True).check()
    page.locator(GO_ON).click()
    page.locator("form[action$='/submission/'] button").click()


def load(site: Site) -> None:
    file = site.folder / "dibuktikan.md"
    file.write_text(MODULE, encoding="utf-8")
    site.load(file)


def verify(token: str, site: Site) -> None:
    """Lets another program verify a badge, with nothing but what the site serves.

    The program asks over HTTPS only, as it should, and this site has plain HTTP.
    """

    def download(url: str) -> bytes:
        with urllib.request.urlopen(url.replace("https://", "http://")) as answer:  # noqa: S310
            return bytes(answer.read())

    did = f"did:web:{site.address.removeprefix('http://').replace(':', '%3A')}"
    OB3Verifier.for_issuer_did(did, download=download).verify(token, check_status=True, download=download)


def test_proof_is_earned_checked_withdrawn_and_issued_again(
    visit: Visit, site: Site, instructor: StorageState
):
    load(site)
    learner = visit(width=390, java_script_enabled=False)
    sign_in_as(learner, *new_account(site, "proven@example.org"))
    finish(learner)
    learner.wait_for_url("**/finished/dibuktikan/")
    expect(learner.locator("h1")).to_contain_text("Tuntas")
    learner.get_by_role("link", name="Lihat bukti saya").click()
    address = learner.url

    visitor = visit(width=390, java_script_enabled=False)
    visitor.goto(address)
    expect(visitor.get_by_text("Bukti ini sah.")).to_be_visible()
    assert "proven@example.org" not in visitor.content()
    token = visitor.request.get(f"{address}badge/").text()
    verify(token, site)
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims["name"] = "Modul lain"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(OB3VerificationError):
        verify(f"{head}.{forged}.{signature}", site)

    admin = visit(storage_state=instructor)
    admin.goto("/admin/modules/module/?q=dibuktikan")
    admin.get_by_role("link", name="Untuk dibuktikan").first.click()
    admin.goto(admin.url.replace("/change/", "/results/"))
    admin.locator("a[href*='/proofs/']").first.click()
    act(admin, "Tarik bukti ini", "Tarik", REASON)
    visitor.reload()
    expect(visitor.get_by_text("Bukti ini ditarik pada")).to_be_visible()
    expect(visitor.locator("main .seal")).to_have_count(0)
    assert REASON not in visitor.content()
    learner.goto(address)
    expect(learner.get_by_text(REASON)).to_be_visible()
    with pytest.raises(OB3VerificationError, match="suspension"):
        verify(token, site)

    act(admin, "Terbitkan lagi bukti ini", "Terbitkan lagi", "Ternyata karyanya sendiri.")
    visitor.reload()
    expect(visitor.get_by_text("Bukti ini sah.")).to_be_visible()
    verify(token, site)


def act(admin: Page, fold: str, button: str, reason: str) -> None:
    admin.get_by_text(fold, exact=True).click()
    admin.get_by_label("Alasan").fill(reason)
    admin.get_by_role("button", name=button, exact=True).click()
    expect(admin.get_by_text(reason)).to_be_visible()


def test_proof_prints_as_one_page(visit: Visit, studying: Studying, tmp_path: Path):
    page = visit(storage_state=studying.storage)
    page.goto("/finished/menulis-modul/proof/")
    address = page.url.removeprefix("http://").rstrip("/")
    paper = print_page(page, tmp_path)

    assert paper.sizes == [A4]
    for words in ("Dewi Lestari", "Menulis modul untuk Tuntas", "100 dari 100 (lulus mulai 70)", address):
        assert paper.has(words)
    for words in ("Bukti ini sah.", "Sembunyikan", "Cetak", "Yang dinyatakan", "Belajar saya"):
        assert not paper.has(words)


def test_longest_name_and_title_fit_the_page(visit: Visit, site: Site, studying: Studying, tmp_path: Path):
    name, title = "Raden Ayu Sekar Kinanti " * 6, "Dasar pembelajaran mesin bagi pemula " * 13
    page = visit(storage_state=studying.storage, width=390)
    page.goto("/finished/menulis-modul/proof/")
    code = page.url.rstrip("/").rpartition("/")[2]
    before = site.manage("shell", "-c", SHOWN.format(code=code)).splitlines()[-1]
    site.manage("shell", "-c", CHANGED.format(code=code, name=name.strip(), title=title.strip()))
    try:
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        paper = print_page(page, tmp_path)
        assert paper.sizes == [A4]
        assert paper.has(name)
        assert paper.has(title)
    finally:
        site.manage("shell", "-c", CHANGED.format(code=code, name="Dewi Lestari", title=before))


def print_page(page: Page, folder: Path) -> Printed:
    file = folder / "bukti.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    return read_pdf(file)


def test_every_page_of_a_proof_is_accessible(visit: Visit, site: Site, studying: Studying):
    learner = visit(storage_state=studying.storage)
    learner.goto("/finished/menulis-modul/proof/")
    address = learner.url
    for language in ("id", "en"):
        visitor = visit()
        for page in (learner, visitor):
            speak(page, site, language)
        expect_usable(learner, "/finished/menulis-modul/", address)
        expect_usable(visitor, address, "/bukti/", "/bukti/nichts/")
