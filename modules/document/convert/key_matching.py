"""Gives questions their answers of the keys elsewhere in a text. A key whose questions are unclear stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.document.convert.blocks import Block
from modules.document.convert.keys import Key


def match_keys(blocks: Sequence[Block], keys: Sequence[Key]) -> None:
    """Gives each question its answer of the keys that follow it, or of the only key if that stands above all."""
    waiting = blocks = [block for block in blocks if block.may_be_read(has_answer=True)]
    for together in _together(blocks, keys):
        above = [block for block in waiting if block.run.start < together[0].start]
        waiting = waiting[len(above) :]
        _match(together, above)
    if len(keys) == 1 and not keys[0].is_used:
        _match(keys, waiting)


def _together(blocks: Sequence[Block], keys: Sequence[Key]) -> Iterator[list[Key]]:
    """Yields the keys that no question stands between."""
    starts = [block.run.start for block in blocks]
    together: list[Key] = []
    for key in keys:
        if together and any(together[-1].start < start < key.start for start in starts):
            yield together
            together = []
        together.append(key)
    if together:
        yield together


def _match(keys: Sequence[Key], blocks: Sequence[Block]) -> None:
    """Matches keys with the parts in which questions are counted from 1, or one key with all of them."""
    parts = list(_parts(blocks))
    if len(parts) == len(keys):
        for key, part in zip(keys, parts, strict=True):
            _give(key, part)
    elif len(parts) == 1 and not _contradict(keys):
        for key in keys:
            _give(key, blocks)
    elif len(keys) == 1 and sorted(keys[0].letters) == list(range(1, len(blocks) + 1)):
        _give_in_order(keys[0], blocks)


def _parts(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yields the questions that are counted on. Where a number comes again, another part begins."""
    part: list[Block] = []
    for block in blocks:
        last = next((before.stem.number for before in reversed(part) if before.stem.number), 0)
        if block.stem.number and block.stem.number <= last:
            yield part
            part = []
        part.append(block)
    if part:
        yield part


def _contradict(keys: Sequence[Key]) -> bool:
    """Checks whether two keys have an answer with the same number."""
    numbers = [number for key in keys for number in key.letters]
    return len(numbers) > len(set(numbers))


def _give(key: Key, blocks: Sequence[Block]) -> None:
    """Gives questions their answers by number, or by order if none has a number."""
    if not any(block.stem.number for block in blocks):
        _give_in_order(key, blocks)
        return
    for block in blocks:
        _give_one(key, block, block.stem.number)


def _give_in_order(key: Key, blocks: Sequence[Block]) -> None:
    for order, block in enumerate(blocks, start=1):
        _give_one(key, block, order)


def _give_one(key: Key, block: Block, number: int) -> None:
    if number in key.letters:
        block.key, block.key_reason = key.letters[number], key.reasons.get(number, "")
        key.given += 1
