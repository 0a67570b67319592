"""Which choice of a question is which choice of its earlier text, so that an answer never lands on another choice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from .assignment import assign
from .likeness import turning_words
from .values import Choice

SAME = 0.75  # so alike are two choices that say the same, where no other is nearly as alike
POSSIBLE = 0.5  # so alike are two choices of which one may be the other, reworded
MARGIN = 0.1


@dataclass
class Choices:
    """What was found: by the key of a coming choice the key that it keeps, or the keys that it could keep."""

    kept: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match_choices(
    old: Mapping[str, str], new: Mapping[str, str], meant: Mapping[str, str] | None = None
) -> Choices:
    """Match choices, given as their plain texts by their keys.

    Equal texts are the same choice; nearly equal ones too. Where only a number or a negation came or went it may be a
    mended typo or another choice: that is a doubt. ``meant`` settles doubts: by the key of what comes, the key of what
    was, or ``""`` for a new choice.
    """
    found = Choices()
    for key, earlier in (meant or {}).items():
        if key in new and earlier in old and earlier not in found.kept.values():
            found.kept[key] = earlier
    open_new = [key for key in new if key not in (meant or {})]
    _keep_equal(found, {key: key for key in old}, {key: key for key in open_new})
    _keep_equal(found, _plain_texts(old), _plain_texts({key: new[key] for key in open_new}))
    scores = _scores(found, old, new, open_new)
    for key, earlier in assign(scores).items():
        rivals = [score for pair, score in scores.items() if (pair[0] == key) != (pair[1] == earlier)]
        score = scores[key, earlier]
        if score >= SAME and all(score - rival >= MARGIN for rival in rivals):
            found.kept[key] = earlier
    _doubt(found, scores)
    return found


def _keep_equal(found: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Keep what has one equal on the other side; ``old`` and ``new`` give by its key what is compared of each."""
    for key, token in new.items():
        equal = [one for one in old if old[one] == token and one not in found.kept.values()]
        if token and key not in found.kept and len(equal) == 1:
            found.kept[key] = equal[0]


def _plain_texts(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: _plain(text) for key, text in texts.items()}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _scores(
    found: Choices, old: Mapping[str, str], new: Mapping[str, str], open_new: Sequence[str]
) -> dict[tuple[str, str], float]:
    scores = {}
    for key in open_new:
        for earlier, text in old.items():
            if key in found.kept or earlier in found.kept.values():
                continue
            score = _likeness(text, new[key])
            if score >= POSSIBLE:
                scores[key, earlier] = score
    return scores


def _likeness(one: str, other: str) -> float:
    """How alike two choices read, from 0 to 1; never sure where a number or a negation tells them apart."""
    ratio = SequenceMatcher(None, _plain(one)[:500], _plain(other)[:500], autojunk=False).ratio()
    if turning_words(one) == turning_words(other):
        return ratio
    return POSSIBLE if ratio >= SAME else 0.0


def _doubt(found: Choices, scores: Mapping[tuple[str, str], float]) -> None:
    candidates: dict[str, list[tuple[float, str]]] = {}
    for (key, earlier), score in scores.items():
        if key not in found.kept and earlier not in found.kept.values():
            candidates.setdefault(key, []).append((-score, earlier))
    found.doubts = {key: tuple(one for _score, one in sorted(some)) for key, some in candidates.items()}


def with_kept_keys(choices: Sequence[Choice], kept: Mapping[str, str], used: Collection[str]) -> list[Choice]:
    """The choices with the keys that they keep, and new ones with keys that the question never had."""
    given = []
    taken = {*used, *kept.values()}
    for choice in choices:
        key = kept.get(choice.key) or _fresh(choice.key, taken)
        taken.add(key)
        given.append(replace(choice, key=key))
    return given


def _fresh(key: str, taken: Collection[str]) -> str:
    while key in taken:
        key = hashlib.sha256(key.encode()).hexdigest()[: len(key)]
    return key
