"""How alike two parts of documents are, from 0 to 1, whatever their headings have become.

What counts are words and pairs of neighbouring words, each the less the more parts have it: a sentence that stands
under every heading says nothing about which is which. Where a text has too little of its own, its title speaks for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from modules.document.syntax.source import BOM

WORD = re.compile(r"\w+")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEGATIONS = {"tidak", "tak", "bukan", "belum", "jangan", "tanpa", "kecuali"} | {
    "not", "no", "never", "without", "except", "cannot", "isn't", "don't", "doesn't",
}  # fmt: skip
ENOUGH = (
    12  # features of their own with which two texts speak for themselves; those that n parts have count 1/n
)
OTHER_NUMBER = 0.5  # what is left of the likeness of “Latihan 1” and “Latihan 2”
COMMON = 20  # a feature that more parts have is not looked up


@dataclass(frozen=True, slots=True)
class Text:
    """A part as it is compared. ``features`` are numbers that stand for its words and pairs of words."""

    title: frozenset[str]
    turns: tuple[str, ...]  # the numbers and negations of its title
    features: frozenset[int]
    whole: str  # its words in order, to tell equal texts


def body(source: str) -> str:
    """The text of a part under its heading."""
    lines = source.lstrip(BOM).splitlines()
    if lines and lines[0].lstrip(" ").startswith("#"):
        return "\n".join(lines[1:])
    for place, line in enumerate(lines[1:6], start=1):
        if not line.strip():
            break
        if UNDERLINE.match(line):
            return "\n".join(lines[place + 1 :])
    return source


def text_of(title: str, source: str) -> Text:
    """A part as it is compared."""
    under = body(source)
    words = WORD.findall(under.casefold())
    features = {hash(word) for word in words if len(word) > 3}
    features.update(hash(pair) for pair in pairwise(words))
    return Text(letters(title), tuple(turning_words(title)), frozenset(features), " ".join(under.split()))


def letters(words: str) -> frozenset[str]:
    """The runs of three letters of a few words."""
    plain = f" {' '.join(WORD.findall(words.casefold()))} "
    return frozenset(plain[place : place + 3] for place in range(len(plain) - 2))


def turning_words(text: str) -> list[str]:
    """The numbers and the negations of a text: where they differ, two texts that look alike say different things."""
    words = text.casefold().replace("’", "'").split()
    said = [word.strip('.,;:!?()[]“”"') for word in words]
    return [*NUMBER.findall(text), *(word for word in said if word in NEGATIONS)]


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets have in common, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


class Scale:
    """Weighs features by how many of the texts on one side have them."""

    def __init__(self, old: Iterable[Text], new: Iterable[Text]) -> None:
        self.counts = _counted(old) | _counted(new)  # of two counts, the higher

    def likeness(self, one: Text, other: Text) -> float:
        """How alike two parts are. Texts with little of their own are told by their titles."""
        titles = overlap(one.title, other.title) * (1 if one.turns == other.turns else OTHER_NUMBER)
        trust = min(1.0, self._sum(one.features | other.features) / ENOUGH)
        score = trust * self._shared(one, other) + (1 - trust) * titles
        return round(min(1.0, score + 0.1 * titles), 4)  # so that no order of adding up makes a difference

    def _shared(self, one: Text, other: Text) -> float:
        if one.whole == other.whole:
            return 1.0
        total = self._sum(one.features) + self._sum(other.features)
        return 2 * self._sum(one.features & other.features) / total if total else 0.0

    def part_of(self, small: Text, large: Text) -> float:
        """How much of a text stands in another one, from 0 to 1; 0 where it has too little of its own."""
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
            for feature in _tokens(text):
                self.places.setdefault(feature, []).append(place)

    def near(self, text: Text, *, most: int = 8) -> list[int]:
        """The places of the texts that share most with this one, the nearest first."""
        votes: Counter[int] = Counter()
        for feature in _tokens(text):
            found = self.places.get(feature, [])
            if len(found) <= COMMON:
                votes.update(found)
        return sorted(votes, key=lambda place: (-votes[place], place))[:most]


def _tokens(text: Text) -> list[int | str]:
    return [*text.features, *text.title]
