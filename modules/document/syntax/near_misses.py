"""Names what is nearly our notation: the sign that keeps it from being read, and the one to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from modules.document.problems import N_, Problem

CODE = "near-miss"
BULLETS = "–—•●○▪◦·‣∙"
# The first pattern that matches the beginning of a line tells its cause. ``sign`` is what the sentence names.
CAUSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"(?P<sign>[{BULLETS}])[ \t]*(?:\\?[\[(][ \txXхХ✓=]?\\?[\])]|[☐☑☒])"),
        N_("“{sign}” begins no list. Write a hyphen before each choice: - [ ] and - [x]."),
    ),
    (
        re.compile(r"(?P<sign>[-*+])\[[ xX=]\]"),
        N_("A blank is missing after “{sign}”. Write - [ ] and - [x]."),
    ),
    (
        re.compile(r"(?P<sign>\\?\([ \t]?[xXхХ✓vV*]?[ \t]?\\?\))(?=[ \t]|$)"),
        N_("“{sign}” marks no choice. Write [x] instead of (x), and [ ] instead of ( )."),
    ),
    (
        re.compile(r"(?P<sign>\\\[[ \t]?[xX=]?[ \t]?\\?\])"),
        N_("“{sign}” is text, because of the backslash. Write [x] and [ ] without one."),
    ),
    (
        re.compile(r"(?P<sign>\[(?:[ \t]+=[ \t]*|=[ \t]+)\])"),
        N_("“{sign}” marks no answer. Write [=], without blanks inside."),
    ),
    (
        re.compile(r"(?P<sign>\[[ xX=]\])(?=[^\s(:\[])"),
        N_("A blank is missing after “{sign}”. Put one between the mark and the words of the choice."),
    ),
    (
        re.compile(
            r"(?P<sign>\[(?:[^\s\[\]xX=]\ufe0f?|[ \t]{2,}|[ \t][xX][ \t]?|[xX][ \t])?\])(?![(:\[])|(?P<wide>［.?］)"
        ),
        N_("“{sign}” marks no choice. Write [x], with the letter x of the keyboard, or [ ], with one blank."),
    ),
    (
        re.compile(r"(?P<sign>[☐☑☒⬜🔲✅❌])"),
        N_("“{sign}” marks no choice. Write [ ] before a wrong choice, and [x] before a right one."),
    ),
    (
        re.compile(r"(?P<sign>\[[ xX=]\])(?=[ \t])"),
        N_("A choice is an item of a list. Write a hyphen and a blank before “{sign}”."),
    ),
)
LISTS = ("bullet_list_open", "ordered_list_open")
KEY = re.compile(
    r"[*_>\s]*(?P<words>(?:kunci(?:[ \t]+jawaban)?|jawaban(?:[ \t]+benar)?|jawab|jwb|(?:correct[ \t]+)?answers?|solusi|solution)[ \t]*[:=：])",
    re.IGNORECASE,
)
LETTER = re.compile(r"[*_]{0,2}\(?(?P<letter>[A-Za-z])[*_]{0,2}[.):][*_]{0,2}(?=[ \t])")
# Points as other notations write them behind a question: (2 poin) · [2 pts] · {points: 2} · — 2 poin
POINTS = re.compile(
    r"(?P<words>[({\[][ \t]*(?:(?:points?|poin|nilai|skor|bobot|score|marks?)(?:[ \t]+maks(?:imal|imum)?\.?)?[ \t]*[:=]?[ \t]*\"?(?P<after>\d{1,4}(?:[.,]\d{1,4})?)\"?"
    r"|[@+]?[ \t]*(?P<before>\d{1,4}(?:[.,]\d{1,4})?)[ \t]*(?:points?|poin|pts?\.?|marks?|skor|nilai)(?:[ \t]+each)?)[ \t]*[)}\]]"
    r"|(?<=[ \t])[–—][ \t]*(?P<behind>\d{1,4}(?:[.,]\d{1,4})?)[ \t]*(?:points?|poin|pts?))[ \t.:]*$",
    re.IGNORECASE,
)
LONGEST_POINTS = 60  # characters at the end of a heading that may name points
NUMBER = re.compile(
    r"(?P<number>\(?\d{1,3}[.)](?=\s)|#\d{1,3}(?=[\s.):])|[qs]\d{1,3}[.):](?=\s)|(?:soal|pertanyaan|question|nomor|no\.?)[ \t]*(?:#|no\.?|ke-?)?[ \t]*\d{1,3}(?![\w.,]\d)[ \t]*[.):–-]?(?=\s|$))",
    re.IGNORECASE,
)
GLUED = re.compile(r"#{1,6}(?=[^\s#])")


def of_choices(tokens: Sequence[Token]) -> list[Problem]:
    """Returns the near misses among the blocks of a question, one error for each cause, at its first line."""
    found: dict[str, Problem] = {}
    letters: list[tuple[int, str]] = []
    for token in tokens:
        if token.type == "inline" and token.map:
            for place, line in enumerate(token.content.split("\n"), start=token.map[0] + 1):
                if problem := of_line(line.lstrip(), place):
                    found.setdefault(problem.template, problem)
                elif match := LETTER.match(line.lstrip()):
                    letters.append((place, match["letter"].upper()))
    if not found and (line_of_letters := _lettered(letters)):
        template = N_(
            "Letters mark no choice. Begin each choice with - [ ], and each right one with - [x], and leave out the key."
        )
        return [Problem(line_of_letters, "error", CODE, template)]
    return list(found.values()) or _without_marks(tokens)


def _without_marks(tokens: Sequence[Token]) -> list[Problem]:
    """Returns the error of a list without any mark, or else of an answer that no list holds."""
    lists = (token for token in tokens if token.level == 0 and token.type in LISTS)
    if opening := next(lists, None):
        template = N_(
            "This list has no marks. Begin its items with [ ] and [x] if they are choices, or with [=] if they are accepted answers, and leave out a key."
        )
        return [Problem(_line(opening), "error", CODE, template)]
    for token in tokens:
        if token.type == "inline" and (match := KEY.match(token.content)):
            template = N_(
                "“{words}” marks no answer. Write each accepted answer as an item of a list: - [=] and the answer."
            )
            return [Problem(_line(token), "error", CODE, template, {"words": match["words"]})]
    return []


def of_line(line: str, number: int) -> Problem | None:
    """Returns the error of a line that begins with a near miss of a mark."""
    for pattern, template in CAUSES:
        if match := pattern.match(line):
            sign = match["sign"] or match.groupdict().get("wide") or ""
            return Problem(number, "error", CODE, template, {"sign": sign})
    return None


def _lettered(letters: Sequence[tuple[int, str]]) -> int:
    """Returns the line of the first of two letters that follow each other, or 0."""
    for (line, letter), (_next_line, following) in pairwise(letters):
        if letter == "A" and following == "B":
            return line
    return 0


def of_quiz_text(groups: Sequence[list[Token]], level: int) -> list[Problem]:
    """Returns the questions that are no headings: items of a list, and bold words above choices.

    ``groups`` are the blocks above the first question, and ``level`` is that of the headings of questions.
    """
    problems, signs = list[Problem](), "#" * level
    for before, group in zip([[], *groups], groups, strict=False):
        if group[0].type in ("ordered_list_open", "bullet_list_open"):
            problems += _items(group, signs)
            if _has_tasks(group, group[0].level + 1) and _is_bold(before):
                template = N_(
                    "A bold line begins no question. Write it as a heading: {signs} and a blank before it."
                )
                problems.append(Problem(_line(before[0]), "error", CODE, template, {"signs": signs}))
    return problems


def _items(group: Sequence[Token], signs: str) -> Iterator[Problem]:
    """Yields an error for each item of a list that holds a list of choices."""
    template = N_(
        "An item of a list begins no question. Write it as a heading: {signs} and a blank before it."
    )
    level = group[0].level + 1
    item: Token | None = None
    for token in group:
        if token.type == "list_item_open" and token.level == level:
            item = token
        elif item and "task" in token.meta and token.level > level:
            yield Problem(_line(item), "error", CODE, template, {"signs": signs})
            item = None


def _has_tasks(group: Sequence[Token], level: int) -> bool:
    return any("task" in token.meta and token.level == level for token in group)


def _is_bold(group: Sequence[Token]) -> bool:
    """Checks whether a paragraph begins with bold words."""
    if len(group) != 3 or group[0].type != "paragraph_open":
        return False
    words = [child for child in group[1].children or [] if child.type != "text" or child.content]
    return bool(words) and words[0].type == "strong_open"


def points_in(title: str) -> re.Match[str] | None:
    """Returns the points at the end of a heading that are written as in other notations. Group 0 is all of it."""
    start = max(0, len(title) - LONGEST_POINTS)
    return POINTS.search(title, start)


def number_of_points(match: re.Match[str]) -> str:
    """Returns the number in what :func:`points_in` found, with a decimal point."""
    return (match["after"] or match["before"] or match["behind"]).replace(",", ".")


def of_points(titles: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """Yields one warning where headings of questions name points as other notations do.

    ``titles`` are lines and headings.
    """
    found = [(line, match) for line, title in titles if (match := points_in(title))]
    if found:
        template = N_(
            "“{words}” is shown to learners and gives no points. Write {attribute} at the end of the heading, after a blank ({count} in all)."
        )
        line, match = found[0]
        attribute = f"{{points={number_of_points(match)}}}"
        params = {"words": match["words"], "attribute": attribute, "count": len(found)}
        yield Problem(line, "warning", "points", template, params)


def of_numbers(titles: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    """Yields one warning where headings of questions begin with numbers. ``titles`` are lines and headings."""
    numbered = [(line, match["number"]) for line, title in titles if (match := NUMBER.match(title))]
    if numbered:
        template = N_(
            "Questions get their numbers here, and “{number}” would be a second one. Take such numbers out of the headings ({count} in all)."
        )
        line, number = numbered[0]
        yield Problem(line, "warning", "own-number", template, {"number": number, "count": len(numbered)})


def of_headings(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields one warning where lines begin with number signs and no blank.

    A line with a single sign counts only where the document has no heading, since it may be a hashtag.
    """
    has_heading = any(token.type == "heading_open" for token in tokens)
    lines = [
        line
        for token in tokens
        if token.type == "inline" and token.level == 1 and token.map
        for line, words in enumerate(token.content.split("\n"), start=token.map[0] + 1)
        if (match := GLUED.match(words)) and (len(match[0]) > 1 or not has_heading)
    ]
    if lines:
        template = N_(
            "A blank is missing after “#”, so this is no heading. Write one between the signs and the words ({count} in all)."
        )
        yield Problem(lines[0], "warning", "glued-heading", template, {"count": len(lines)})


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
