"""Reads questions without choices whose answer stands below them: ``Jawaban: rantai``. Only in a part called a quiz."""

from __future__ import annotations

import re

from modules.document.convert.answer_words import TAGS, answer_of
from modules.document.convert.answers import KEY, LETTERS, bare, read_tail
from modules.document.convert.blocks import Block, Context
from modules.document.convert.choices import Run, choices_of
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Part, Reading
from modules.document.convert.stems import find_stem
from modules.document.convert.writing import ForeignChoice, ForeignQuestion

NOTATION = "answers"
ITEM = re.compile(r"[ \t]*(?:[-*+•]|\(?\d{1,2}[.)])[ \t]")
LONGEST = 80  # characters that a learner can be asked to type; a longer answer stays an essay
PAIRS = (("benar", "salah"), ("betul", "salah"), ("true", "false"), ("ya", "tidak"), ("yes", "no"))


def read(lines: Lines) -> Part:
    """Returns the questions of this kind."""
    readings: list[Reading] = []
    context, floor, number = Context(lines), lines.matter.lines, 0
    for place in range(floor, len(lines)):
        is_text = place >= floor and lines.shown[place] and not lines.levels[place]
        answer = answer_of(TAGS.sub(" ", heading_words(lines.all[place]))) if is_text else None
        if not answer:
            continue
        found = _reading(lines, context, floor, place, number) if _is_short(answer) else None
        if found:
            reading, number = found
            readings.append(reading)
        floor = max(place + 1, readings[-1].end if readings else 0)
    return Part(tuple(readings))


def _is_short(answer: str) -> bool:
    """Checks whether an answer may be typed, and is no letter of a choice."""
    words = answer.strip()
    match = LETTERS.match(words)
    return 0 < len(words) <= LONGEST and not KEY.match(words) and not (match and not match["rest"].strip())


def _reading(
    lines: Lines, context: Context, floor: int, place: int, number: int
) -> tuple[Reading, int] | None:
    """Returns the question whose answer is on a line, with its number, or nothing if no question stands above it."""
    above = place - 1
    while above >= floor and lines.is_blank(above):
        above -= 1
    if above < floor or not lines.shown[above]:
        return None
    is_item = choices_of(lines.all[above], above) or (ITEM.match(lines.all[above]) and above != floor)
    stem = find_stem(lines, floor, place, number)
    if stem is None or not stem.title or (is_item and stem.start != above):
        return None
    block = Block(stem, Run(place, place, []), read_tail(lines, place), context.is_in_quiz(stem.start))
    if not block.is_in_quiz or not (block.is_asking or stem.number) or not block.tail.has_answer:
        return None
    reason = "\n".join(block.tail.reason).strip("\n")
    if _is_label(block.tail.answer, stem.text):
        return None
    question = question_of(stem.title, stem.text, block.tail.answer, reason)
    return Reading(NOTATION, stem.start, block.tail.end, question), stem.number


def _is_label(answer: str, text: str) -> bool:
    """Checks whether an answer stands before words in the text of its question, as the label of a choice does."""
    label = bare(answer)
    return any(label and re.match(rf"{re.escape(label)}\W", bare(line)) for line in text.split("\n"))


def question_of(title: str, text: str, answer: str, reason: str = "") -> ForeignQuestion:
    """Returns a question with typed answers, or with two choices if its answer says whether something is true."""
    for pair in PAIRS:
        if bare(answer) in pair:
            choices = tuple(ForeignChoice(word.capitalize(), word == bare(answer)) for word in pair)
            return ForeignQuestion(title, text, choices=choices, explanation=reason)
    answers = tuple(words.strip(" *_`") for words in answer.split(";") if words.strip(" *_`"))
    return ForeignQuestion(title, text, kind="short", answers=answers, explanation=reason)
