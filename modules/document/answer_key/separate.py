"""Separates a document into a public text and the file of its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modules.document.answer_key import key_file
from modules.document.answer_key.definitions import placeholders, secret_definitions
from modules.document.answer_key.hidden_lines import Block, block_of
from modules.document.answer_key.join import join
from modules.document.answer_key.key_file import Entry
from modules.document.answer_key.mark import with_mark
from modules.document.answer_key.units import Unit, fingerprint, units_of
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax.parser import parse_document
from modules.document.syntax.source import split_lines


@dataclass(frozen=True, slots=True)
class Separated:
    """Holds the two texts. ``key`` is empty where the document has no key; then ``public`` is the whole text."""

    public: str
    key: str


def separate(text: str) -> Separated:
    """Returns the public text of a document and its key file, which :func:`join` makes the same text again.

    Raises :class:`DocumentError` for a text that cannot be separated, such as one with a comment that has no end.
    """
    lines = split_lines(text)
    units = units_of(text)
    blocks = [block_of(unit.groups, lines) for unit in units]
    replaced = [(unit, block) for unit, block in zip(units, blocks, strict=True) if block.end > block.start]
    if not replaced:
        return Separated(text, "")
    replaced += _definitions(lines, [block for _unit, block in replaced])
    replaced.sort(key=lambda pair: pair[1].start)
    public = with_mark(_with(lines, [block for _unit, block in replaced]))
    key = key_file.write(parse_document(text, is_limited=False), _entries(lines, replaced, public))
    _refuse_what_does_not_join(text, public, key)
    return Separated(public, key)


def _with(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """Returns a text with the public lines of blocks in their places."""
    kept: list[str] = []
    place = 0
    for block in blocks:
        kept += [*lines[place : block.start], *block.public]
        place = block.end
    return "".join([*kept, *lines[place:]])


def _definitions(lines: Sequence[str], blocks: Sequence[Block]) -> list[tuple[Unit, Block]]:
    """Returns the definitions outside these blocks that only the key mentions."""
    inside = {place for block in blocks for place in range(block.start, block.end)}
    hidden = "".join(lines[place] for place in sorted(inside))
    found = secret_definitions(lines, hidden, _with(lines, blocks))
    return [
        (
            Unit(title := f"[{one.label}]", title, one.start, one.end, ()),
            Block(one.start, one.end, (one.public,)),
        )
        for one in found
        if one.start not in inside
    ]


def _entries(lines: Sequence[str], replaced: Sequence[tuple[Unit, Block]], public: str) -> list[Entry]:
    """Returns the entries of the key file. Each has the fingerprint of its unit as the public text has it."""
    shown = split_lines(public)
    hidden = (fingerprint(shown[one.start : one.end]) for one in placeholders(shown))
    pairs = zip(units_of("".join(lines)), units_of(public), strict=False)
    asked = {unit.start: fingerprint(shown[other.start : other.end]) for unit, other in pairs}
    return [
        Entry(
            unit.heading,
            asked.get(unit.start, "") if unit.groups else next(hidden, ""),
            tuple(lines[block.start : block.end]),
        )
        for unit, block in replaced
    ]


def _refuse_what_does_not_join(text: str, public: str, key: str) -> None:
    """Raises :class:`DocumentError` unless the two texts make the same text again."""
    try:
        joined = join(public, key)
    except DocumentError:
        joined = ""
    if joined != text:
        template = N_(
            "The key of this text cannot be taken out of it. Close each comment and each block of code in its quiz."
        )
        raise DocumentError((Problem(0, "error", key_file.CODE, template),))
