"""Reads what a person typed, and finds the pages that have it, most relevant first.

Two queries to the database, whatever is typed: the modules that the person may read, and the rows of the stems. The
rest is counting, the same on every database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from modules.models import IndexedStem, ModuleQuerySet
from modules.search import postings, weighing
from modules.search.words import STEMMERS, Reader, is_stop_word, normal

LONGEST_QUERY = 200  # signs; the rest is not looked for
MOST_TERMS = 12  # raised, a query of many common words takes longer
LANGUAGES = (*STEMMERS, "")
QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')
Row = tuple[Any, ...]  # of a stem: its module, its packed pages and, for a phrase, its packed places
NUMBER_BITS = 16  # of the key of a page: the number of the page in its module
LAST_NUMBER = (1 << NUMBER_BITS) - 1


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase of a query. ``keys`` has its stems in their order, by language.

    ``is_optional``: a stop word, which no page needs to have. ``written`` is what was typed.
    """

    written: str
    keys: Mapping[str, tuple[str, ...]]
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a person looks for. ``terms`` are those that a page needs to have."""

    text: str
    terms: tuple[Term, ...]

    def keys_in(self, language: str) -> dict[str, int]:
        """Returns the stems that count in modules of a language, each with the number of its term."""
        return {key: number for number, term in enumerate(self.terms) for key in term.keys[language]}

    def keys(self) -> set[str]:
        return {key for term in self.terms for keys in term.keys.values() for key in keys}


@dataclass(frozen=True, slots=True)
class FoundModule:
    """A module in which something is found."""

    pk: int
    slug: str
    title: str
    language: str
    hits: int


class Hit(NamedTuple):
    """A page that is found: its module, and its number there."""

    module: FoundModule
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a query finds. ``pages`` are the keys of the pages, the most relevant first.

    ``modules`` are those with hits, the most hits first. ``looked_in`` counts the modules that the person may read.
    ``has_all``: each hit has all terms; otherwise no page has, and each has some. ``missing`` are the terms that no
    page has.
    """

    pages: Sequence[int]
    modules: Sequence[FoundModule]
    looked_in: int
    has_all: bool
    missing: Sequence[Term] = ()

    def hits(self, first: int, count: int, module: FoundModule | None = None) -> list[Hit]:
        """Returns ``count`` hits after the first ``first`` ones, of all hits or of those in one module."""
        pages = self.pages
        if module is not None:
            pages = [key for key in pages if key >> NUMBER_BITS == module.pk]
        by_key = {found.pk: found for found in self.modules}
        return [Hit(by_key[key >> NUMBER_BITS], key & LAST_NUMBER) for key in pages[first : first + count]]


def parse(typed: str) -> Query:
    """Returns what a person looks for. Every text is a query; signs that are no part of a word mean nothing."""
    text = " ".join(normal(typed)[:LONGEST_QUERY].split())
    readers = [Reader(language) for language in LANGUAGES]
    terms: dict[tuple[tuple[str, ...], ...], Term] = {}
    for match in QUOTED.finditer(text):
        written = match[1] if match[1] is not None else match[2]
        keys = {reader.language: tuple(word.key for word in reader.words(written)) for reader in readers}
        if any(keys.values()) and len(terms) < MOST_TERMS:
            is_optional = match[1] is None and is_stop_word(written)
            terms.setdefault(tuple(keys.values()), Term(written.strip(), keys, is_optional))
    needed = tuple(term for term in terms.values() if not term.is_optional)
    return Query(text, needed or tuple(terms.values()))


def find(query: Query, modules: ModuleQuerySet) -> Found:
    """Returns what a query finds in ``modules``. The caller says which modules the person may read."""
    readable = {row[0]: row for row in modules.order_by().values_list("pk", "slug", "title", "language")}
    weights = _weights(query, readable)
    has_all = True
    scores = _with_all(weights)
    if not scores and len(weights) > 1:
        has_all, scores = False, _with_some(weights)
    by_module: dict[int, list[int]] = {}
    for key in sorted(scores):
        by_module.setdefault(key >> NUMBER_BITS, []).append(key)
    found = {pk: FoundModule(*readable[pk], len(keys)) for pk, keys in by_module.items()}
    return Found(
        pages=_in_order(scores, by_module, found),
        modules=sorted(found.values(), key=lambda module: (-module.hits, module.title, module.slug)),
        looked_in=len(readable),
        has_all=has_all,
        missing=[term for term, by_page in zip(query.terms, weights, strict=True) if not by_page],
    )


def _weights(query: Query, readable: Mapping[int, object]) -> list[dict[int, int]]:
    """Returns for each term what it weighs on each page that has it.

    The key of a page is that of its module and its number in one. So a module that is not in ``readable`` is left out
    here, before anything is counted.
    """
    phrases = any(len(keys) > 1 for term in query.terms for keys in term.keys.values())
    columns = ("stem", "module_id", "pages", *(["places"] if phrases else []))
    rows: dict[str, list[Row]] = {}
    for stem, module, *packed in (
        IndexedStem.objects.filter(stem__in=query.keys()).order_by().values_list(*columns)
    ):
        if module in readable:
            rows.setdefault(stem, []).append((module, *packed))
    return [_weights_of(term, rows) for term in query.terms]


def _weights_of(term: Term, rows: Mapping[str, Sequence[Row]]) -> dict[int, int]:
    weights: dict[int, int] = {}
    for keys in term.keys.values():
        if len(keys) == 1:
            for module, pages, *_places in rows.get(keys[0], ()):
                weights.update(postings.weights(pages, module << NUMBER_BITS))
        elif keys:
            weights.update(_weights_of_phrase(keys, rows))
    return weights


def _weights_of_phrase(keys: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> dict[int, int]:
    """Returns what a phrase weighs on each page that has its words side by side: as much as its rarest word there."""
    by_module = [{row[0]: row for row in rows.get(key, ())} for key in keys]
    weights: dict[int, int] = {}
    for module in set.intersection(*(set(found) for found in by_module)):
        stems = [found[module] for found in by_module]
        on_pages = [postings.weights(row[1]) for row in stems]
        places = [postings.places(row[2]) for row in stems]
        for number in set.intersection(*(set(found) for found in on_pages)):
            starts: Sequence[int] = places[0][number]
            for offset, found in enumerate(places[1:], start=1):
                there = set(found[number])
                starts = [start for start in starts if start + offset in there]
            if starts:
                weights[(module << NUMBER_BITS) + number] = min(found[number] for found in on_pages)
    return weights


def _with_all(weights: Sequence[dict[int, int]]) -> dict[int, int]:
    """Returns the scores of the pages that have all terms."""
    if not weights:
        return {}
    first, *others = ((weighing.rarity(len(found)), found) for found in weights)
    rarity, found = first
    if not others:
        return {key: rarity * weight for key, weight in found.items()}
    common = set(found).intersection(*(found for _rarity, found in others))
    both = [first, *others]
    return {key: sum(rarity * found[key] for rarity, found in both) for key in common}


def _with_some(weights: Sequence[dict[int, int]]) -> dict[int, int]:
    """Returns the scores of the pages that have some terms. A page with more of them always comes first."""
    scores: dict[int, int] = {}
    for found in weights:
        rarity = weighing.rarity(len(found))
        for key, weight in found.items():
            scores[key] = scores.get(key, 0) + rarity * weight + weighing.ONE_TERM_MORE
    return scores


def _in_order(
    scores: Mapping[int, int], by_module: Mapping[int, Sequence[int]], modules: Mapping[int, FoundModule]
) -> list[int]:
    """Returns the pages by their score; equal ones by the address of their module and their place in it."""
    by_slug = sorted(by_module, key=lambda pk: modules[pk].slug)
    pages = [key for pk in by_slug for key in by_module[pk]]
    pages.sort(key=scores.__getitem__, reverse=True)  # keeps the order of equal ones
    return pages
