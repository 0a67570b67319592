"""Keeps the index of the search: all words of the modules that learners may read, and no others.

Every function that changes what learners may read calls :func:`follow` in its own transaction.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import transaction

from modules.document.syntax.values import Document
from modules.models import BATCH, IndexedPage, IndexedStem, Module
from modules.search import postings, weighing
from modules.search.text import Piece, pieces
from modules.search.words import Reader, language_of, normal

MAKERS = ("index.py", "postings.py", "roots.py", "text.py", "weighing.py", "words.py")
LONGEST_TITLE = 1_000  # characters, as many as a row of a section keeps
GAP = 8  # places between two pieces, so that no phrase reaches from one into the next
FIRST_PAGE = 0  # the number of the first page of a module; its sections are counted from 1


def _version() -> str:
    """Returns a fingerprint of the code that makes the index, and of the stemmer."""
    digest = hashlib.sha256(version("snowballstemmer").encode())
    for name in MAKERS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """The words of a module as the index keeps them. ``pages`` has title and pieces of each page, in their order.

    ``weights`` and ``places`` are those of each stem, by the number of the page.
    """

    pages: Sequence[tuple[str, list[list[Any]]]]
    weights: Mapping[str, Mapping[int, int]]
    places: Mapping[str, Mapping[int, Sequence[int]]]


def words_of_document(document: Document) -> IndexedWords:
    """Reads the words of a document. That takes some time, so do it before the transaction that stores them."""
    first = _first_page(document.summary, document.introduction)
    sections = [(section.title, pieces(section.html)) for section in document.sections]
    return _read(document.language, [(document.title, first), *sections])


def words_of_module(module: Module) -> IndexedWords:
    """Reads the words of a module from its rows, as :func:`words_of_document` does."""
    first = _first_page(module.summary, module.introduction)
    rows = module.sections.active().values_list("title", "html")
    return _read(module.language, [(module.title, first), *((title, pieces(html)) for title, html in rows)])


def follow(module: Module, words: IndexedWords | None = None) -> None:
    """Makes the index say what learners of a module may read now. The caller holds the module in a transaction.

    ``module`` may be stale. A module that nobody may read leaves nothing in the index. ``words`` are its words, if the
    caller has read them already.
    """
    IndexedStem.objects.filter(module=module).delete()
    IndexedPage.objects.filter(module=module).delete()
    stored = Module.objects.get(pk=module.pk)
    if stored.is_readable:
        _write(stored, words or words_of_module(stored))


def rebuild_outdated() -> int:
    """Makes the index of each module again that lacks it or has one of other code or another text, and counts them.

    Each module is a transaction of its own. So a rebuild that is stopped goes on with the next call.
    """
    stored = dict(IndexedPage.objects.filter(number=FIRST_PAGE).values_list("module", "made_with"))
    outdated = [
        module
        for module in Module.objects.defer("preamble")
        if stored.get(module.pk) != (_made_with(module) if module.is_readable else None)
    ]
    for module in outdated:
        words = words_of_module(module)
        with transaction.atomic():
            locked = Module.objects.select_for_update(no_key=True).get(pk=module.pk)
            follow(locked, words if _made_with(locked) == _made_with(module) else None)
    return len(outdated)


def _made_with(module: Module) -> str:
    """Names everything from which the index of a module is made: this code, and the text with its HTML."""
    return f"{VERSION} {module.current_id} {module.rendered_with}"


def _first_page(summary: str, introduction: str) -> list[Piece]:
    return [*([Piece("", summary)] if summary else []), *pieces(introduction)]


def _read(language: str, pages: Iterable[tuple[str, list[Piece]]]) -> IndexedWords:
    reader = Reader(language_of(language))
    weights: dict[str, dict[int, int]] = defaultdict(dict)
    places: dict[str, dict[int, list[int]]] = defaultdict(dict)
    kept = []
    for number, (title, texts) in enumerate(pages, start=FIRST_PAGE):
        page = _Page(reader)
        kept.append((title[:LONGEST_TITLE], page.read(title, texts)))
        for stem, counts in page.counts.items():
            weights[stem][number] = weighing.weight(counts, page.length)
            places[stem][number] = page.places[stem]
    return IndexedWords(kept, weights, places)


def _write(module: Module, words: IndexedWords) -> None:
    made_with = _made_with(module)
    sections = [None, *module.sections.active().values_list("pk", flat=True)]
    IndexedPage.objects.bulk_create(
        [
            IndexedPage(
                module=module, section_id=pk, number=number, title=title, pieces=kept, made_with=made_with
            )
            for number, (pk, (title, kept)) in enumerate(zip(sections, words.pages, strict=True))
        ],
        BATCH,
    )
    IndexedStem.objects.bulk_create(
        [
            IndexedStem(
                module=module,
                stem=stem,
                pages=postings.pack_weights(weights),
                places=postings.pack_places(words.places[stem]),
            )
            for stem, weights in sorted(words.weights.items())
        ],
        BATCH,
    )


class _Page:
    """Reads one page: the places of each stem, and how often it stands in title, headings and text."""

    def __init__(self, reader: Reader) -> None:
        self.places: dict[str, list[int]] = defaultdict(list)
        self.counts: dict[str, weighing.Counts] = defaultdict(weighing.Counts)
        self.length = weighing.Counts()
        self._reader = reader
        self._next = 0

    def read(self, title: str, texts: Iterable[Piece]) -> list[list[Any]]:
        """Reads title and pieces, and returns the pieces as a row keeps them: place, anchor, text, is a heading."""
        self._add("title", normal(title))
        kept: list[list[Any]] = []
        for piece in texts:
            self._next += 0 if piece.continues else GAP
            text = normal(piece.text)
            kept.append([self._next, piece.anchor, text, piece.is_heading])
            self._add("headings" if piece.is_heading else "text", text)
        return kept

    def _add(self, part: str, text: str) -> None:
        for word in self._reader.words(text):
            self.places[word.key].append(self._next)
            self._next += 1
            for counts in (self.counts[word.key], self.length):
                setattr(counts, part, getattr(counts, part) + 1)
