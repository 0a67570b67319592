"""Shows a page that is found: the passages that have the words of the query, with these words marked."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from modules.models import IndexedPage, IndexedStem
from modules.search import postings
from modules.search.query import Hit, Query
from modules.search.words import Reader, Word, language_of, normal

MOST_PASSAGES = 2
LENGTH = 32  # words of a passage
BEFORE = 8  # words that a passage shows before the first marked one


@dataclass(frozen=True, slots=True)
class Run:
    """Some signs of a text. ``is_marked``: they are a word that was looked for."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A few words of a page, under the heading of ``anchor`` if there is one above them."""

    anchor: str
    heading: Sequence[Run]
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page that is found, with its title and passages. ``section`` is the key of the section, if it is one."""

    hit: Hit
    section: int | None
    identity: str
    title: Sequence[Run]
    passages: Sequence[Passage]

    @property
    def anchor(self) -> str:
        """Returns the heading under which the best passage stands, or nothing."""
        return self.passages[0].anchor if self.passages else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a page as :mod:`modules.search.index` keeps it. ``place`` is that of its first word."""

    place: int
    anchor: str
    text: str
    is_heading: bool


def show(query: Query, hits: Sequence[Hit]) -> list[ShownPage]:
    """Returns hits as they are shown, in their order. It takes two queries. A page that is gone is left out."""
    if not hits:
        return []
    wanted = reduce(or_, (Q(module=hit.module.pk, number=hit.number) for hit in hits))
    rows = (
        IndexedPage.objects.filter(wanted).select_related("section").defer("section__html", "section__source")
    )
    pages = {(row.module_id, row.number): row for row in rows}
    places = _places(query, hits)
    markers: dict[str, _Marker] = {}
    for language in {language_of(hit.module.language) for hit in hits}:
        markers[language] = _Marker(language, set(query.keys_in(language)))
    return [
        _shown(
            markers[language_of(hit.module.language)],
            hit,
            pages[hit.module.pk, hit.number],
            places[hit.module.pk, hit.number],
        )
        for hit in hits
        if (hit.module.pk, hit.number) in pages
    ]


def _places(query: Query, hits: Sequence[Hit]) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
    """Returns where the words of a query stand on each page, with the number of the term, in their order."""
    languages = {hit.module.pk: language_of(hit.module.language) for hit in hits}
    numbers = {(hit.module.pk, hit.number) for hit in hits}
    terms = {language: query.keys_in(language) for language in set(languages.values())}
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    rows = IndexedStem.objects.filter(stem__in=query.keys(), module__in=languages).order_by()
    for stem, module, packed in rows.values_list("stem", "module_id", "places"):
        term = terms[languages[module]].get(stem)
        if term is None:
            continue
        for number, places in postings.places(packed).items():
            if (module, number) in numbers:
                found[module, number] += [(place, term) for place in places]
    for on_page in found.values():
        on_page.sort()
    return found


def _shown(marker: _Marker, hit: Hit, row: IndexedPage, places: Sequence[tuple[int, int]]) -> ShownPage:
    pieces = [_Piece(*piece) for piece in row.pieces]
    chosen = _best(pieces, places)
    headings = {piece.anchor: piece.text for piece in pieces if piece.is_heading}
    return ShownPage(
        hit=hit,
        section=row.section_id,
        identity=row.section.identity if row.section else "",
        title=marker.whole(normal(row.title)),
        passages=[
            Passage(piece.anchor, marker.whole(headings.get(piece.anchor, "")), marker.part(piece.text))
            for piece in chosen
        ],
    )


def _best(pieces: Sequence[_Piece], places: Iterable[tuple[int, int]]) -> list[_Piece]:
    """Returns the pieces to show, the best first: those with the most terms, then with the most words of the query.

    A word in a heading counts for the piece below it. A page of which only the title has the words shows its first
    piece.
    """
    starts = [piece.place for piece in pieces]
    terms: dict[int, set[int]] = defaultdict(set)
    numbers: dict[int, int] = defaultdict(int)
    for place, term in places:
        at = bisect_right(starts, place) - 1
        if at >= 0:
            at += pieces[at].is_heading and at + 1 < len(pieces)
            terms[at].add(term)
            numbers[at] += 1
    ranked = sorted(terms, key=lambda at: (-len(terms[at]), -numbers[at], at))
    chosen = [at for at in ranked if len(terms[at]) == len(terms[ranked[0]])][:MOST_PASSAGES]
    if not chosen:
        chosen = [at for at, piece in enumerate(pieces) if not piece.is_heading][:1]
    return [pieces[at] for at in chosen]


class _Marker:
    """Marks the words of a query in texts of one language."""

    def __init__(self, language: str, keys: set[str]) -> None:
        self._reader, self._keys = Reader(language), keys

    def whole(self, text: str) -> list[Run]:
        return self._runs(text, self._reader.words(text), 0, len(text))

    def part(self, text: str) -> list[Run]:
        """Returns the words around those that were looked for. “…” stands where the text goes on."""
        words = self._reader.words(text)
        first = self._first_of_window(words)
        last = first + LENGTH
        start = words[first].start if first else 0
        end = words[last - 1].end if last < len(words) else len(text)
        runs = self._runs(text, words[first:last], start, end)
        if first:
            runs.insert(0, Run("… ", False))
        if last < len(words):
            runs.append(Run(" …", False))
        return runs

    def _first_of_window(self, words: Sequence[Word]) -> int:
        """Returns the number of the word with which the best part of a text begins."""
        found = [place for place, word in enumerate(words) if word.key in self._keys]
        if len(words) <= LENGTH or not found:
            return 0

        def worth(start: int) -> tuple[int, int]:
            inside = [words[place].key for place in found if start <= place < start + LENGTH - BEFORE]
            return len(set(inside)), len(inside)

        first = max(0, max(found, key=lambda place: (*worth(place), -place)) - BEFORE)
        return 0 if first < BEFORE // 2 else min(first, len(words) - LENGTH)

    def _runs(self, text: str, words: Iterable[Word], start: int, end: int) -> list[Run]:
        runs: list[Run] = []
        at = start
        for word in words:
            if word.key in self._keys:
                runs += [Run(text[at : word.start], False), Run(text[word.start : word.end], True)]
                at = word.end
        runs.append(Run(text[at:end], False))
        return [run for run in runs if run.text]
