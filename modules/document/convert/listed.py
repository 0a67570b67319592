"""Reads questions whose choices are a plain list, and whose answer below names a number or words: ``Jawaban: 2``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from modules.document.convert.answer_words import TAGS, answer_of
from modules.document.convert.answers import Tail, bare, read_tail, right_places
from modules.document.convert.blocks import Block, Context
from modules.document.convert.choices import BOX, Choice, Run
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Part, Reading, foreign_choices, no_answer
from modules.document.convert.stems import find_stem
from modules.document.convert.writing import ForeignQuestion

NOTATION = "lists"
ITEM = re.compile(r"[ \t]{0,3}(?:\(?(?P<number>\d{1,2})[.)]|[-*+•])[ \t]+(?P<words>\S.*)$")
LETTER = re.compile(r"\(?[A-Za-z][.)][ \t]")
JOIN = r"[ \t]*(?:[,;&/+]|dan|and)[ \t]*"
NUMBERS = re.compile(
    rf"[\s*_`(\[]*(?P<numbers>\d{{1,2}}(?:{JOIN}\d{{1,2}})*)(?![\w,])[)\]*_`]*[ \t]*[.:–—-]?[ \t]*(?P<rest>.*)$"
)
MOST_ITEMS = 30  # above an answer; raised, a text of many answers takes longer


def read(lines: Lines) -> Part:
    """Returns the questions of this kind."""
    readings: list[Reading] = []
    context, floor = Context(lines), lines.matter.lines
    for place in range(floor, len(lines)):
        is_text = place >= floor and lines.shown[place] and not lines.levels[place]
        if not is_text or not answer_of(TAGS.sub(" ", heading_words(lines.all[place]))):
            continue
        reading = _reading(lines, context, floor, place)
        readings += [reading] if reading else []
        floor = max(place + 1, reading.end if reading else 0)
    return Part(tuple(readings))


def _reading(lines: Lines, context: Context, floor: int, place: int) -> Reading | None:
    """Returns the question whose answer is on a line, or nothing if no list of choices stands above it."""
    choices = _choices(lines, floor, place)
    if len(choices) < 2:
        return None
    stem = find_stem(lines, floor, choices[0].place, 0)
    if stem is None or not (stem.title or stem.text):
        return None
    run = Run(choices[0].place, choices[-1].place + 1, choices)
    tail = read_tail(lines, run.end)
    block = Block(stem, run, tail, context.is_in_quiz(stem.start))
    if not tail.has_answer or not (block.is_asking or block.is_in_quiz):
        return None
    answered = _right(tail, choices)
    if answered is None:
        return None
    right, reason = answered
    return Reading(
        NOTATION,
        stem.start,
        tail.end,
        ForeignQuestion(
            stem.title,
            stem.text,
            kind="multiple" if len(right) > 1 else "single",
            choices=foreign_choices(choices, right),
            explanation="\n".join([reason, *tail.reason]).strip("\n"),
        ),
        () if right else (no_answer(block.line),),
    )


def _choices(lines: Lines, floor: int, place: int) -> list[Choice]:
    """Returns the items of the list that ends above a line, or nothing where they are no choices."""
    found: list[tuple[int, re.Match[str]]] = []
    above = place - 1
    while above >= floor and len(found) < MOST_ITEMS and lines.shown[above] and not lines.levels[above]:
        match = ITEM.match(lines.all[above])
        if match:
            found.insert(0, (above, match))
        if (match and match["number"] == "1") or not (match or lines.is_blank(above)):
            break
        above -= 1
    numbers = [match["number"] for _above, match in found]
    is_counted = numbers == [str(number) for number in range(1, len(found) + 1)]
    words = [match["words"].strip() for _above, match in found]
    is_foreign = any(BOX.match(text) or LETTER.match(text) or text.endswith("?") for text in words)
    if is_foreign or not (is_counted or not any(numbers)):
        return []
    return [Choice(line, 0, "", None, text) for (line, _match), text in zip(found, words, strict=True)]


def _right(tail: Tail, choices: Sequence[Choice]) -> tuple[set[int], str] | None:
    """Returns the positions of the right choices and the words left over, or nothing where no choice is named.

    An answer that names one choice by its number and another by its words is left to the author.
    """
    by_words, reason = right_places(tail.answer, choices)
    match = NUMBERS.match(tail.answer)
    numbers = {int(number) - 1 for number in re.findall(r"\d+", match["numbers"])} if match else set[int]()
    if not match or not numbers or not all(0 <= number < len(choices) for number in numbers):
        return (by_words, reason) if by_words else None
    if by_words and by_words != numbers:
        return set(), ""
    rest = match["rest"].strip()
    is_repeated = any(bare(rest) == bare(choices[number].text) for number in numbers)
    return numbers, "" if is_repeated else rest
