"""Reads questions with their choices on the same line: ``1. Soal? A. Na B. N C. Ne``."""

from __future__ import annotations

from collections.abc import Sequence

from modules.document.convert.answers import read_tail, right_places
from modules.document.convert.blocks import Context
from modules.document.convert.choices import Choice, choices_of
from modules.document.convert.keys import Key, keys
from modules.document.convert.lettered import NOTATION
from modules.document.convert.lines import Lines
from modules.document.convert.readings import Part, Reading, foreign_choices, no_answer
from modules.document.convert.stems import number_of, unbolded, without_number
from modules.document.convert.ticks import right_by_signs
from modules.document.convert.word_choices import places_on_line
from modules.document.convert.writing import ForeignQuestion


def read(lines: Lines) -> Part:
    """Returns the questions of this kind that have an answer, or a number in a part that is called a quiz."""
    places = [place for place in range(lines.matter.lines, len(lines)) if _may_hold(lines, place)]
    found_keys = list(keys(lines)) if places else []
    context, readings = Context(lines), list[Reading]()
    for place in places:
        lines.deadline.check()
        reading = _reading(lines, place, found_keys, context)
        readings += [reading] if reading else []
    return Part(
        tuple(readings), answered=tuple(key.start for key in found_keys for _question in range(key.given))
    )


def _may_hold(lines: Lines, place: int) -> bool:
    line = lines.all[place]
    is_text = lines.shown[place] and not lines.levels[place] and "|" not in line and "`" not in line
    return is_text and not choices_of(line, place) and bool(places_on_line(line))


def _reading(lines: Lines, place: int, found_keys: Sequence[Key], context: Context) -> Reading | None:
    line = lines.all[place]
    cuts = places_on_line(line)
    parts = [line[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(line)], strict=True)]
    choices = [choice for part in parts for choice in choices_of(part, place)]
    if len(choices) != len(parts) or right_by_signs(choices):
        return None  # a sign is not taken off choices on one line
    right, reason, end = _answer(lines, place, choices, found_keys)
    if not right and not (number_of(line) and context.is_in_quiz(place)):
        return None
    question = ForeignQuestion(
        unbolded(without_number(line[: cuts[0]]).strip()),
        kind="multiple" if len(right) > 1 else "single",
        choices=foreign_choices(choices, right),
        explanation=reason,
    )
    return Reading(
        NOTATION, place, end, question, () if right else (no_answer(place + 1),), shows_key=bool(right)
    )


def _answer(
    lines: Lines, place: int, choices: Sequence[Choice], found_keys: Sequence[Key]
) -> tuple[set[int], str, int]:
    """Returns the positions of the right choices, an explanation, and the line after the question."""
    tail = read_tail(lines, place + 1)
    if tail.has_answer:
        right, reason = right_places(tail.answer, choices)
        return right, "\n".join([reason, *tail.reason]).strip("\n"), tail.end
    key = next((key for key in found_keys if key.start > place), None)
    letter = key.letters.get(number_of(lines.all[place]), "") if key else ""
    right = {ord(letter) - ord("A")} & set(range(len(choices))) if letter else set[int]()
    reason = key.reasons.get(number_of(lines.all[place]), "") if key and right else ""
    if key and right:
        key.given += 1
    return right, reason, place + 1
