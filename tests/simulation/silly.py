"""Finds the questions of a plan that nobody should have been asked. bench/README.md has the rule in words.

The rule looks at texts alone, and shares nothing with the code that it judges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from modules.authoring.plan import Ambiguity, Candidate, Plan

from .rows import Rows

Measure = Callable[[str, str], bool]  # checks whether two texts are the same

NEEDLESS = "the texts are equal, and nothing else is like them"
BASELESS = "the texts share nothing, not even their place"
# Share of the telling words of the shorter text, below which two parts share nothing. Raised, more questions are silly.
SHARED = 0.1
ALIKE = 0.4  # of the letters of two choices, likewise
LONG_ENOUGH = 5  # words of a text that is recognised whatever its heading is
TELLING = 4  # letters of a word that tells something

MARKS = re.compile(r"[`*_~\"“”„‘’'«»‹›\\]")
LABEL = re.compile(r"\s*\(?[a-h1-9][.)]\s+")
NUMBER = re.compile(r"(\d+)[.,]0+(?!\d)")
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")
STOPS = frozenset(".,;:!?")
HEADING = re.compile(r"\ufeff?\s*(?:#{1,6} [^\n]*|[^\n]+\n[-=]+[ \t]*)(?:\n|\Z)")


def silly_questions(plan: Plan, before: Rows) -> Iterator[tuple[Ambiguity, str]]:
    """Yields each open ambiguity that is silly, with the reason."""
    for ambiguity in plan.open_ambiguities:
        if ambiguity.kind not in ("section", "question", "choice"):
            continue  # one question about a whole document
        if _is_needless(ambiguity, _incoming_texts(ambiguity, plan)):
            yield ambiguity, NEEDLESS
        elif _is_baseless(ambiguity, plan, before):
            yield ambiguity, BASELESS


def as_text(ambiguity: Ambiguity, reason: str) -> str:
    """Returns a question in one line, with the reason if it is silly."""
    candidates = " or ".join(repr(candidate.text[:200]) for candidate in ambiguity.candidates)
    return f"{ambiguity.kind} {ambiguity.text[:200]!r} could be {candidates}{reason and f': silly, {reason}'}"


def _incoming_texts(ambiguity: Ambiguity, plan: Plan) -> list[str]:
    """Returns the texts of all incoming parts with which this one competes, itself among them."""
    if ambiguity.kind == "section":
        return [section.source for section in plan.document.sections]
    questions = plan.document.quiz.questions if plan.document.quiz else ()
    if ambiguity.kind == "question":
        return [question.source for question in questions]
    _kind, identity, _key = ambiguity.key.split(":", 2)
    return [
        choice.text for question in questions if question.identity == identity for choice in question.choices
    ]


# ----------------------------------------------------------------------------------------- needless questions


def _is_needless(ambiguity: Ambiguity, incoming: Sequence[str]) -> bool:
    """Checks whether one candidate says the same, and no other candidate or incoming part does so in other words."""
    candidates = [candidate.text for candidate in ambiguity.candidates]
    return any(
        _is_the_only_pair(ambiguity.text, candidates, incoming, is_same) for is_same in _measures(ambiguity)
    )


def _measures(ambiguity: Ambiguity) -> Iterator[Measure]:
    """Yields the ways in which texts are compared, the strictest first."""
    yield _is_literally_the_same
    yield says_the_same
    if ambiguity.kind == "section" and len(words_of(_body(ambiguity.text))) >= LONG_ENOUGH:
        yield lambda first, second: says_the_same(_body(first), _body(second))


def _is_the_only_pair(
    text: str, candidates: Sequence[str], incoming: Sequence[str], is_same: Measure
) -> bool:
    same = {candidate for candidate in candidates if is_same(text, candidate)}  # copies count once
    return len(same) == 1 and len({other for other in incoming if is_same(text, other)}) == 1


def _is_literally_the_same(first: str, second: str) -> bool:
    return first.split() == second.split()


def says_the_same(first: str, second: str) -> bool:
    """Checks whether two texts differ only in marks, quotes, case, stops, a label, spaces, decimals, or one slip."""
    before, after = words_of(first), words_of(second)
    if len(before) != len(after):
        return False
    others = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    return not others or (len(others) == 1 and _is_slip(*others[0]))


def words_of(text: str) -> list[str]:
    """Returns the words, numbers and signs of a text, without those that only give it a form."""
    plain = NUMBER.sub(r"\1", LABEL.sub("", MARKS.sub("", text.casefold()), count=1))
    return [word for word in WORD.findall(plain) if word not in STOPS]


def _is_slip(first: str, second: str) -> bool:
    """Checks whether a longer word has a letter too few, a letter too many, or two neighbours swapped."""
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < TELLING or not (first.isalpha() and second.isalpha()) or first[0] != second[0]:
        return False
    if len(longer) == len(shorter) + 1:
        return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
    return any(
        first[:place] + first[place + 1 : place + 2] + first[place] + first[place + 2 :] == second
        for place in range(len(first) - 1)
    )


def _body(source: str) -> str:
    return HEADING.sub("", source, count=1)


# ----------------------------------------------------------------------------------------- baseless questions


def _is_baseless(ambiguity: Ambiguity, plan: Plan, before: Rows) -> bool:
    if ambiguity.kind == "choice":
        return not any(_may_be_the_choice(ambiguity, candidate, plan) for candidate in ambiguity.candidates)
    return not any(
        _shares_words(ambiguity.text, candidate.text) or _has_its_place(ambiguity, candidate, plan, before)
        for candidate in ambiguity.candidates
    )


def _may_be_the_choice(ambiguity: Ambiguity, candidate: Candidate, plan: Plan) -> bool:
    """Checks whether two choices have letters in common, or marks depend on whether they are the same."""
    if candidate.is_right or _is_right(ambiguity, plan):
        return True
    texts = [" ".join(words_of(text)) for text in (ambiguity.text, candidate.text)]
    return SequenceMatcher(None, *texts, autojunk=False).ratio() >= ALIKE


def _is_right(ambiguity: Ambiguity, plan: Plan) -> bool:
    questions = plan.document.quiz.questions if plan.document.quiz else ()
    _kind, identity, key = ambiguity.key.split(":", 2)
    return any(
        choice.right
        for question in questions
        for choice in question.choices
        if (question.identity, choice.key) == (identity, key)
    )


def _shares_words(first: str, second: str) -> bool:
    telling = [{word for word in words_of(text) if _tells(word)} for text in (first, second)]
    fewest = min(map(len, telling))
    return fewest > 0 and len(telling[0] & telling[1]) >= SHARED * fewest


def _tells(word: str) -> bool:
    return len(word) >= TELLING or word.isdigit()


def _has_its_place(ambiguity: Ambiguity, candidate: Candidate, plan: Plan, before: Rows) -> bool:
    """Checks whether a part comes between the partners of the parts around its candidate."""
    is_section = ambiguity.kind == "section"
    active = before.active_sections if is_section else before.active_questions
    places = {row.pk: place for place, row in enumerate(active)}
    place = places.get(int(candidate.key))
    if place is None:
        return False
    kept = plan.kept.sections if is_section else plan.kept.question_rows
    first, last = _places_around(_identity(ambiguity), _identities(ambiguity, plan), kept, places)
    return first < place < last


def _places_around(
    identity: str, identities: Sequence[str], kept: Mapping[str, int], places: Mapping[int, int]
) -> tuple[int, int]:
    """Returns the places, in the stored document, of the nearest paired parts before and after an incoming one."""
    here = identities.index(identity)
    earlier = _stored_places(reversed(identities[:here]), kept, places)
    later = _stored_places(identities[here + 1 :], kept, places)
    return next(earlier, -1), next(later, len(places))


def _stored_places(
    identities: Iterable[str], kept: Mapping[str, int], places: Mapping[int, int]
) -> Iterator[int]:
    return (places[kept[identity]] for identity in identities if kept.get(identity) in places)


def _identity(ambiguity: Ambiguity) -> str:
    return ambiguity.key.split(":", 1)[1]


def _identities(ambiguity: Ambiguity, plan: Plan) -> list[str]:
    questions = plan.document.quiz.questions if plan.document.quiz else ()
    return [part.identity for part in (plan.document.sections if ambiguity.kind == "section" else questions)]
