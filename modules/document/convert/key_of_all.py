"""Reads letters below the last of several questions as the key of all of them: ``Kunci jawaban: A, C, B``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from modules.document.convert.answers import SIGNS
from modules.document.convert.blocks import Block
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.ticks import right_by_signs

LABEL = re.compile(r"[\W_]*(?:kunci|answer[ \t]+key|answers|keys?)\b", re.IGNORECASE)
SEVERAL = re.compile(r"[A-H](?:[\s,;/.&–-]+(?:(?:dan|and)[ \t]+)?[A-H])+", re.IGNORECASE)
TOGETHER = re.compile(r"[A-H]{2,}")
LETTER = re.compile(r"(?<![^\W_])[A-H](?![^\W_])", re.IGNORECASE)
LONGEST = 1_000  # characters of a key


def share_keys(lines: Lines, blocks: Sequence[Block]) -> None:
    """Gives each question its letter of a key below the last one, or marks the last one where that is unclear."""
    for together in _waiting(lines, blocks):
        last = together[-1]
        letters = letters_of(last.tail.answer, len(together))
        if len(letters) == len(together):
            for block, letter in zip(together, letters, strict=True):
                block.key = letter
        elif letters:
            last.unclear_key, last.questions_of_key = last.tail.answer, len(together)
        if letters:
            last.tail.answer, last.tail.place = "", -1


def _waiting(lines: Lines, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yields the questions of one part that stand without an answer above one with a key, and that one."""
    together: list[Block] = []
    for block in blocks:
        if together and any(lines.levels[together[-1].tail.end : block.stem.start]):
            together = []
        together.append(block)
        if len(together) > 1 and block.tail.has_answer and _is_of_all(lines, block):
            yield together
        if is_answered(block):
            together = []


def is_answered(block: Block) -> bool:
    """Checks whether something says already which choice is right."""
    signs = right_by_signs(block.run.choices)
    return bool(block.tail.has_answer or block.key or block.run.is_boxed or signs)


def _is_of_all(lines: Lines, block: Block) -> bool:
    """Checks whether an answer is called a key, or stands apart from the choices."""
    place = block.tail.place
    return bool(LABEL.match(heading_words(lines.all[place]))) or lines.is_blank(place - 1)


def letters_of(answer: str, count: int) -> list[str]:
    """Returns the letters of a key. Letters without a sign between them count where each question has one."""
    words = answer.strip(SIGNS)
    if len(words) > LONGEST:
        return []
    if SEVERAL.fullmatch(words):
        return [letter.upper() for letter in LETTER.findall(words)]
    return list(words) if TOGETHER.fullmatch(words) and len(words) == count else []
