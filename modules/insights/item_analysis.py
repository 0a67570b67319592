"""Computes how well each question of a quiz works, from answers that come one after the other.

Nothing here asks the database. The memory of a tally depends on its choices, not on the number of learners.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist
from typing import Any

QUARTERS = 4
STEPS = 200  # of the rest score; learners on one step share a quarter, so more steps separate closer scores
MOST_TEXTS = 1000  # different wrong texts that are counted for one question; more take more memory
MOST_TEXTS_KEPT = 20  # of them in stored figures, which need not hold what one person typed
SMALLEST_VARIANCE = 1e-12  # below this, all values are the same but for rounding


@dataclass(frozen=True, slots=True)
class Choice:
    """Names a choice of a question, as its current key judges it."""

    key: str
    text: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds an answer in one attempt.

    ``score`` is the share of the points that it earned, from 0 to 1. ``rest`` is the same share over all other
    questions of the attempt, or ``None`` if there are no others. ``chosen`` has the keys of choices, or one text.
    """

    score: float
    rest: float | None
    chosen: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """Holds who chose a choice: how many, their rest scores, and how many in each quarter, the lowest first."""

    choice: Choice
    times: int
    mean_rest: float | None
    variance: float | None
    by_quarter: Sequence[int]


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """Holds the figures of one question.

    ``facility`` is the mean score. ``interval`` is the 95 % interval of the share with full marks, after Wilson.
    ``discrimination`` is the correlation of the score with the rest score, or ``None`` where one of them never varies.
    ``wrong`` is the most frequent wrong answer with its number. ``quarters`` has the learners in each quarter.
    ``rest_mean`` and ``rest_variance`` are of the rest scores of all.
    """

    attempts: int
    facility: float | None
    full: int
    interval: tuple[float, float] | None
    discrimination: float | None
    unanswered: int
    is_single: bool
    choices: Sequence[ChoiceFigures]
    quarters: Sequence[int]
    wrong: tuple[str, int] | None
    rest_mean: float | None = None
    rest_variance: float | None = None

    @property
    def full_share(self) -> float:
        """Returns the share with full marks."""
        return self.full / self.attempts if self.attempts else 0.0


def wilson(times: int, total: int, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Returns the interval of a share after Wilson, or ``None`` without any observation."""
    if not total:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, scale = times / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z / scale * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(slots=True)
class _Moments:
    """Sums up pairs of values, as Welford does, so that rounding does not add up."""

    count: int = 0
    mean_x: float = 0.0
    mean_y: float = 0.0
    squares_x: float = 0.0
    squares_y: float = 0.0
    products: float = 0.0

    def add(self, x: float, y: float) -> None:
        self.count += 1
        from_x, from_y = x - self.mean_x, y - self.mean_y
        self.mean_x += from_x / self.count
        self.mean_y += from_y / self.count
        self.squares_x += from_x * (x - self.mean_x)
        self.squares_y += from_y * (y - self.mean_y)
        self.products += from_x * (y - self.mean_y)

    def as_list(self) -> list[float]:
        return [self.count, self.mean_x, self.mean_y, self.squares_x, self.squares_y, self.products]

    @classmethod
    def from_list(cls, values: Sequence[float]) -> _Moments:
        return cls(int(values[0]), *values[1:])

    @property
    def correlation(self) -> float | None:
        smallest = SMALLEST_VARIANCE * self.count
        if self.count < 2 or self.squares_x <= smallest or self.squares_y <= smallest:
            return None
        return max(-1.0, min(1.0, self.products / sqrt(self.squares_x * self.squares_y)))

    @property
    def variance_y(self) -> float | None:
        return self.squares_y / (self.count - 1) if self.count > 1 else None


@dataclass(slots=True)
class Tally:
    """Counts the answers to one question. A question without ``choices`` takes texts."""

    choices: Sequence[Choice] = ()
    is_single: bool = True
    _attempts: int = 0
    _full: int = 0
    _unanswered: int = 0
    _score: float = 0.0
    _pairs: _Moments = field(default_factory=_Moments)
    _times: Counter[str] = field(default_factory=Counter)
    _rests: defaultdict[str, _Moments] = field(default_factory=lambda: defaultdict(_Moments))
    _steps: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _on_step: Counter[int] = field(default_factory=Counter)

    def add(self, answer: Answer) -> None:
        self._attempts += 1
        self._full += answer.score >= 1
        self._unanswered += not answer.chosen
        self._score += answer.score
        self._count_chosen(answer)
        if answer.rest is not None:
            self._place(answer, answer.rest)

    def _count_chosen(self, answer: Answer) -> None:
        if self.choices:
            self._times.update(answer.chosen)
            return
        for text in answer.chosen[:1] if answer.score < 1 else ():
            if text in self._times or len(self._times) < MOST_TEXTS:
                self._times[text] += 1

    def _place(self, answer: Answer, rest: float) -> None:
        self._pairs.add(answer.score, rest)
        step = round(rest * STEPS)
        self._on_step[step] += 1
        for key in answer.chosen if self.choices else ():
            self._rests[key].add(0.0, rest)
            self._steps[step][key] += 1

    def as_json(self) -> dict[str, Any]:
        """Returns the counts as values that JSON has, for :meth:`from_json`. Of texts, it keeps the most frequent."""
        texts = None if self.choices else MOST_TEXTS_KEPT
        return {
            "attempts": self._attempts,
            "full": self._full,
            "unanswered": self._unanswered,
            "score": self._score,
            "pairs": self._pairs.as_list(),
            "times": self._times.most_common(
                texts
            ),  # in their order, which a database may change in a mapping
            "rests": {key: moments.as_list() for key, moments in self._rests.items()},
            "steps": {str(step): dict(counts) for step, counts in self._steps.items()},
            "on_step": {str(step): count for step, count in self._on_step.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], choices: Sequence[Choice], *, is_single: bool) -> Tally:
        """Returns the tally that :meth:`as_json` wrote. ``choices`` are those that it counted."""
        tally = cls(choices, is_single)
        tally._attempts, tally._full = stored["attempts"], stored["full"]
        tally._unanswered, tally._score = stored["unanswered"], stored["score"]
        tally._pairs = _Moments.from_list(stored["pairs"])
        tally._times.update(dict(stored["times"]))
        tally._rests.update({key: _Moments.from_list(values) for key, values in stored["rests"].items()})
        tally._steps.update({int(step): Counter(counts) for step, counts in stored["steps"].items()})
        tally._on_step.update({int(step): count for step, count in stored["on_step"].items()})
        return tally

    def analysis(self) -> ItemAnalysis:
        quarter_of = _quarters(self._on_step)
        sizes = [0] * QUARTERS
        for step, count in self._on_step.items():
            sizes[quarter_of[step]] += count
        figures = [self._figures_of(choice, quarter_of) for choice in self.choices]
        return ItemAnalysis(
            attempts=self._attempts,
            facility=self._score / self._attempts if self._attempts else None,
            full=self._full,
            interval=wilson(self._full, self._attempts),
            discrimination=self._pairs.correlation,
            unanswered=self._unanswered,
            is_single=bool(self.choices) and self.is_single,
            choices=figures,
            quarters=sizes,
            wrong=self._most_frequent_wrong(figures),
            rest_mean=self._pairs.mean_y if self._pairs.count else None,
            rest_variance=self._pairs.variance_y,
        )

    def _figures_of(self, choice: Choice, quarter_of: dict[int, int]) -> ChoiceFigures:
        rests, by_quarter = self._rests[choice.key], [0] * QUARTERS
        for step, counts in self._steps.items():
            by_quarter[quarter_of[step]] += counts[choice.key]
        mean = rests.mean_y if rests.count else None
        return ChoiceFigures(choice, self._times[choice.key], mean, rests.variance_y, by_quarter)

    def _most_frequent_wrong(self, figures: Iterable[ChoiceFigures]) -> tuple[str, int] | None:
        if self.choices:
            wrong = [
                (each.choice.text, each.times) for each in figures if not each.choice.is_right and each.times
            ]
        else:
            wrong = list(self._times.items())
        return max(wrong, key=lambda each: each[1], default=None)


def _quarters(on_step: Counter[int]) -> dict[int, int]:
    """Returns the quarter of each step of the rest score, so that equal scores are never separated."""
    total, below, quarters = on_step.total(), 0, {}
    for step in sorted(on_step):
        middle = below + on_step[step] / 2
        quarters[step] = min(QUARTERS - 1, int(QUARTERS * middle / total))
        below += on_step[step]
    return quarters
