"""Reads choices with boxes, ``[ ]`` and ``[x]`` or their near misses, under any kind of question."""

from __future__ import annotations

from collections.abc import Sequence

from modules.document.convert import ticked, ticks
from modules.document.convert.answers import right_places
from modules.document.convert.blocks import Block
from modules.document.convert.choices import Choice
from modules.document.convert.readings import Reading, foreign_choices, no_answer
from modules.document.convert.writing import ForeignQuestion

NOTATION = "tasks"
DRAWN = ("✅", "❌")  # signs before the words of a choice, which are no boxes


def read(block: Block) -> Reading | None:
    """Returns the question of a block with boxes, or nothing if it is a list of tasks."""
    choices = block.run.choices
    if not block.run.is_boxed or not (block.is_asking or block.is_in_quiz):
        return None
    typed = [choice for choice in choices if choice.sign == "="]
    if typed:
        return _reading(block, ForeignQuestion(block.stem.title, block.stem.text, kind="short"), typed, set())
    right = {place for place, choice in enumerate(choices) if choice.is_right}
    if not right and block.tail.has_answer:
        right = right_places(block.tail.answer, choices)[0]
    if not right and not block.is_asking:
        return None
    kind = "multiple" if len(right) > 1 else "single"
    question = ForeignQuestion(block.stem.title, block.stem.text, kind=kind)
    return _reading(block, question, choices, right)


def _reading(block: Block, question: ForeignQuestion, choices: Sequence[Choice], right: set[int]) -> Reading:
    is_typed = question.kind == "short"
    is_drawn = all(choice.sign is None or choice.sign in DRAWN for choice in choices)
    plain = [ticks.without_signs(choice) for choice in choices]
    return Reading(
        ticked.NOTATION if is_drawn else NOTATION,
        block.stem.start,
        block.tail.end,
        ForeignQuestion(
            question.title,
            question.text,
            kind=question.kind,
            choices=() if is_typed else foreign_choices(plain, right),
            answers=tuple(choice.words for choice in plain) if is_typed else (),
            explanation="\n".join(block.tail.reason).strip("\n"),
        ),
        () if right or is_typed else (no_answer(block.line),),
        shows_key=bool(right or is_typed),
    )
