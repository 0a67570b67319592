"""Reads choices with letters (A. · a) · (A)) whose answer stands in a line below them or in a key elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from modules.document.convert import ticks
from modules.document.convert.answers import bare, right_places
from modules.document.convert.blocks import Block
from modules.document.convert.converted import loss
from modules.document.convert.readings import Reading, foreign_choices, no_answer
from modules.document.convert.ticks import LONGEST_SIGN
from modules.document.convert.writing import ForeignQuestion
from modules.document.problems import N_, Problem

NOTATION = "letters"
BEHIND = re.compile(r"(?<=[?.…:!_])[ \t]*[(\[][ \t]*(?P<letter>[A-H])[ \t]*[)\]][ \t*_]*$")


def read(block: Block) -> Reading | None:
    """Returns the question of a block with letters, or nothing if it has none, or asks nothing."""
    if not block.run.is_lettered:
        return None
    _take_letter_of_title(block)
    choices = block.run.choices
    right, reason, losses = _right(block)
    signs = ticks.right_by_signs(choices)
    if not right and signs:
        return None  # the signs are the key, and ticked.py reads them
    if not block.may_be_read(has_answer=bool(right)):
        return None
    if signs or ticks.stands_out(choices, right):
        choices = [ticks.without_bold(ticks.without_signs(choice)) for choice in choices]
    if signs and signs != right:
        losses.append(disagreement(block))
    return Reading(
        NOTATION,
        block.stem.start,
        block.tail.end,
        ForeignQuestion(
            block.stem.title,
            block.stem.text,
            kind="multiple" if len(right) > 1 else "single",
            choices=foreign_choices(choices, right),
            explanation="\n".join([reason, *block.tail.reason]).strip("\n"),
        ),
        tuple(losses or ([] if right else [no_answer(block.line)])),
        shows_key=bool(right or block.unclear_key or block.key or block.tail.has_answer),
    )


def _take_letter_of_title(block: Block) -> None:
    """Takes an answer that stands behind the question: *Apa fungsi rem? (B)*."""
    match = BEHIND.search(block.stem.title[-LONGEST_SIGN:])
    if match and not block.tail.has_answer and not block.key:
        block.key = match["letter"]
        title = block.stem.title[: len(block.stem.title) - len(match[0])]
        block.stem = replace(block.stem, title=title.strip())


def _right(block: Block) -> tuple[set[int], str, list[Problem]]:
    """Returns the positions of the right choices, an explanation that stands with them, and what was not understood."""
    choices, tail = block.run.choices, block.tail
    if tail.has_answer:
        right, reason = right_places(tail.answer, choices)
        template = N_("The answer “{answer}” names none of the choices. Mark the right one with [x].")
        unknown = [] if right else [loss(tail.place + 1, template, answer=tail.answer[:80])]
        return right, reason, unknown
    if block.unclear_key:
        template = N_(
            "“{answer}” may be the key of this question alone, or of the {count} questions up to this one. Mark each right choice with [x]."
        )
        return (
            set(),
            "",
            [loss(block.line, template, answer=block.unclear_key[:80], count=block.questions_of_key)],
        )
    if block.key:
        place = ord(block.key) - ord("A")
        if place < len(choices):
            is_repeated = bare(block.key_reason) == bare(choices[place].text)
            return {place}, "" if is_repeated else block.key_reason, []
        template = N_(
            "The key says “{answer}”, which names none of the choices. Mark the right one with [x]."
        )
        return set(), "", [loss(block.line, template, answer=block.key)]
    return set(), "", []


def disagreement(block: Block) -> Problem:
    """Returns the loss where the signs on the choices and the answer say different things."""
    template = N_(
        "The signs on the choices and the key disagree about this question. Check its right answer."
    )
    return loss(block.line, template)
