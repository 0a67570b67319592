"""Reads the lines of choices: their letter or box, their words, and the lines that belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from textwrap import dedent

from modules.document.convert.lines import Lines, without_break
from modules.document.convert.stems import number_of

BULLETS = "-*+–—•●○▪◦·‣∙"
LEAD = re.compile(
    rf"(?P<indent>[ \t]*)(?P<bullet>(?:[-*+][ \t]+|[{BULLETS[3:]}][ \t]*|\d{{1,3}}[.)][ \t]+)?)"
)
LETTER = re.compile(
    r"(?P<bold>\*\*|__)?(?P<round>\\?\()?(?P<letter>[A-Za-z])(?:\*\*|__)?(?:\\?[.):]|(?<=\w)[ \t]+-(?=[ \t]))(?P<close>(?(bold)(?:\*\*|__)?))"
)
BOX = re.compile(
    r"\\?[\[［(][ \t]?(?P<sign>[xXхХ×✓✔✗✘√vV*=yYnNoO✅❌☑☒+-]?)\ufe0f?[ \t]?\\?[\]］)](?![(:\[])|(?P<drawn>[☐☑☒⬜🔲✅❌])\ufe0f?"
)
GLUED = re.compile(r"[ \t]*[-*+](?=\[[ xX=]\])")  # no blank after the bullet
RIGHT, WRONG = frozenset("xXхХ×✓✔√vV*☑☒✅yY+"), frozenset("☐⬜🔲❌✗✘nN-")
MOST_CODE = 60  # lines of code below a choice that are searched for the next choice; raised, long code takes more time
INLINE = re.compile(r"(?:[ \t]{2,}|\t)(?=\(?[B-Hb-h][.)])")
WIDE = re.compile(r"(?:\t|[ \t]{2})\(?[B-Hb-h][.)]")
MOST_ON_LINE = 8  # choices that one line may hold
# A mark around a whole choice with its letter, and a mark before its letter.
MARKED = re.compile(
    r"(?:==(?P<lit>[^=\s].*)==|<(?P<tag>u|mark|b|strong|ins|em|i)>(?P<tagged>.+)</(?P=tag)>"
    r"|(?P<sign>[*_])(?P<italic>\(?[A-Za-z][.)][ \t][^*_]*?)(?P=sign)"
    r"|(?:\*|(?:✅|✔|✓|☑|→|👉)\ufe0f?[ \t]{0,3})(?P<starred>\(?[A-Ha-h][.)][ \t].*))$",
    re.IGNORECASE,
)
COUNTED = re.compile(r"(?P<indent>[ \t]*)(?P<number>\d{1,3})[.)][ \t]+(?P<words>\S.*)")
# What follows the last question of a list: an answer, a key, bold words, the definition of a picture.
ENDING = re.compile(
    r"[ \t>]*(?:\*\*|__|\[[^\]]{1,40}\]:|[*_]?(?:kunci|jawab|jwb|answer|key|solu|pembahasan|penjelasan|explanation|→|<))",
    re.IGNORECASE,
)
STRUCK = re.compile(r"~~(?P<label>\(?[A-Za-z][.)][ \t])(?P<words>[^~]+)~~$")


@dataclass(slots=True)
class Choice:
    """Describes a choice. ``letter`` is its label in upper case, or empty. ``sign`` is what its box holds.

    ``sign`` is ``None`` where there is no box, and empty where the box is empty. ``more`` has further lines,
    ``feedback`` the quotes below. ``is_lit`` tells whether a mark stands around the choice or before its letter.
    """

    place: int
    indent: int
    letter: str
    sign: str | None
    words: str
    more: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    is_lit: bool = False

    @property
    def text(self) -> str:
        more = dedent("\n".join(self.more)).rstrip()
        return f"{self.words}\n{more}" if more else self.words

    @property
    def is_right(self) -> bool:
        return self.sign is not None and self.sign in RIGHT and self.sign != ""


@dataclass(slots=True)
class Run:
    """Describes choices one after another on the lines from ``start`` to ``end``, the end excluded.

    ``is_counted`` tells whether they are numbers inside a numbered list, as letters of Google Docs become in Markdown.
    """

    start: int
    end: int
    choices: list[Choice]
    is_counted: bool = False

    @property
    def is_lettered(self) -> bool:
        return bool(self.choices[0].letter)

    @property
    def is_boxed(self) -> bool:
        return any(choice.sign is not None for choice in self.choices)


def runs(lines: Lines) -> Iterator[Run]:
    """Yields all runs of two choices or more, or of one typed answer, in their order."""
    place = 0
    while place < len(lines):
        lines.deadline.check()
        run = (_run(lines, place) or _counted(lines, place)) if lines.shown[place] else None
        if run:
            yield run
        place = run.end if run else place + 1


def choices_of(line: str, place: int) -> list[Choice]:
    """Returns the choices on a line; several, where their letters follow each other."""
    lead = LEAD.match(line)
    if lead is None:
        return []
    rest, indent = line[lead.end() :], len(lead["indent"].expandtabs(4))
    if (glued := GLUED.match(line)) and not lead["bullet"]:
        rest = line[glued.end() :]
    rest = without_break(rest)
    if (marked := MARKED.match(rest)) and (label := LETTER.match(inner := _inner(marked))):
        return [replace(_labelled(inner, label, place, indent), is_lit=True)]
    if struck := STRUCK.match(rest):
        rest = f"{struck['label']}~~{struck['words']}~~"
    if match := BOX.match(rest):
        return [Choice(place, indent, "", match["drawn"] or match["sign"] or "", rest[match.end() :].strip())]
    if match := LETTER.match(rest):
        return _lettered(rest, match, place, indent)
    is_item = bool(lead["bullet"].strip(" \t.)0123456789")) and bool(rest.strip())
    return [Choice(place, indent, "", None, rest.strip())] if is_item else []


def choices_at(lines: Lines, place: int) -> list[Choice]:
    """Returns the choices on a line. Where the next line has the second letter, the line holds one choice."""
    found = choices_of(lines.all[place], place)
    if len(found) < 2:
        return found
    below = lines.skip_blank(place + 1)
    following = choices_of(lines.all[below], below) if below < len(lines) and lines.shown[below] else []
    if following and following[0].letter == found[1].letter:
        lead = LEAD.match(lines.all[place])
        rest = lines.all[place][lead.end() if lead else 0 :]
        label = LETTER.match(rest)
        return [_labelled(rest, label, place, found[0].indent)] if label else found
    return found


def _inner(marked: re.Match[str]) -> str:
    """Returns a choice without the mark around it or before it."""
    return marked["lit"] or marked["tagged"] or marked["italic"] or marked["starred"]


def _parts(rest: str, label: re.Match[str]) -> list[str]:
    """Cuts a line before each letter that follows the one before it in the same style: ``A. Na B. N C. Ne``."""
    letter, parts, start = label["letter"], list[str](), 0
    style, gap = label[0], "" if rest[label.end() : label.end() + 1].strip() else r"(?=[ \t])"
    while len(parts) < MOST_ON_LINE:
        following = chr(ord(letter) + 1)
        sign = re.escape(style.replace(label["letter"], following, 1))
        after = start + len(style)
        match = re.compile(rf"\S[ \t]+(?={sign}{gap})").search(rest, after)
        if match is None or following not in "BCDEFGHbcdefgh":
            break
        parts.append(rest[start : match.end()].rstrip())
        letter, start = following, match.end()
    return [*parts, rest[start:]]


def _lettered(rest: str, match: re.Match[str], place: int, indent: int) -> list[Choice]:
    parts = INLINE.split(rest) if match["letter"] in "Aa" else [rest]
    if len(parts) == 1:
        parts = _parts(rest, match)
    choices: list[Choice] = []
    for part in parts:
        label = LETTER.match(part)
        if label is None or (choices and not _follows(choices[-1].letter, label["letter"].upper())):
            return [_labelled(rest, match, place, indent)]
        choices.append(_labelled(part, label, place, indent))
    return choices


def _labelled(text: str, match: re.Match[str], place: int, indent: int) -> Choice:
    words = text[match.end() :].strip()
    if match["bold"] and not match["close"] and words.count(match["bold"]) % 2:
        words = match["bold"] + words
    return Choice(place, indent, match["letter"].upper(), None, words)


def _follows(letter: str, following: str) -> bool:
    return ord(following) == ord(letter) + 1


def _run(lines: Lines, start: int) -> Run | None:
    """Returns the choices that begin on a line, or nothing where fewer than two do."""
    choices = choices_at(lines, start)
    if not choices or (choices[0].letter not in ("", "A")):
        return None
    place = start + 1
    while place < len(lines):
        if lines.is_blank(place):
            following = lines.skip_blank(place)
            if following == len(lines) or not _goes_on(lines, choices, following, after_blank=True):
                break
            choices[-1].more += lines.all[place:following]
            place = following
        elif not _goes_on(lines, choices, place, after_blank=False):
            break
        _take(lines, choices, place)
        place += 1
    is_run = len(choices) > 1 or choices[0].sign == "="
    return Run(start, place, _out_of_columns(lines, choices)) if is_run else None


def _counted(lines: Lines, start: int) -> Run | None:
    """Returns the items 1, 2, … of a list inside an item of a numbered list, with the letters that they stand for."""
    first = COUNTED.match(lines.all[start])
    if first is None or first["number"] != "1" or not first["indent"]:
        return None
    above = next((place for place in range(start - 1, -1, -1) if not lines.is_blank(place)), None)
    outer = COUNTED.match(lines.all[above]) if above is not None and lines.shown[above] else None
    if not outer or _indent(lines.all[start]) < len(outer["indent"].expandtabs(4)) + 2:
        return None
    choices: list[Choice] = []
    place = start
    while place < len(lines) and lines.shown[place]:
        match = COUNTED.match(lines.all[place])
        is_here = match is not None and match["indent"] == first["indent"]
        if match and is_here and int(match["number"]) == len(choices) + 1 <= MOST_ON_LINE:
            choices.append(
                Choice(place, 0, chr(ord("A") + len(choices)), None, without_break(match["words"]))
            )
        elif not lines.is_blank(place):
            break
        place += 1
    is_run = len(choices) > 1 and _ends_question(lines, choices[-1].place + 1, outer)
    return Run(start, choices[-1].place + 1, choices, is_counted=True) if is_run else None


def _ends_question(lines: Lines, place: int, outer: re.Match[str]) -> bool:
    """Checks whether the next question, an answer or another part follows, and no words that still ask something."""
    following = lines.skip_blank(place)
    if following == len(lines) or lines.levels[following] or lines.is_rule(following):
        return True
    line = lines.all[following]
    match = COUNTED.match(line)
    is_next = (
        match is not None
        and match["indent"] == outer["indent"]
        and int(match["number"]) == int(outer["number"]) + 1
    )
    return is_next or bool(ENDING.match(line))


def _out_of_columns(lines: Lines, choices: list[Choice]) -> list[Choice]:
    """Returns choices in columns in the order of their letters: A and C stand on a line, B and D on the next."""
    is_plain = bool(choices[0].letter) and not any(line.strip() for choice in choices for line in choice.more)
    if not is_plain or len({choice.place for choice in choices}) < len(choices):
        return choices
    rows = [_cells(lines.all[choice.place], choice, len(choices)) for choice in choices]
    counts = [len(row) for row in rows]
    is_wide = all(
        WIDE.search(choice.words) for choice, row in zip(choices, rows, strict=True) if len(row) > 1
    )
    is_even = counts[0] == counts[-1] or (is_wide and counts[0] == counts[-1] + 1)
    if counts[0] == 1 or not is_even or counts != sorted(counts, reverse=True):
        return choices
    return [row[column] for column in range(counts[0]) for row in rows if column < len(row)]


def _cells(line: str, choice: Choice, rows: int) -> list[Choice]:
    """Cuts the words of a choice before the letter that is as many further on as there are rows."""
    lead = LEAD.match(line)
    label = LETTER.match(line[lead.end() :]) if lead else None
    cells, words, letter = list[Choice](), choice.words, choice.letter
    while label and len(cells) < MOST_ON_LINE:
        following = chr(ord(letter) + rows)
        shown = following.lower() if label["letter"].islower() else following
        cut = re.search(rf"[ \t]{re.escape(label[0].replace(label['letter'], shown, 1))}(?=[ \t])", words)
        cells.append(
            replace(choice, letter=letter, words=words[: cut.start()].strip() if cut else words, more=[])
        )
        if not cut:
            break
        letter, words = following, words[cut.end() :].strip()
    return cells


def _goes_on(lines: Lines, choices: Sequence[Choice], place: int, *, after_blank: bool) -> bool:
    """Checks whether a line is the next choice, or belongs to the one before it."""
    if lines.levels[place] or lines.is_rule(place):
        return False
    line, last = lines.all[place], choices[-1]
    if not lines.shown[place]:
        return not after_blank or _indent(line) > last.indent or _is_code_of_choice(lines, choices, place)
    found = choices_of(line, place)
    if _is_next(last, found):
        return True
    if (
        found
        and not last.letter
        and last.sign is None
        and (found[0].letter == "A" or found[0].sign is not None)
    ):
        return False  # this item is a question, and its choices begin here
    if line.lstrip().startswith(">"):
        return _indent(line) > last.indent or not after_blank
    return _indent(line) > last.indent + after_blank


def _is_code_of_choice(lines: Lines, choices: Sequence[Choice], place: int) -> bool:
    """Checks whether code below a choice is a part of it: choices follow, or those before have such code, too."""
    before = choices[-2].more[:MOST_CODE] if len(choices) > 1 else []
    if any(line.lstrip().startswith(("```", "~~~")) for line in before):
        return True
    end = min(len(lines), place + MOST_CODE)
    following = next((i for i in range(place, end) if lines.shown[i] and not lines.is_blank(i)), None)
    return following is not None and _is_next(choices[-1], choices_of(lines.all[following], following))


def _is_next(last: Choice, found: Sequence[Choice]) -> bool:
    if not found or abs(found[0].indent - last.indent) > 1:
        return False
    if last.letter:
        return bool(found[0].letter) and _follows(last.letter, found[0].letter)
    if found[0].letter:
        return False
    is_same = (found[0].sign is None) == (last.sign is None)
    return is_same or ((found[0].is_right or last.is_right) and not last.words.endswith(("?", ":")))


def _take(lines: Lines, choices: list[Choice], place: int) -> None:
    line = lines.all[place]
    found = choices_at(lines, place) if lines.shown[place] else []
    if _is_next(choices[-1], found):
        choices += found
    elif lines.shown[place] and line.lstrip().startswith(">"):
        choices[-1].feedback.append(line.lstrip()[1:].removeprefix(" "))
    else:
        choices[-1].more.append(line)


def _indent(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip())].expandtabs(4))


def begins_question(lines: Lines, place: int) -> bool:
    """Checks whether a line begins another question or another part."""
    return bool(lines.levels[place] or lines.is_rule(place) or number_of(lines.all[place]))
