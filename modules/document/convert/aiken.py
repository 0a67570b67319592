"""Tells whether choices with letters are written in Aiken, the format of Moodle: capital letters, and ANSWER below."""

from __future__ import annotations

import re

from modules.document.convert.blocks import Block
from modules.document.convert.lines import Lines

NOTATION = "aiken"
CHOICE = re.compile(r"[A-Z][.)][ \t]")
ANSWER = re.compile(r"ANSWER:[ \t]*[A-Z][ \t]*$")


def is_aiken(block: Block, lines: Lines) -> bool:
    """Checks whether the lines of a block follow the rules of Aiken."""
    return (
        block.tail.has_answer
        and bool(ANSWER.match(lines.all[block.tail.place]))
        and all(CHOICE.match(lines.all[choice.place]) for choice in block.run.choices)
    )
