"""Tests that paper shows what a reader could open on the screen."""

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .server import Site
from .test_learner import new_account, sign_in_as

pytestmark = pytest.mark.journey

MODULE = """\
---
slug: dicetak
---
# Untuk dicetak

## Latihan

<details>
<summary>Jawaban latihan</summary>

Isi untuk dicetak.

<details>
<summary>Langkahnya</summary>

Langkah untuk dicetak.

</details>

</details>

### Dua tambah dua? {.check}

- [ ] 3
- [x] 4

> Rahasia sampai dibuka.
"""


def test_folded_text_of_a_section_is_printed(visit: Visit, site: Site):
    file = site.folder / "dicetak.md"
    file.write_text(MODULE, encoding="utf-8")
    site.load(file)
    page = visit()
    sign_in_as(page, *new_account(site, "printing@example.org"))
    page.goto("/modules/dicetak/latihan/")
    folded = [page.get_by_text(text) for text in ("Isi untuk dicetak.", "Langkah untuk dicetak.")]
    for text in folded:
        expect(text).to_be_hidden()
    page.emulate_media(media="print")
    for text in folded:
        expect(text).to_be_visible()

    page.emulate_media(media="screen")
    wrong = page.locator("form[data-check] input").first.get_attribute("value")
    page.goto(f"/modules/dicetak/latihan/checks/dua-tambah-dua/?answer={wrong}")
    page.emulate_media(media="print")
    expect(page.get_by_text("Rahasia sampai dibuka.")).to_be_hidden()
