"""Groups typed answers that grading compares as equal, so that one decision about the key meets all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from modules.document.syntax.numbers import as_typed, possible_values, quantity
from modules.models import QuestionVersion
from modules.quizzes.comparing import as_written, comparable, words_alone
from modules.quizzes.scoring import is_accepted
from modules.quizzes.typed_answers import difference


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Holds answers that compare equal: the most frequent spelling, all spellings with their numbers, and the sum.

    ``nearly`` says in what a wrong answer differs from an accepted one, if that is something small.
    """

    text: str
    spellings: list[tuple[str, int]]
    times: int
    is_right: bool
    nearly: str = ""


def groups_of(times: Mapping[str, int], key: QuestionVersion) -> list[AnswerGroup]:
    """Returns the groups of typed texts, the most frequent first. ``key`` is the version that judges them."""
    spelled: defaultdict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    for text, number in times.items():
        spelled[_group(text, key)].append((text, number))
    groups = [_answer_group(spellings, key) for spellings in spelled.values()]
    return sorted(groups, key=lambda group: (-group.times, group.text))


def _answer_group(spellings: list[tuple[str, int]], key: QuestionVersion) -> AnswerGroup:
    ordered = sorted(spellings, key=lambda each: (-each[1], each[0]))
    text = ordered[0][0]
    is_right = any(is_accepted(text, accepted, key.kind) for accepted in key.answers)
    nearly = "" if is_right else difference(text, key.answers)
    return AnswerGroup(text, ordered, sum(number for _text, number in ordered), is_right, nearly)


def _group(text: str, key: QuestionVersion) -> Hashable:
    """Returns the accepted answer that a text equals, by its place, else the form in which it is compared."""
    for place, accepted in enumerate(key.answers):
        if is_accepted(text, accepted, key.kind):
            return place
    return form_of(text, key)


def form_of(text: str, key: QuestionVersion) -> Hashable:
    """Returns the form in which a refused text is compared with accepted ones. Texts with one form are one group."""
    if key.kind == QuestionVersion.Kind.NUMERICAL and (written := quantity(as_typed(text), any_unit=True)):
        return possible_values(written.number), comparable(written.unit)
    if any(accepted.get("as_written") for accepted in key.answers):
        return as_written(text)
    return words_alone(text, case_counts=any(accepted.get("case") for accepted in key.answers))
