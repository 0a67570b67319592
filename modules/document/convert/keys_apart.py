"""Reads keys without numbers or without letters that stand apart from their questions: ``B, A``, or ``1. rantai``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.document.convert.answer_words import TAGS
from modules.document.convert.answers import right_places
from modules.document.convert.blocks import Block
from modules.document.convert.key_of_all import LONGEST, is_answered, letters_of
from modules.document.convert.keys import HEAD, Key
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.open_key import entries_below, heads_key

SIGNS = " \t*_:"


def keys_apart(lines: Lines, blocks: Sequence[Block], keys: Sequence[Key]) -> Iterator[Key]:
    """Gives questions their letters of such keys, and yields each key that has an answer for all of them."""
    waiting = [block for block in blocks if not is_answered(block)]
    spans = [*((block.stem.start, block.tail.end) for block in blocks), *((k.start, k.end) for k in keys)]
    inside = {place for start, end in spans for place in range(start, end)}
    for place in range(lines.matter.lines, len(lines)):
        if not waiting or place < waiting[0].run.start or place in inside or not lines.shown[place]:
            continue
        above = [block for block in waiting if block.run.start < place]
        letters, end = _letters(lines, place, above)
        if above and len(letters) == len(above):
            for block, letter in zip(above, letters, strict=True):
                block.key = letter
            waiting = waiting[len(above) :]
            yield Key(place, end, dict(enumerate(letters, start=1)), given=len(letters))


def _letters(lines: Lines, place: int, blocks: Sequence[Block]) -> tuple[list[str], int]:
    """Returns the letters behind the name of a key, or below it, and the line after them."""
    words = TAGS.sub(" ", heading_words(lines.all[place])).strip()
    head = HEAD.match(words) if len(words) <= LONGEST else None
    if head is None:
        return [], 0
    if rest := head["rest"].strip(SIGNS):
        return letters_of(rest, len(blocks)) if len(blocks) > 1 else [], place + 1
    below = lines.skip_blank(place + 1)
    if below == len(lines) or not lines.shown[below]:
        return [], 0
    letters = letters_of(TAGS.sub(" ", lines.all[below]), len(blocks)) if len(blocks) > 1 else []
    return (letters, below + 1) if letters else _letters_of_words(lines, place, blocks)


def _letters_of_words(lines: Lines, place: int, blocks: Sequence[Block]) -> tuple[list[str], int]:
    """Returns the letters of the choices whose words are listed by the numbers of their questions."""
    entries = entries_below(lines, place) if heads_key(lines, place) else {}
    answers = dict(enumerate(entries.values(), start=1))
    letters = []
    for order, block in enumerate(blocks, start=1):
        places, _rest = right_places(answers.get(block.stem.number or order, ""), block.run.choices)
        letters += [chr(ord("A") + place) for place in places] if len(places) == 1 else []
    is_whole = len(letters) == len(blocks) == len(answers)
    return (letters, max(entries) + 1) if is_whole else ([], 0)
