"""Matches the choices of a question with those of its earlier text, so that an answer never moves to another choice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from modules.document.compare.likeness import turning_words
from modules.document.compare.plain_choices import (
    is_misspelt_prose,
    plain_form,
    says_the_same,
    with_same_label,
    without_label,
    without_labels,
    without_remark,
)
from modules.document.compare.typos import is_misspelt, signs_and_words
from modules.document.syntax.values import Choice

# Likeness, from 0 to 1, from which one choice may be the other, reworded. Raised, reworded choices count as new ones
# without a question to the author; lowered, the author is asked about choices that have little in common.
POSSIBLE = 0.5
# The same for two choices that differ in a number or a negation, and for a choice that is no longer in the document.
CLOSE = 0.75
# Pairs of an earlier and a new choice of one question that are compared by their letters. Of more, only equal choices
# keep their keys; raised, the plan of a quiz with long lists of choices takes longer.
MOST_PAIRS = 400
# Choices without a partner, on each side, of which the right one may be reworded together with others. Raised, authors
# are asked about questions that got other choices.
MOST_REWORDED = 3
MOST_LETTERS = 500  # of a choice that are compared; raised, long choices take longer
IMAGE = re.compile(r'<img[^>]* src="([^"]*)"')

# What is compared next of earlier and of incoming choices. A remark in brackets may come or go.
REMARKS: tuple[tuple[Callable[[str], str], Callable[[str], str]], ...] = (
    (str, str),
    (str, without_remark),
    (without_remark, str),
)


@dataclass
class Choices:
    """Holds, by the key of each incoming choice, the earlier key that it keeps or the earlier keys that it may keep."""

    kept: dict[str, str] = field(default_factory=dict)
    ambiguities: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match_choices(
    old: Mapping[str, str],
    new: Mapping[str, str],
    decisions: Mapping[str, str] | None = None,
    *,
    active: Sequence[str] | None = None,
    right: Collection[str] = (),
    former: Mapping[str, Collection[str]] | None = None,
    is_translated: bool = False,
) -> Choices:
    """Matches choices, given by their keys as :func:`comparable_text`. ``old`` has every choice of all earlier texts.

    Equal words make the same choice, first among the ``active`` keys, which are in the order of the question. So do
    words that only one of them had earlier, which ``former`` has by their keys, and misspelt words. If no other choice
    competes, so do words that differ only in their looks (:func:`modules.document.compare.plain_choices.plain_form`).
    Other choices that are alike are an ambiguity. ``right`` has the keys of right choices, old and new. If a right
    choice is replaced, alone or with a few others, that is an ambiguity, too, even if they have nothing in common.
    The rest of a translated question is paired in its order. ``decisions`` has, by the key of an incoming choice, the
    earlier key, or ``""`` for a new choice.
    """
    result = _decided(old, new, decisions or {})
    incoming = {key: text for key, text in new.items() if key not in (decisions or {})}
    now = dict(old) if active is None else {key: old[key] for key in active if key in old}
    for texts in (now, old):  # active choices go before archived ones
        for form_of in (str, _words):
            _keep_equal(result, texts, incoming, form_of, in_order=True)
    _keep_returned(result, former or {}, incoming)
    _keep_plain(result, now, old, incoming)
    if is_translated:
        _keep_in_order(result, now, incoming, right)
    if _count_unmatched(result, old, incoming) > MOST_PAIRS:
        return result
    _keep_sure(result, old, incoming, right)
    _add_ambiguities(result, old, incoming, now)
    _add_lone_ambiguity(result, now, incoming, right)
    _add_right_ambiguities(result, now, incoming, right)
    return result


def _decided(old: Mapping[str, str], new: Mapping[str, str], decisions: Mapping[str, str]) -> Choices:
    """Returns the choices that a person has paired. Each earlier choice goes to the first that asks for it."""
    result = Choices()
    for key, earlier in decisions.items():
        if key in new and earlier in old and earlier not in result.kept.values():
            result.kept[key] = earlier
    return result


def _keep_equal(
    result: Choices,
    old: Mapping[str, str],
    new: Mapping[str, str],
    form_of: Callable[[str], Hashable],
    *,
    in_order: bool = False,
) -> None:
    """Keeps choices of an equal form. Among several, the one whose key is made of these words goes first.

    With ``in_order``, as many copies as before are paired in their order.
    """
    taken = set(result.kept.values())
    earlier = _by_form({key: text for key, text in old.items() if key not in taken}, form_of)
    free = {key: text for key, text in new.items() if key not in result.kept}
    for form, keys in _by_form(free, form_of).items():
        earlier_keys = earlier.get(form, [])
        same = {*keys} & {*earlier_keys}
        result.kept |= {key: key for key in same}
        new_rest = [key for key in keys if key not in same]
        old_rest = [key for key in earlier_keys if key not in same]
        if form and len(new_rest) == len(old_rest) and (in_order or len(new_rest) == 1):
            result.kept |= dict(zip(new_rest, old_rest, strict=True))


def _keep_returned(result: Choices, former: Mapping[str, Collection[str]], new: Mapping[str, str]) -> None:
    """Keeps choices that return to words which only one earlier choice without a partner had."""
    taken = {*result.kept.values()}
    owners: dict[str, set[str]] = {}
    for earlier, texts in former.items():
        for text in texts:
            owners.setdefault(text, set()).update(set() if earlier in taken else {earlier})
    free = {key: text for key, text in new.items() if key not in result.kept}
    for words, keys in _by_form(free, str).items():
        earlier_keys = owners.get(str(words), set())
        if len(keys) == len(earlier_keys) == 1 and not earlier_keys & {*result.kept.values()}:
            result.kept[keys[0]] = next(iter(earlier_keys))


def _words(text: str) -> tuple[str, ...]:
    return tuple(signs_and_words(text))


def _keep_plain(
    result: Choices, active: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> None:
    """Keeps choices of an equal plain form where none competes, if they say the same."""
    coming = without_labels(new)
    bare = without_labels(old) | without_labels(active)
    for form_of_old, form_of_new in REMARKS:
        for earlier in (active, old):
            trial = Choices({**result.kept})
            _keep_equal(
                trial,
                {key: form_of_old(bare[key]) for key in earlier},
                {key: form_of_new(text) for key, text in coming.items()},
                plain_form,
            )
            result.kept |= {
                key: before
                for key, before in trial.kept.items()
                if key in result.kept
                or says_the_same(form_of_old(bare[before]), form_of_new(coming[key]))
                or _differs_in_label(form_of_old(earlier[before]), form_of_new(new[key]))
            }


def _differs_in_label(old: str, new: str) -> bool:
    """Checks whether two choices say the same behind the same letter, which only one of them has as a capital."""
    return with_same_label(old, new) and says_the_same(without_label(old), without_label(new))


def _by_form(texts: Mapping[str, str], form_of: Callable[[str], Hashable]) -> dict[Hashable, list[str]]:
    grouped: dict[Hashable, list[str]] = {}
    for key, text in texts.items():
        grouped.setdefault(form_of(text), []).append(key)
    return grouped


def _keep_in_order(
    result: Choices, old: Mapping[str, str], new: Mapping[str, str], right: Collection[str]
) -> None:
    """Pairs the choices of a translated question in their order, if the same ones are right."""
    taken = {*result.kept.values()}
    earlier = [key for key in old if key not in taken]
    coming = [key for key in new if key not in result.kept]
    if [key in right for key in earlier] == [key in right for key in coming]:
        result.kept |= dict(zip(coming, earlier, strict=True))


def _keep_sure(
    result: Choices, old: Mapping[str, str], new: Mapping[str, str], right: Collection[str]
) -> None:
    """Keeps misspelt choices and those that return to their first words, unless two choices qualify.

    A key is made of the first words of its choice, which may have other words by now. A mistyped word in prose that
    is marked as code may be what makes a choice wrong. So both of these choices are right, or both are wrong.
    """
    before, after = without_labels(old), without_labels(new)
    pairs, in_prose = [], []
    for key, earlier in _unmatched(result, old, new):
        if _is_sure((key, earlier), old, new) or is_misspelt(before[earlier], after[key]):
            pairs.append((key, earlier))
        elif is_misspelt_prose(before[earlier], after[key]):
            in_prose.append((key, earlier))
    for key, earlier in [*pairs, *in_prose]:
        competing = sum(key == other or earlier == other_earlier for other, other_earlier in pairs + in_prose)
        if competing == 1 and ((key, earlier) in pairs or (key in right) == (earlier in right)):
            result.kept[key] = earlier


def _count_unmatched(result: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> int:
    """Returns the number of pairs that :func:`_unmatched` has."""
    return len(new.keys() - result.kept.keys()) * len(old.keys() - {*result.kept.values()})


def _unmatched(result: Choices, old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns all pairs of an incoming and an earlier key without a partner."""
    taken = set(result.kept.values())
    return [
        (key, earlier) for key in new if key not in result.kept for earlier in old if earlier not in taken
    ]


def _is_sure(pair: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    key, earlier = pair
    return key == earlier or is_misspelt(old[earlier], new[key])


def _add_ambiguities(
    result: Choices, old: Mapping[str, str], new: Mapping[str, str], active: Collection[str]
) -> None:
    candidates: dict[str, list[tuple[float, str]]] = {}
    for key, earlier in _unmatched(result, old, new):
        is_alike = _is_sure((key, earlier), old, new) or _has_plain_form_of(old[earlier], new[key])
        score = 1.0 if is_alike else _likeness(old[earlier], new[key])
        if score >= (POSSIBLE if earlier in active else CLOSE):
            candidates.setdefault(key, []).append((-score, earlier))
    result.ambiguities = {
        key: tuple(earlier for _score, earlier in sorted(scored)) for key, scored in candidates.items()
    }


def _has_plain_form_of(old: str, new: str) -> bool:
    form = plain_form(new)
    return bool(form) and plain_form(old) == form


def _likeness(old: str, new: str) -> float:
    """Returns how alike two choices read, from 0 to 1; less if a number or a negation differs."""
    ratio = _ratio(old, new)
    if ratio < POSSIBLE:
        return 0.0
    if turning_words(old) == turning_words(new):
        return ratio
    return POSSIBLE if ratio >= CLOSE else 0.0


def _ratio(old: str, new: str) -> float:
    """Returns the share of letters that two choices have in common, in order; 0 if it is low.

    Letters that happen to be in both are found from one side, and often not from the other. So the lower share counts.
    """
    before, after = old.casefold()[:MOST_LETTERS], new.casefold()[:MOST_LETTERS]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < POSSIBLE:  # none is less than the ratio
        return 0.0
    ratio = matcher.ratio()
    if ratio < POSSIBLE:
        return ratio
    return min(ratio, SequenceMatcher(None, after, before, autojunk=False).ratio())


def _add_lone_ambiguity(
    result: Choices, old: Mapping[str, str], new: Mapping[str, str], right: Collection[str]
) -> None:
    """Adds an ambiguity if only one choice was replaced and marks depend on whether it is the same one."""
    pairs = _unmatched(result, old, new)
    if len(pairs) == 1 and {*pairs[0]} & {*right}:
        key, earlier = pairs[0]
        result.ambiguities.setdefault(key, (earlier,))


def _add_right_ambiguities(
    result: Choices, old: Mapping[str, str], new: Mapping[str, str], right: Collection[str]
) -> None:
    """Adds an ambiguity for each choice that was replaced together with a right one.

    Each of a few choices may be any of the earlier ones. Where all of more choices were replaced, each right one may be
    the one in its place, if the same places are right. Marks do not depend on which wrong one is which.
    """
    taken = {*result.kept.values()}
    earlier = [key for key in old if key not in taken]
    coming = [key for key in new if key not in result.kept]
    if not ({*earlier} & {*right} and {*coming} & {*right}):
        return
    if max(len(earlier), len(coming)) <= MOST_REWORDED:
        candidates = _ranked(earlier, coming, old, new, right)
    elif not result.kept and [key in right for key in earlier] == [key in right for key in coming]:
        candidates = {key: (other,) for key, other in zip(coming, earlier, strict=True) if key in right}
    else:
        return
    result.ambiguities = candidates | result.ambiguities


def _ranked(
    earlier: Sequence[str],
    coming: Sequence[str],
    old: Mapping[str, str],
    new: Mapping[str, str],
    right: Collection[str],
) -> dict[str, tuple[str, ...]]:
    """Returns, for each incoming key, the earlier keys: the one that reads most alike first."""
    places = {key: place for texts in (old, new) for place, key in enumerate(texts)}

    def distance(key: str, other: str) -> tuple[float, bool, int]:
        is_right_now = (other in right) != (key in right)
        return -_ratio(old[other], new[key]), is_right_now, abs(places[other] - places[key])

    return {key: tuple(sorted(earlier, key=lambda other: distance(key, other))) for key in coming}


def comparable_text(text: str, html: str) -> str:
    """Returns the text by which a choice is compared: words and images.

    It begins with a backtick if the choice has maths, and with two if it has code, where spaces count.
    """
    images = " ".join(IMAGE.findall(html))
    sign = "`` " if "<code" in html else "` " if "<math" in html else ""
    return f"{sign}{text} {images}".rstrip()


def with_kept_keys(choices: Sequence[Choice], kept: Mapping[str, str], used: Collection[str]) -> list[Choice]:
    """Returns the choices with the keys that they keep, and new ones with keys that the question never had."""
    keyed = []
    taken = {*used, *kept.values()}
    for choice in choices:
        key = kept.get(choice.key) or _fresh(choice.key, taken)
        taken.add(key)
        keyed.append(replace(choice, key=key))
    return keyed


def _fresh(key: str, taken: Collection[str]) -> str:
    while key in taken:
        key = hashlib.sha256(key.encode()).hexdigest()[: len(key)]
    return key
