"""Reads choices whose right one has a sign in its words: ✅, ✓, “(benar)”, bold or struck words."""

from __future__ import annotations

from modules.document.convert import ticks
from modules.document.convert.blocks import Block
from modules.document.convert.lettered import disagreement
from modules.document.convert.readings import Reading, foreign_choices
from modules.document.convert.writing import ForeignQuestion

NOTATION = "ticks"


def read(block: Block) -> Reading | None:
    """Returns the question of a block whose choices have signs, or nothing if no sign says which is right."""
    choices = block.run.choices
    right = ticks.right_by_signs(choices)
    has_tick = any(ticks.is_ticked(choice) for choice in choices)
    asks = block.may_be_read(has_answer=False)
    if (
        block.run.is_boxed
        or not right
        or not asks
        or not (block.run.is_lettered or has_tick or block.is_plain)
    ):
        return None
    choices = [ticks.without_signs(choice) for choice in choices]
    choices = [
        ticks.without_bold(choice) if place not in right and ticks.is_struck(choice) else choice
        for place, choice in enumerate(choices)
    ]
    if not has_tick:
        choices = [ticks.without_bold(choice) for choice in choices]
    contradicts = block.key and {ord(block.key) - ord("A")} != right
    return Reading(
        NOTATION,
        block.stem.start,
        block.tail.end,
        ForeignQuestion(
            block.stem.title,
            block.stem.text,
            kind="multiple" if len(right) > 1 else "single",
            choices=foreign_choices(choices, right),
            explanation="\n".join([block.key_reason, *block.tail.reason]).strip("\n"),
        ),
        (disagreement(block),) if contradicts else (),
    )
