"""Reads statements that are true or false: ``1. Rantai berputar. (Benar)``, or with a key ``1. B 2. S``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from modules.document.convert.answer_words import TAGS
from modules.document.convert.blocks import Context
from modules.document.convert.keys import HEAD, NAMED
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.open_answers import NOTATION, question_of
from modules.document.convert.readings import Part, Reading
from modules.document.convert.stems import asks

VERDICTS = {
    **dict.fromkeys(("b", "benar", "betul", "✓", "✅", "✔"), "benar"),
    **dict.fromkeys(("s", "salah", "✗", "❌", "✘"), "salah"),
    **dict.fromkeys(("t", "true"), "true"),
    **dict.fromkeys(("f", "false"), "false"),
}
WORD = r"(?:benar|betul|salah|true|false|[bstf])"
ITEM = re.compile(r"[ \t]*(?:(?P<number>\d{1,3})[.)]|[-*+•])[ \t]+(?P<words>\S.*)$")
ENDING = re.compile(
    rf"[ \t]*(?:[*_]*[(\[][*_]*(?P<framed>{WORD})[*_]*[)\]][*_]*|[*_]{{2}}(?P<bold>{WORD})[*_]{{2}}"
    r"|(?:[ \t][–—→-]+|[ \t]?:)[ \t]*[*_]*(?P<word>benar|betul|salah|true|false)[*_]*|(?P<sign>[✓✅✔✗❌✘])\ufe0f?)[ \t.]*$",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"[ \t]*[(\[][ \t]*(?:b|t|benar|true)[ \t]*[/|-][ \t]*(?:s|f|salah|false)[ \t]*[)\]][ \t.]*$",
    re.IGNORECASE,
)
ENTRY = re.compile(
    rf"(?<![\w.,]){NAMED}(?P<number>\d{{1,3}})[.):=–→-]*[ \t]*[*_]*(?P<word>{WORD})(?![^\W_])", re.IGNORECASE
)
BOTH = re.compile(r"\b(?:benar|true|b|t)[ \t/-]+(?:(?:atau|or)[ \t]+)?(?:salah|false|s|f)\b", re.IGNORECASE)
LONGEST = 200  # characters at the end of a line, and of a key, that are searched
MOST_BELOW = 60  # lines below statements that are searched for their key
MOST_ABOVE = 6  # lines above statements that may say that they are true or false


def read(lines: Lines) -> Part:
    """Returns the statements of this kind. The lines of their keys are frames."""
    readings: list[Reading] = []
    frames: list[int] = []
    context, place = Context(lines), lines.matter.lines
    while place < len(lines):
        lines.deadline.check()
        items = _items(lines, place)
        if len(items) > 1 and context.is_in_quiz(place) and not _are_choices(lines, items):
            verdicts, key = _verdicts(lines, items)
            readings += [_reading(lines, item, word) for item, word in zip(items, verdicts, strict=False)]
            frames += key
        place = items[-1] + 1 if items else place + 1
    return Part(tuple(readings), frames=tuple(frames))


def _items(lines: Lines, start: int) -> list[int]:
    """Returns the lines of a list, also with blank lines between its items."""
    items: list[int] = []
    place = start
    while place < len(lines) and lines.shown[place] and ITEM.match(lines.all[place]):
        items.append(place)
        place = lines.skip_blank(place + 1)
    return items


def _are_choices(lines: Lines, items: Sequence[int]) -> bool:
    """Checks whether a list stands below a question, so that its signs say which choice is right."""
    above = items[0] - 1
    while above >= 0 and lines.is_blank(above):
        above -= 1
    words = heading_words(lines.all[above]) if above >= 0 else ""
    return asks(words) and not BOTH.search(words)


def _verdicts(lines: Lines, items: Sequence[int]) -> tuple[list[str], list[int]]:
    """Returns what each statement is, and the lines of the key that says so. Both are empty if that is unknown."""
    endings = [ENDING.search(lines.all[place][-LONGEST:]) for place in items]
    if all(endings):
        return [VERDICTS[_word(match)] for match in endings if match], []
    if not _asks_for_truth(lines, items):
        return [], []
    words: dict[int, str] = {}
    places: list[int] = []
    for place in range(items[-1] + 1, min(len(lines), items[-1] + MOST_BELOW)):
        line = TAGS.sub(" ", heading_words(lines.all[place])).strip() if lines.shown[place] else ""
        is_head = not places and bool(HEAD.match(line))
        found = ENTRY.findall(line[: 10 * LONGEST]) if is_head or places else []
        if places and line and not found:
            break
        places += [place] if is_head or found else []
        words |= {int(number): word.casefold() for number, word in found}
    numbers = [_number(lines, place, order) for order, place in enumerate(items, start=1)]
    is_whole = len(words) == len(items) and all(number in words for number in numbers)
    return ([VERDICTS[words[number]] for number in numbers], places) if is_whole else ([], [])


def _word(match: re.Match[str]) -> str:
    return (match["framed"] or match["bold"] or match["word"] or match["sign"]).casefold()


def _number(lines: Lines, place: int, order: int) -> int:
    match = ITEM.match(lines.all[place])
    return int(match["number"]) if match and match["number"] else order


def _asks_for_truth(lines: Lines, items: Sequence[int]) -> bool:
    """Checks whether each statement, or a line above them, asks whether it is true or false."""
    above = lines.all[max(0, items[0] - MOST_ABOVE) : items[0]]
    return all(ASKED.search(lines.all[place][-LONGEST:]) for place in items) or any(map(BOTH.search, above))


def _reading(lines: Lines, place: int, verdict: str) -> Reading:
    match = ITEM.match(lines.all[place])
    words = match["words"] if match else ""
    for pattern in (ENDING, ASKED):
        if found := pattern.search(words[-LONGEST:]):
            words = words[: len(words) - len(found[0])]
    return Reading(NOTATION, place, place + 1, question_of(words.strip(), "", verdict))
