"""Measures how alike two parts of documents are, from 0 to 1, whatever their headings are.

Words and pairs of neighbouring words count. Each counts less the more parts have it: a sentence under every heading
does not tell the parts apart. Where a text has little of its own, its title counts instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
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


SHORTEST_NEGATION = 5  # letters of one that may be mistyped
OTHER_WORDS = frozenset({"tapa", "bukaan"})  # that a slip makes of a negation


@cache
def _misspelt_negations() -> dict[str, str]:
    """Maps each way in which a negation is mistyped to the negation: a letter doubled, two letters swapped,
    or one left out inside. Other words are no slips. Short negations have none, because they are near other words.
    """
    found: dict[str, str] = {}
    for word in NEGATIONS:
        if len(word) < SHORTEST_NEGATION:
            continue
        for place, letter in enumerate(word):
            found[word[:place] + letter + word[place:]] = word
            if 0 < place < len(word) - 1:  # without its end, "bukan" is "buka"
                found[word[:place] + word[place + 1 :]] = word
            found[word[:place] + word[place + 1 : place + 2] + letter + word[place + 2 :]] = word
    return {slip: word for slip, word in found.items() if slip not in NEGATIONS and slip not in OTHER_WORDS}


def plain_negation(word: str) -> str:
    """Returns a mistyped negation as it is spelt, and any other word as it is."""
    return _misspelt_negations().get(word, word)


class Area(Enum):
    """Names the areas of a text, with the weight of each. A section has one area."""

    TEXT = ("text", 1)
    PROMPT = ("prompt", 6)  # the heading of a question, and what stands under it
    CHOICES = ("choices", 3)
    EXPLANATION = ("explanation", 1)

    @property
    def weight(self) -> int:
        return self.value[1]


@dataclass(frozen=True)
class Text:
    """Describes a part in the form that is compared.

    ``title`` holds the runs of three letters of the title, and ``turns`` the numbers and negations of the title, or of
    what a question asks. ``areas`` hold hashes of words and pairs of words. ``whole`` has all words in order, to
    recognise equal texts: without the explanation of a question.

    ``is_telling`` says that there are enough words for likeness to count. ``is_identifying`` says that an equal text
    is enough to show that two parts are the same, whatever their headings are.
    """

    title: frozenset[str]
    turns: tuple[str, ...]
    areas: Mapping[Area, frozenset[int]]
    whole: str
    is_telling: bool
    is_identifying: bool

    @cached_property
    def features(self) -> frozenset[int]:
        """Returns the features of all areas."""
        areas = [*self.areas.values()]
        return areas[0] if len(areas) == 1 else frozenset().union(*areas)

    @property
    def is_question(self) -> bool:
        return Area.TEXT not in self.areas


def text_of(title: str, source: str) -> Text:
    """Returns a section in the form that is compared."""
    text = body(source)
    whole = " ".join(text.split())
    is_telling = whole.count(" ") + 1 >= WORDS_THAT_TELL
    areas = {Area.TEXT: frozenset(features_of(text))}
    return Text(letters(title), tuple(turning_words(title)), areas, whole, is_telling, is_telling)


def features_of(text: str) -> set[int]:
    """Returns the hashes of the words of a text, and of its pairs of neighbouring words."""
    words = WORD.findall(text.casefold())
    features = {hash(word) for word in words if len(word) >= SHORTEST_WORD}
    features.update(hash(pair) for pair in pairwise(words))
    return features


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
    stripped = (word.strip('.,;:!?()[]“”"') for word in text.casefold().replace("’", "'").split())
    words = [plain_negation(word) for word in stripped]
    return [*NUMBER.findall(text), *(word for word in words if word in NEGATIONS)]


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Returns the share that two sets have in common, from 0 to 1."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


class Scale:
    """Weighs features by the number of texts of one document that have them."""

    def __init__(self, stored: Iterable[Text], incoming: Iterable[Text]) -> None:
        self.counts = _counted(stored) | _counted(incoming)  # of two counts, the higher
        self.sums: dict[frozenset[int], float] = {}  # of whole texts, which are compared with several others

    def likeness(self, first: Text, second: Text) -> float:
        """Returns how alike two parts are, from 0 to 1. Titles count where the texts have few features of their own."""
        turned = 1 if first.turns == second.turns else OTHER_NUMBER
        titles = overlap(first.title, second.title) * turned
        if first.is_question:
            score = self._likeness_of_questions(first, second) * turned + TITLE_BONUS * titles
            return round(min(1.0, score), 4)
        common, total = self._common_and_total(first.features, second.features)
        shared = 1.0 if first.whole == second.whole else self._share(common, total)
        trust = min(1.0, (total - common) / ENOUGH)
        score = trust * shared + (1 - trust) * titles + TITLE_BONUS * titles
        return round(min(1.0, score), 4)  # rounded, so that the order of the sum does not matter

    def _likeness_of_questions(self, first: Text, second: Text) -> float:
        """Returns how alike two questions are, from 0 to 1.

        Their areas count by their weights. An area that neither question has does not count.
        """
        areas = first.areas.keys() | second.areas.keys()
        total = sum(area.weight for area in areas)
        nothing: frozenset[int] = frozenset()
        score = sum(
            area.weight * self._common(first.areas.get(area, nothing), second.areas.get(area, nothing))
            for area in areas
        )
        return score / total if total else 0.0

    def likeness_of_prompts(self, first: Text, second: Text) -> float:
        """Returns how much the headings and prompts of two questions have in common, from 0 to 1."""
        nothing: frozenset[int] = frozenset()
        return self._common(*(text.areas.get(Area.PROMPT, nothing) for text in (first, second)))

    def _common(self, first: frozenset[int], second: frozenset[int]) -> float:
        """Returns the share of features that two sets have in common, each by its weight."""
        return self._share(*self._common_and_total(first, second))

    def _common_and_total(self, first: frozenset[int], second: frozenset[int]) -> tuple[float, float]:
        """Returns the weight of the features that two sets have in common, and the weights of both together."""
        common = self._sum(first) if first == second else self._added_up(first & second)
        return common, self._sum(first) + self._sum(second)

    @staticmethod
    def _share(common: float, total: float) -> float:
        return 2 * common / total if total else 0.0

    def part_of(self, small: Text, large: Text) -> float:
        """Returns the share of a text that another text contains, from 0 to 1; 0 where it has too few features."""
        total = self._sum(small.features)
        if total < ENOUGH:
            return 0.0
        return round(self._added_up(small.features & large.features) / total, 4)

    def own_share(self, text: Text) -> float:
        """Returns how much of a text is its own, from 0 to 1: 1/n if n parts have each of its features."""
        return self._sum(text.features) / len(text.features) if text.features else 0.0

    def _sum(self, features: frozenset[int]) -> float:
        """Returns the weight of all features of a text, and keeps it."""
        if (weight := self.sums.get(features)) is None:
            weight = self.sums[features] = self._added_up(features)
        return weight

    def _added_up(self, features: frozenset[int]) -> float:
        get = self.counts.get
        return sum([1 / get(feature, 1) for feature in features])


def is_denied(first: Text, second: Text) -> bool:
    """Checks whether one of two questions denies what the other says."""
    before, after = (sum(word in NEGATIONS for word in text.turns) for text in (first, second))
    return before != after


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
