"""Writes and reads the file of a key: plain Markdown with one heading for each question, and its answers below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modules.document.answer_key.units import blocks_of, first_line
from modules.document.html.plain_text import plain
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.source import BOM, normalise, split_lines
from modules.document.syntax.values import Document

CODE = "key-file"
WORDS = {
    "id": (
        "Kunci",
        "Berkas ini berisi jawaban, umpan balik, dan penjelasan yang tidak ada di teks umum. Simpan untuk pengajar saja. "
        "Untuk memuat modul dengan kuncinya, letakkan berkas ini di samping teks itu.",
    ),
    "en": (
        "Key",
        "This file holds the answers, the feedback and the explanations that the public text leaves out. Keep it for "
        "instructors. To load the module with its key, put this file beside that text.",
    ),
}
ATTRIBUTE = "of"


@dataclass(frozen=True, slots=True)
class Entry:
    """Holds the key of a unit: its ``lines`` in the whole text, and the fingerprint of its public text."""

    title: str
    fingerprint: str
    lines: tuple[str, ...]


def write(document: Document, entries: Sequence[Entry]) -> str:
    """Returns the key file of a document, with the line ends of its first line."""
    word, sentence = WORDS["en" if document.language.startswith("en") else "id"]
    ends = re.search(r"[\r\n]+\Z", split_lines(document.text)[0])
    end = ends[0] if ends else "\n"
    head = f"---\nkey_of: {document.slug}\n---\n\n# {word}: {document.title}\n\n{sentence}\n"
    written = [BOM if document.text.startswith(BOM) else "", head.replace("\n", end)]
    for entry in entries:
        written += [
            end,
            f"## {entry.title} {{{ATTRIBUTE}={entry.fingerprint}}}".lstrip(),
            end,
            end,
            *entry.lines,
        ]
    return "".join(written)


def is_key_file(text: str) -> bool:
    return bool(parse_front_matter(normalise(text))[0].key_of)


def read(text: str) -> list[Entry]:
    """Returns the entries of a key file. Raises :class:`DocumentError` for a text that is none."""
    if not is_key_file(text):
        template = N_("This is no key file, which begins with a line “key_of”. Download it again.")
        raise DocumentError((Problem(0, "error", CODE, template),))
    lines = split_lines(text)
    headings = list(_headings(text))
    ends = [*(place for place, _title, _fingerprint in headings[1:]), len(lines)]
    return [
        Entry(title, fingerprint, tuple(_stripped(lines[place + 1 : end])))
        for (place, title, fingerprint), end in zip(headings, ends, strict=True)
    ]


def _headings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yields the headings that begin an entry, each with its line, its title and its fingerprint."""
    tokens = blocks_of(text)
    for token, words in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0:
            fingerprint = token.meta["attributes"].values.get(ATTRIBUTE, "")
            if fingerprint:
                yield first_line([token]), plain(words), fingerprint


def _stripped(lines: Sequence[str]) -> Sequence[str]:
    """Returns lines without the blank ones before and after them."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else ()
