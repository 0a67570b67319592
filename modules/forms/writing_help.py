"""Shows beside the editor how each thing is written, as lines that an author copies."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Pattern:
    """Holds the ``title`` of something and the ``lines`` with which it is written."""

    title: str | Promise
    lines: str


TITLES: dict[str, Promise] = {
    "section": _("A section"),
    "letters": _("Bold, italic, a link"),
    "picture": _("A picture: save, then choose its file"),
    "one": _("A question with one right answer"),
    "several": _("A question with several right answers"),
    "words": _("A question that is answered by words"),
    "number": _("A question that is answered by a number"),
    "unit": _("A number with a unit of your own"),
    "explanation": _("The explanation, below the answers"),
}
LINES = {
    "id": {
        "section": "## Menyiram\n\nSiram setiap pagi.",
        "letters": "**tebal**, *miring*, [tautan](https://contoh.id)",
        "picture": "![Pot yang berlubang](pot.png)",
        "one": "### Mengapa pot berlubang?\n\n- [x] Agar air tidak menggenang\n- [ ] Agar pot lebih ringan",
        "several": "### Apa saja isi pot?\n\n- [x] Kompos\n- [x] Sekam\n- [ ] Kerikil",
        "words": "### Kapan cabai disiram?\n\n- [=] pagi\n- [=] setiap pagi",
        "number": "### Berapa suhu di lemari beku?\n\n- [=] -18 °C ± 2",
        "unit": "### Berapa air untuk satu pot? {unit=optional}\n\n- [=] 0,5 gelas",
        "explanation": "> Baca lagi [Menyiram](#menyiram).",
    },
    "en": {
        "section": "## Watering\n\nWater every morning.",
        "letters": "**bold**, *italic*, [link](https://example.org)",
        "picture": "![A pot with holes](pot.png)",
        "one": "### Why does a pot need holes?\n\n- [x] So that no water stays in it\n- [ ] So that it is lighter",
        "several": "### What is in the pot?\n\n- [x] Compost\n- [x] Rice husks\n- [ ] Pebbles",
        "words": "### When are chillies watered?\n\n- [=] in the morning\n- [=] every morning",
        "number": "### How cold is a freezer?\n\n- [=] -18 °C ± 2",
        "unit": "### How much water does a pot get? {unit=optional}\n\n- [=] 0.5 glasses",
        "explanation": "> Read [Watering](#watering) again.",
    },
}


def patterns(language: str) -> list[Pattern]:
    """Returns what can be written, in the order in which a new author needs it."""
    lines = LINES["en" if language.startswith("en") else "id"]
    return [Pattern(title, lines[name]) for name, title in TITLES.items()]
