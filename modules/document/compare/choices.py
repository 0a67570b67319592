"""Which choice of a question is which choice of its earlier text, so that an answer never lands on another choice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from modules.document.compare.likeness import turning_words
from modules.document.compare.typos import is_misspelt, signs_and_words
from modules.document.syntax.values import Choice

POSSIBLE = 0.5  # so alike are two choices of which one may be the other, reworded
CLOSE = 0.75  # so alike are two that a number or a negation tells apart, and one that is gone to the one it may be


PICTURE = re.compile(r'<img[^>]* src="([^"]*)"')


@dataclass
class Choices:
    """What was found: by the key of a coming choice the key that it keeps, or the keys that it could keep."""

    kept: dict[str, str] = field(default_factory=dict)
    ambiguities: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match_choices(
    old: Mapping[str, str],
    new: Mapping[str, str],
    meant: Mapping[str, str] | None = None,
    *,
    active: Collection[str] | None = None,
    right: Collection[str] = (),
) -> Choices:
    """Match choices, given as what they say by their keys: in ``old`` the latest words of each that there ever was.

    Equal words are the same choice, first among those that are ``active``; so is one that is only misspelt. Whatever
    else is alike may be the same, reworded, or another choice: that is a doubt. ``right`` has keys of both sides; where
    a right choice alone gives way to another one, that is asked too, however little they have in common. ``meant``
    settles doubts: by the key of what comes, the key of what was, or ``""`` for a new choice.
    """
    found = Choices()
    for key, earlier in (meant or {}).items():
        if key in new and earlier in old and earlier not in found.kept.values():
            found.kept[key] = earlier
    coming = {key: text for key, text in new.items() if key not in (meant or {})}
    now = {key: text for key, text in old.items() if active is None or key in active}
    for texts in (now, old):  # what stands goes before what is gone
        _keep_equal(found, texts, coming)
    _keep_sure(found, old, coming)
    _add_ambiguity(found, old, coming, now)
    _add_lone_ambiguity(found, now, coming, right)
    return found


def _keep_equal(found: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Keep what says the same as one on the other side; of several, the one whose key is made of these very words."""
    taken = set(found.kept.values())
    before = _by_words({key: text for key, text in old.items() if key not in taken})
    for words, keys in _by_words({key: text for key, text in new.items() if key not in found.kept}).items():
        others = before.get(words, [])
        same = {*keys} & {*others}
        found.kept |= {key: key for key in same}
        mine, theirs = [[one for one in side if one not in same] for side in (keys, others)]
        if words and len(mine) == len(theirs) == 1:
            found.kept[mine[0]] = theirs[0]


def _by_words(texts: Mapping[str, str]) -> dict[tuple[str, ...], list[str]]:
    grouped: dict[tuple[str, ...], list[str]] = {}
    for key, text in texts.items():
        grouped.setdefault(tuple(signs_and_words(text)), []).append(key)
    return grouped


def _keep_sure(found: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Keep what is misspelt, and what returns to its first words; not where that could be said of two.

    A key is made of the first words of its choice, which may say something else by now.
    """
    pairs = [pair for pair in _open(found, old, new) if _is_sure(pair, old, new)]
    for key, earlier in pairs:
        if sum(key == one or earlier == other for one, other in pairs) == 1:
            found.kept[key] = earlier


def _is_sure(pair: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    key, earlier = pair
    return key == earlier or is_misspelt(old[earlier], new[key])


def _open(found: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of what has no partner yet."""
    taken = set(found.kept.values())
    return [(key, one) for key in new if key not in found.kept for one in old if one not in taken]


def _add_ambiguity(
    found: Choices, old: Mapping[str, str], new: Mapping[str, str], active: Collection[str]
) -> None:
    candidates: dict[str, list[tuple[float, str]]] = {}
    for key, earlier in _open(found, old, new):
        score = 1.0 if _is_sure((key, earlier), old, new) else _likeness(old[earlier], new[key])
        if score >= (POSSIBLE if earlier in active else CLOSE):
            candidates.setdefault(key, []).append((-score, earlier))
    found.ambiguities = {key: tuple(one for _score, one in sorted(some)) for key, some in candidates.items()}


def _likeness(one: str, other: str) -> float:
    """How alike two choices read, from 0 to 1; less where a number or a negation tells them apart."""
    ratio = SequenceMatcher(None, one.casefold()[:500], other.casefold()[:500], autojunk=False).ratio()
    if turning_words(one) == turning_words(other):
        return ratio
    return POSSIBLE if ratio >= CLOSE else 0.0


def _add_lone_ambiguity(
    found: Choices, old: Mapping[str, str], new: Mapping[str, str], right: Collection[str]
) -> None:
    """Ask where one choice alone stands instead of another, and grades hang on whether it is that one."""
    pairs = _open(found, old, new)
    if len(pairs) == 1 and {*pairs[0]} & {*right}:
        key, earlier = pairs[0]
        found.ambiguities.setdefault(key, (earlier,))


def said(text: str, html: str) -> str:
    """What a choice is compared by: its words and its pictures; behind a backtick where it is code or a formula."""
    images = " ".join(PICTURE.findall(html))
    mark = "` " if "<code" in html or "<math" in html else ""
    return f"{mark}{text} {images}".rstrip()


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
