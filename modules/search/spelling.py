"""Mends a word that no page has, if one letter more, less or other makes it a word that the person may read."""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Min, Q, Sum
from django.db.models.functions import Length

from modules.models import IndexedPage, IndexedStem, ModuleQuerySet
from modules.search import postings
from modules.search.query import LANGUAGES, Query, Term
from modules.search.words import Reader, folded, key_of, normal

SHORTEST, LONGEST = 4, 16  # letters of a word that is mended; shorter ones are near to too many others
MOST_STEMS = 5  # that are looked at for each word
MOST_PLACES = 20  # of a stem on a page, at which its word is read


@dataclass(frozen=True, slots=True)
class Mended:
    """A query with other words. ``words`` has each new word by the one that was typed."""

    text: str
    words: Mapping[str, str]


def mend(query: Query, missing: Iterable[Term], modules: ModuleQuerySet) -> Mended | None:
    """Returns a query without words that no page has, or ``None`` if none of them can be mended.

    It takes three queries to the database, and none if no word is of a length that is mended.
    """
    typed = {term.written: set(near(folded(term.written))) for term in missing if _is_mendable(term)}
    if not typed:
        return None
    stems = _stems_of(set.union(*typed.values()), modules)
    found = _words_of(stems)
    words = {
        written: word for written, near_ones in typed.items() if (word := _best(written, near_ones, found))
    }
    text = query.text
    for written, word in words.items():
        text = re.sub(rf"(?<!\S){re.escape(written)}(?!\S)", word, text)
    return Mended(text, words) if words else None


def _is_mendable(term: Term) -> bool:
    word = folded(term.written)
    is_word = word.isascii() and word.isalpha() and all(len(keys) == 1 for keys in term.keys.values())
    return is_word and SHORTEST <= len(word) <= LONGEST


def near(word: str) -> Iterable[str]:
    """Yields each word that one letter more, less, other or exchanged with its neighbour makes of a word."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in string.ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (
                before + letter + after[1:] for letter in string.ascii_lowercase if letter != after[0]
            )
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]


def _stems_of(words: Collection[str], modules: ModuleQuerySet) -> list[IndexedStem]:
    """Returns rows of the stems that some of the words have, the stems on the most pages first; one row for each."""
    keys = {key_of(language, word) for language in LANGUAGES for word in words}
    readable = IndexedStem.objects.filter(stem__in=keys, module__in=modules.order_by().values("pk"))
    by_stem = readable.order_by().values("stem").annotate(size=Sum(Length("pages")), first=Min("pk"))
    chosen = [row["first"] for row in by_stem.order_by("-size", "stem")[:MOST_STEMS]]
    rows = IndexedStem.objects.in_bulk(chosen)
    return [rows[pk] for pk in chosen if pk in rows]


def _words_of(stems: Iterable[IndexedStem]) -> list[str]:
    """Returns the words of stems as a page of each writes them, in the order of the stems."""
    chosen = {}
    for row in stems:
        weights = postings.weights(row.pages)
        chosen[row] = max(weights, key=lambda number: (weights[number], -number))
    if not chosen:
        return []
    wanted = reduce(or_, (Q(module=row.module_id, number=number) for row, number in chosen.items()))
    pages = {(page.module_id, page.number): page for page in IndexedPage.objects.filter(wanted)}
    found: list[str] = []
    for row, number in chosen.items():
        page = pages.get((row.module_id, number))
        found += _words_on(page, row, postings.places(row.places)[number]) if page else []
    return found


def _words_on(page: IndexedPage, row: IndexedStem, places: tuple[int, ...]) -> list[str]:
    pieces = [(0, normal(page.title)), *((piece[0], piece[2]) for piece in page.pieces)]
    starts = [start for start, _text in pieces]
    reader = Reader(row.stem.partition(":")[0])
    texts = dict.fromkeys(pieces[bisect_right(starts, place) - 1][1] for place in places[:MOST_PLACES])
    return [
        folded(text[word.start : word.end])
        for text in texts
        for word in reader.words(text)
        if word.key == row.stem
    ]


def _best(written: str, near_ones: Collection[str], found: Iterable[str]) -> str:
    """Returns the first word that is near to what was typed, if possible with the same first letter."""
    fitting = [word for word in found if word in near_ones]
    same = [word for word in fitting if word[0] == folded(written)[0]]
    return next(iter(same or fitting), "")
