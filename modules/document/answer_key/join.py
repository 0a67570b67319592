"""Joins a public text and its key file to the whole text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from modules.document.answer_key import key_file, mark
from modules.document.answer_key.definitions import placeholders, public_of
from modules.document.answer_key.hidden_lines import block_of
from modules.document.answer_key.key_file import Entry
from modules.document.answer_key.units import Unit, blocks_of, fingerprint, first_line, units_of
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import source
from modules.document.syntax.quiz import is_tasks, top_level
from modules.document.syntax.source import split_lines

MISSING = N_(
    "The key file does not fit this text: it has no key for “{title}”, or that of another version. Download both files again, or load the whole text."
)
LEFT = N_(
    "The key file does not fit this text: “{title}” is not in the text any more, or in another version. Download both files again, or load the whole text."
)
OTHER = N_(
    "The key file does not fit this text: the choices of “{title}” differ in the two. Write them alike in both files."
)


def join_files(text: str, key: bytes, *, limit: int = source.LIMIT) -> str:
    """Returns a text with the key of the file beside it, or the text itself where that file is empty.

    ``limit`` is the number of bytes that the key file may have.
    """
    return join(text, source.decode(key, limit=limit)[0]) if key else text


def join(public: str, key: str) -> str:
    """Returns the whole text. Raises :class:`DocumentError` for a key file that does not fit, naming the question."""
    if not mark.is_marked(public):
        template = N_(
            "This text has its key itself, so the key file beside it is of no use. Take the key file away, or load the public text."
        )
        raise DocumentError((Problem(0, "error", key_file.CODE, template),))
    lines = split_lines(public)
    kept: list[str] = []
    place = 0
    for unit, entry in _pairs(lines, _all_units(public), key_file.read(key)):
        start, end = _span(lines, unit, entry)
        kept += [*lines[place:start], *entry.lines]
        place = end
    return mark.without_mark("".join([*kept, *lines[place:]]))


def _all_units(public: str) -> list[Unit]:
    """Returns the units of a public text, and the definitions that are hidden in it, in their order."""
    hidden = (Unit(f"[{one.label}]", "", one.start, one.end, ()) for one in placeholders(split_lines(public)))
    return sorted(chain(units_of(public), hidden), key=lambda unit: unit.start)


def _pairs(
    lines: Sequence[str], units: Sequence[Unit], entries: Sequence[Entry]
) -> Iterator[tuple[Unit, Entry]]:
    """Yields each entry with its unit. Raises :class:`DocumentError` for a question without its key."""
    place = 0
    for entry in entries:
        while place < len(units) and not _fits(lines, units[place], entry):
            _refuse_without_key(units[place])
            place += 1
        if place == len(units):
            raise _error(LEFT, entry.title)
        yield units[place], entry
        place += 1
    for unit in units[place:]:
        _refuse_without_key(unit)


def _fits(lines: Sequence[str], unit: Unit, entry: Entry) -> bool:
    return fingerprint(lines[unit.start : unit.end]) == entry.fingerprint


def _refuse_without_key(unit: Unit) -> None:
    if unit.asks or not unit.groups:
        raise _error(MISSING, unit.title)


def _span(lines: Sequence[str], unit: Unit, entry: Entry) -> tuple[int, int]:
    """Returns the lines of a public text that an entry replaces."""
    public, answers_at = _public_of(entry, unit)
    answers = next((first_line(group) for group in unit.groups if is_tasks(group)), unit.start)
    start = answers - answers_at
    end = start + len(public)
    if [line.rstrip() for line in lines[start:end]] != [line.rstrip() for line in public]:
        raise _error(OTHER, unit.title)
    return start, end


def _public_of(entry: Entry, unit: Unit) -> tuple[Sequence[str], int]:
    """Returns the lines that stand in the public text for an entry, and the place of the first choice among them."""
    if not unit.groups:
        return [public_of(entry.lines[0]) or "" if entry.lines else ""], 0
    groups = [group for group in top_level(blocks_of("".join(entry.lines))) if group[0].map]
    block = block_of(groups, entry.lines)
    before, after = entry.lines[: block.start], entry.lines[block.end :]
    return (*before, *block.public, *after), len(before) + (block.answers_at or 0)


def _error(template: str, title: str) -> DocumentError:
    params = {"title": title[:80]}
    return DocumentError((Problem(0, "error", key_file.CODE, template, params),))
