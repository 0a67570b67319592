"""Finds keys in notations that nobody reads here: data of programs, gaps with answers, marks on lines of choices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from modules.document.convert.blocks import Context
from modules.document.convert.keys import DELIMITER, HEAD
from modules.document.convert.lines import NO_CODE, Lines, heading_words
from modules.document.convert.stems import asks

LONGEST = 2_000  # characters of a line that is looked at
GAP = re.compile(r"\{\{c\d{1,3}::|\{\d{0,3}:[A-Z_]{2,30}:[^}]{0,200}?[=%]")  # cards of Anki, gaps of Moodle
QUIZ_TAG = re.compile(
    r"<input\b[^>]{0,200}\b(?:checked|correct)\b|^exsolution:[ \t]*\S"
    r"|(?:<[A-Z]\w{0,30}|\{\{[<%]|\{%).{0,400}\b(?:correct|answer)\w{0,10}[ \t]*=[ \t]*[\"'{]?[^\s\"'{]"
)
FIELD = (
    r"(?:^[ \t]*(?:-[ \t]+)?[\"'{{]{{0,2}}|[{{,][ \t]*[\"']?)(?:{names})[\"']?[ \t]*:[ \t]*[\"'\[{{]?[^\s]"
)
ASKED = re.compile(FIELD.format(names="question|pertanyaan|soal|prompt|stem"))
OFFERED = re.compile(
    FIELD.format(names="options|choices|answers|pilihan|opsi|distractors").removesuffix(
        r"[ \t]*[\"'\[{]?[^\s]"
    )
)
TOLD = re.compile(
    FIELD.format(names="answer|correct|correct_?[aA]nswer|correct_?[iI]ndex|is_?[cC]orrect|jawaban|kunci")
)
LISTED = re.compile(r"[:：]?[ \t*_]*1[.)][ \t]*\S.{0,80}?[\s,;]2[.)][ \t]*\S")
# A mark of a right choice before its words, or points behind them: *rantai · + rantai · = rantai · %100% · (1)
MARK = re.compile(
    r"(?P<first>%-?\d{1,3}%|\*(?=[^*\s][^*]*$)|[+=~→>-](?=[ \t]?\w))|.{1,200}(?P<last>[(\[][01][)\]])$"
)
RIGHT = frozenset("*+=→>")
BULLET = re.compile(r"[-*+•][ \t]+(?=%|.*[(\[][01][)\]]$)")
ROW = re.compile(r"[ \t]*\|.*[✅✓✔☑❌✗✘].*\|[ \t]*$")
TRUTH = re.compile(
    r"\|[ \t]*(?:b ?/ ?s|t ?/ ?f|benar|salah|true|false|benar ?/ ?salah|true ?/ ?false)[ \t]*(?=\||$)",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"\|[ \t]*(?:[bstfxv✅✓✔☑❌✗✘]|benar|salah|true|false)\ufe0f?[ \t]*(?=\||$)", re.IGNORECASE
)
LONGEST_CHOICE = 120  # characters
MOST_CHOICES = 10  # lines below a question that are compared


def find_unread_keys(lines: Lines, taken: Sequence[bool | int], hidden: set[int]) -> set[int]:
    """Returns the lines that hold such keys. ``taken`` lines are read otherwise; learners never see ``hidden`` ones."""
    places = [
        place
        for place in range(lines.matter.lines, len(lines))
        if lines.shown[place]
        and not taken[place]
        and place not in hidden
        and len(lines.all[place]) <= LONGEST
    ]
    return (
        set(_gaps(lines, places))
        | set(_fields(lines, places))
        | set(_tables(lines, places))
        | set(_marks(lines, places))
    )


def _gaps(lines: Lines, places: Sequence[int]) -> Iterator[int]:
    for place in places:
        line = NO_CODE.sub(" ", lines.all[place])
        head = HEAD.match(heading_words(line))
        is_list = head is not None and LISTED.match(head["rest"])
        if is_list or GAP.search(line) or QUIZ_TAG.search(line):
            yield place


def _fields(lines: Lines, places: Sequence[int]) -> Iterator[int]:
    """Yields the lines with a right answer in YAML or JSON, if questions and choices are in it, too."""
    asked = any(ASKED.search(lines.all[place]) for place in places)
    offered = asked and any(OFFERED.search(lines.all[place]) for place in places)
    if offered:
        yield from (place for place in places if TOLD.search(lines.all[place]))


def _tables(lines: Lines, places: Sequence[int]) -> Iterator[int]:
    """Yields the first row of a table that says of statements whether they are true."""
    for head in places:
        line = lines.all[head]
        if "|" not in line or head + 2 >= len(lines) or not DELIMITER.match(lines.all[head + 1]):
            continue
        if TRUTH.search(line) and VERDICT.search(lines.all[head + 2][:LONGEST]):
            yield head + 2


def _marks(lines: Lines, places: Sequence[int]) -> Iterator[int]:
    """Yields the line that alone has a mark of its own below a question, in a part that is called a quiz."""
    context, is_open = Context(lines), set(places)
    for place in places:
        words = heading_words(lines.all[place])
        if not context.is_in_quiz(place) or words.count("|") > 1 or not asks(words):
            continue
        below = lines.skip_blank(place + 1)
        choices: list[int] = []
        while below in is_open and len(choices) < MOST_CHOICES and _may_be_choice(lines, below):
            choices.append(below)
            below += 1
        ticked = [line for line in choices if ROW.match(lines.all[line])]
        yield from ticked[:1] or _odd(lines, choices)


def _may_be_choice(lines: Lines, place: int) -> bool:
    line = lines.all[place].strip()
    return 0 < len(line) <= LONGEST_CHOICE and not lines.levels[place] and not asks(line)


def _odd(lines: Lines, choices: Sequence[int]) -> list[int]:
    """Returns the only line that is marked as right, where all others have another mark, or none."""
    marks = [_mark(lines.all[place].strip()) for place in choices]
    odd = [place for place, mark in zip(choices, marks, strict=True) if marks.count(mark) == 1]
    right = [place for place, mark in zip(choices, marks, strict=True) if mark in RIGHT or mark[1:2] == "1"]
    is_alone = len(right) == 1 and right[0] in odd and len(set(marks)) == 2
    # A plus or an arrow also begins other lines, so it counts only where all others have a sign, too.
    return right if is_alone and (all(marks) or "*" in marks) else []


def _mark(line: str) -> str:
    match = MARK.match(BULLET.sub("", line, count=1))
    return (match["first"] or match["last"]) if match else ""
