"""Measures how alike two parts of documents are, from 0 to 1, whatever their headings are.

Words and pairs of neighbouring words count. Each counts less the more parts have it: a sentence under every heading
does not tell the parts apart. Where a text has little of its own, its title counts instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modules.document.compare.thresholds import (
    COMMON,
    ENOUGH,
    NEAREST,
    OTHER_NUMBER,
    SHORTEST_WORD,
    TITLE_BONUS,
    WORDS_THAT_TELL,
)
from modules.document.syntax.source import BOM

WORD = re.compile(r"\w+")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEGATIONS = {"tidak", "tak", "bukan", "belum", "jangan", "tanpa", "kecuali"} | {
    "not", "no", "never", "without", "except", "cannot", "isn't", "don't", "doesn't",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Describes a part in the form that is compared.

    ``title`` holds the runs of three letters of the title, and ``turns`` its numbers and negations. ``features`` are
    hashes of words and pairs of words. ``whole`` has all words in order, to recognise equal texts.
    """

    title: frozenset[str]
    turns: tuple[str, ...]
    features: frozenset[int]
    whole: str

    @property
    def is_telling(self) -> bool:
        """Checks whether the text has enough words to show by an equal text that two parts are the same."""
        return self.whole.count(" ") + 1 >= WORDS_THAT_TELL


def text_of(title: str, source: str) -> Text:
    """Returns a part in the form that is compared."""
    text = body(source)
    words = WORD.findall(text.casefold())
    features = {hash(word) for word in words if len(word) >= SHORTEST_WORD}
    features.update(hash(pair) for pair in pairwise(words))
    return Text(letters(title), tuple(turning_words(title)), frozenset(features), " ".join(text.split()))


def body(source: str) -> str:
    """Returns the text of a part under its heading."""
    lines = source.lstrip(BOM).splitlines()
    if lines and lines[0].lstrip(" ").startswith("#"):
        return "\n".join(lines[1:])
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            break
        if UNDERLINE.match(line):
            return "\n".join(lines[number:])
    return source


def letters(words: str) -> frozenset[str]:
    """Returns the runs of three letters of a few words."""
    plain = f" {' '.join(WORD.findall(words.casefold()))} "
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


def turning_words(text: str) -> list[str]:
    """Returns the numbers and the negations of a text. Texts that differ in them say different things."""
    words = [word.strip('.,;:!?()[]“”"') for word in text.casefold().replace("’", "'").split()]
    return [*NUMBER.findall(text), *(word for word in words if word in NEGATIONS)]


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Returns the share that two sets have in common, from 0 to 1."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


class Scale:
    """Weighs features by the number of texts of one document that have them."""

    def __init__(self, stored: Iterable[Text], incoming: Iterable[Text]) -> None:
        self.counts = _counted(stored) | _counted(incoming)  # of two counts, the higher

    def likeness(self, first: Text, second: Text) -> float:
        """Returns how alike two parts are, from 0 to 1. Titles count where the texts have few features of their own."""
        titles = overlap(first.title, second.title) * (1 if first.turns == second.turns else OTHER_NUMBER)
        trust = min(1.0, self._sum(first.features | second.features) / ENOUGH)
        score = trust * self._shared(first, second) + (1 - trust) * titles + TITLE_BONUS * titles
        return round(min(1.0, score), 4)  # rounded, so that the order of the sum does not matter

    def _shared(self, first: Text, second: Text) -> float:
        if first.whole == second.whole:
            return 1.0
        total = self._sum(first.features) + self._sum(second.features)
        return 2 * self._sum(first.features & second.features) / total if total else 0.0

    def part_of(self, small: Text, large: Text) -> float:
        """Returns the share of a text that another text contains, from 0 to 1; 0 where it has too few features."""
        total = self._sum(small.features)
        if total < ENOUGH:
            return 0.0
        return round(self._sum(small.features & large.features) / total, 4)

    def _sum(self, features: Iterable[int]) -> float:
        counts = self.counts
        return sum(1 / counts.get(feature, 1) for feature in features)


def _counted(texts: Iterable[Text]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(text.features)
    return counts


class Index:
    """Finds texts that may be like another one, without comparing each with each."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.places: dict[int | str, list[int]] = {}
        for place, text in enumerate(texts):
            for token in _tokens(text):
                self.places.setdefault(token, []).append(place)

    def near(self, text: Text) -> list[int]:
        """Returns the places of the texts that have most tokens in common with a text, the nearest first."""
        votes: Counter[int] = Counter()
        for token in _tokens(text):
            places = self.places.get(token, [])
            if len(places) <= COMMON:
                votes.update(places)
        return sorted(votes, key=lambda place: (-votes[place], place))[:NEAREST]


def _tokens(text: Text) -> list[int | str]:
    return [*text.features, *text.title]
