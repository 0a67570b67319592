"""Holds documents that instructors upload: a wrong one, its corrected version, and one of real size."""

from collections.abc import Iterator
from dataclasses import dataclass

from .server import ROOT

WRONG = """\
---
warna: biru
---

# Rem sepeda

## Rem cakram

Rem cakram menjepit piringan. Baca juga [rem karet](#rem-karet).

## Kuis akhir

### Apa yang dijepit rem cakram?

- [ ] Piringan
- [ ] Pelek

### Kapan rem karet licin?

- [x] Saat hujan
"""
WRONG_LINES = [13, 18]
MISSING_LINES = [9]
HINT_LINES = [2]

MENDED = """\
# Rem sepeda

## Rem cakram

Rem cakram menjepit piringan.

## Kuis akhir

### Apa yang dijepit rem cakram?

- [x] Piringan
- [ ] Pelek
"""


@dataclass(frozen=True)
class Upload:
    """A file, and the number of elements that its section pages have to show."""

    name: str
    content: bytes
    sections: tuple[str, ...]
    tables: int = 5
    numbered_lists: int = 7
    list_items: int = 44
    links: int = 4


def uploads() -> Iterator[Upload]:
    """Yields a generated document, and a real document if it lies next to the checkout."""
    yield Upload("peran.md", generated().encode("utf-8"), tuple(f"Bagian {n}" for n in range(1, 11)))
    real = ROOT.parent / "shared" / "input" / "ai-engineer-vs-ml-engineer.md"
    if real.is_file():
        content = real.read_bytes()
        lines = content.decode("utf-8").splitlines()
        yield Upload(real.name, content, tuple(line[3:] for line in lines if line.startswith("## ")))


def generated() -> str:
    """Returns ten sections with a byte order mark, line ends of Windows and no line end at the end."""
    blocks = ["\ufeff# Dua peran"]
    for number in range(1, 11):
        blocks += [f"## Bagian {number}", "Satu kalimat dengan **dua kata** tebal. "]
        if number == 3:
            blocks += [block for n in range(1, 6) for block in (f"### {n}. Sisi", table(5 + n % 3))]
        if number in (4, 6, 7):
            blocks += [f"### Pertama {number}", numbered(5), f"### Kedua {number}", numbered(5)]
        if number == 8:
            blocks += ["### Cocok jika Anda:\n" + "\n".join(["- ingin tahu"] * 8)]
    links = [f"{n}. [Sumber {n}](https://example.org/sumber/{n})" for n in range(1, 5)]
    blocks.append("\n".join([*links, "5. Perpustakaan", "6. Teman"]))
    return "\n\n".join(blocks).replace("\n", "\r\n")


def table(rows: int) -> str:
    return "\n".join(["| **Satu** | **Dua** |", "|---|---|", *["| • begini | • begitu |"] * rows])


def numbered(items: int) -> str:
    return "\n".join(f"{n}. Langkah **{n}**" for n in range(1, items + 1))
