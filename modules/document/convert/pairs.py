"""Reads questions and answers in lines of their own: ``Q: …`` and ``A: …``, or ``question?::answer``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.convert.blocks import Context
from modules.document.convert.lines import Lines
from modules.document.convert.open_answers import LONGEST, NOTATION, question_of
from modules.document.convert.readings import Part, Reading

START = r"[ \t]*(?:[-*+•][ \t]+)?[*_]{0,2}"
QUESTION = re.compile(
    rf"{START}(?:Q|T|P|Tanya|Question|Pertanyaan)[ \t]*\d{{0,3}}[*_]{{0,2}}[:.][*_]{{0,2}}[ \t]+(?P<words>\S.*)$"
)
ANSWER = re.compile(
    rf"{START}(?:A|J|Jawab|Answer|Jawaban)[ \t]*\d{{0,3}}[*_]{{0,2}}[:.][*_]{{0,2}}[ \t]+(?P<words>\S.*)$"
)
CARD = re.compile(
    r"[ \t]*(?:[-*+•][ \t]+)?(?P<words>[^:\s][^:]*[?…_])[ \t]*:{2,3}[ \t]*(?P<answer>[^:\s].*)$"
)
CHOICE = re.compile(r"[ \t]*(?:[-*+•][ \t]+)?[*_]{0,2}B[.:)]")  # the line above is a choice, and no answer
LONGEST_LINE = 2_000  # characters


def read(lines: Lines) -> Part:
    """Returns the questions of this kind, if a part that is called a quiz has more than one."""
    context = Context(lines)
    found = [reading for reading in _readings(lines) if context.is_in_quiz(reading.start)]
    return Part(tuple(found) if len(found) > 1 else ())


def _readings(lines: Lines) -> Iterator[Reading]:
    for place in range(lines.matter.lines, len(lines)):
        line = lines.all[place]
        if not lines.shown[place] or len(line) > LONGEST_LINE:
            continue
        if card := CARD.match(line):
            yield from _reading(card["words"], card["answer"], place, place + 1)
        elif question := QUESTION.match(line):
            below = lines.skip_blank(place + 1)
            answer = ANSWER.match(lines.all[below][:LONGEST_LINE]) if below < len(lines) else None
            following = lines.skip_blank(below + 1)
            is_choice = following < len(lines) and CHOICE.match(lines.all[following])
            if answer and lines.shown[below] and not is_choice:
                yield from _reading(question["words"], answer["words"], place, below + 1)


def _reading(question: str, answer: str, start: int, end: int) -> Iterator[Reading]:
    answer = answer.strip(" \t*_")
    if 0 < len(answer) <= LONGEST:
        yield Reading(NOTATION, start, end, question_of(question.strip(" \t*_"), "", answer))
