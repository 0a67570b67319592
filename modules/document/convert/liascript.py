"""Reads the quizzes of LiaScript: ``[(X)]`` and ``[[X]]`` for choices, ``[[answer]]`` for words to type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import dedent

from modules.document.convert.converted import loss
from modules.document.convert.lines import Lines
from modules.document.convert.readings import Part, Reading, no_answer
from modules.document.convert.stems import find_stem
from modules.document.convert.writing import ForeignChoice, ForeignQuestion
from modules.document.problems import N_, Problem

NOTATION = "liascript"
ITEM = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(?:\[\((?P<one>[ xX])\)\]|\[\[(?P<many>[ xX])\]\])[ \t]*(?P<words>.*)$"
)
HINT = re.compile(r"[ \t]*\[\[\?\]\][ \t]*(?P<words>.*)$")
TYPED = re.compile(r"[ \t]*\[\[(?P<answer>[^\[\]]{1,500})\]\][ \t]*$")
MATRIX = re.compile(r"[ \t]*\[(?:[ \t]*(?:\([^()]*\)|\[[^\[\]]*\])){2,20}[ \t]*\]")
GENERIC = re.compile(r"[ \t]*\[\[!\]\]")
STARS = re.compile(r"[ \t]*\*{3,}[ \t]*$")


@dataclass(slots=True)
class _Quiz:
    """Holds the lines of one quiz while they are read."""

    start: int
    end: int
    choices: list[ForeignChoice] = field(default_factory=list)
    answers: tuple[str, ...] = ()
    is_multiple: bool = False
    losses: list[Problem] = field(default_factory=list)
    explanation: str = ""


def read(lines: Lines) -> Part:
    """Returns the quizzes of a text. A line ``[[words]]`` is one only where the text has other signs of LiaScript."""
    places = [place for place in range(len(lines)) if lines.shown[place]]
    is_certain = any(ITEM.match(lines.all[place]) or HINT.match(lines.all[place]) for place in places)
    readings, losses = list[Reading](), list[Problem]()
    place, floor = lines.matter.lines, lines.matter.lines
    while is_certain and place < len(lines):
        quiz = _quiz(lines, place) if lines.shown[place] else None
        if quiz is None:
            losses += _unreadable(lines, place)
        elif reading := _reading(lines, floor, quiz):
            readings.append(reading)
        place = quiz.end if quiz else place + 1
        floor = place if quiz else floor
    return Part(tuple(readings), tuple(losses))


def _unreadable(lines: Lines, place: int) -> list[Problem]:
    template = N_(
        "This quiz of LiaScript (a matrix, or one that a program judges) has no like here. Write it anew."
    )
    line = lines.all[place]
    is_quiz = lines.shown[place] and (MATRIX.match(line) or GENERIC.match(line))
    follows = place and MATRIX.match(lines.all[place - 1])
    return [loss(place + 1, template)] if is_quiz and not follows else []


def _quiz(lines: Lines, start: int) -> _Quiz | None:
    quiz = _Quiz(start, start)
    place = start
    while place < len(lines) and lines.shown[place] and _take(lines.all[place], place, quiz):
        place += 1
    if place == start or not (quiz.choices or quiz.answers):
        return None
    quiz.end = place
    _take_solution(lines, quiz)
    return quiz


def _take(line: str, place: int, quiz: _Quiz) -> bool:
    """Takes a line of a quiz, or returns false where the quiz has ended."""
    if match := ITEM.match(line):
        quiz.is_multiple = quiz.is_multiple or match["many"] is not None
        is_right = (match["one"] or match["many"]) in ("x", "X")
        quiz.choices.append(ForeignChoice(match["words"].strip(), is_right))
        return not quiz.answers
    if (match := HINT.match(line)) and (quiz.choices or quiz.answers):
        template = N_("There are no hints here. This one is left out: {hint}")
        quiz.losses.append(loss(place + 1, template, hint=match["words"].strip()[:200]))
        return True
    if (
        (match := TYPED.match(line))
        and not quiz.choices
        and not quiz.answers
        and match["answer"].strip(" !?")
    ):
        _take_typed(match["answer"], quiz)
        return True
    return False


def _take_typed(answer: str, quiz: _Quiz) -> None:
    """Takes words to type, or words to select, of which the right one stands in round brackets."""
    parts = [part.strip() for part in answer.split("|") if part.strip()]
    if len(parts) < 2:
        quiz.answers = (answer.strip(),)
        return
    quiz.choices = [
        ForeignChoice(part[1:-1].strip() if _is_round(part) else part, _is_round(part)) for part in parts
    ]


def _is_round(part: str) -> bool:
    return len(part) > 2 and part[0] == "(" and part[-1] == ")"


def _take_solution(lines: Lines, quiz: _Quiz) -> None:
    """Takes the text between two lines of stars as the explanation."""
    first = lines.skip_blank(quiz.end)
    if first < len(lines) and STARS.match(lines.all[first]):
        for last in range(first + 1, len(lines)):
            if lines.levels[last]:
                return
            if STARS.match(lines.all[last]):
                quiz.explanation = dedent("\n".join(lines.all[first + 1 : last])).strip("\n")
                quiz.end = last + 1
                return


def _reading(lines: Lines, floor: int, quiz: _Quiz) -> Reading | None:
    stem = find_stem(lines, floor, quiz.start, 0)
    if stem is None:
        return None
    has_answer = bool(quiz.answers) or any(choice.is_right for choice in quiz.choices)
    kind = "short" if quiz.answers else "multiple" if quiz.is_multiple else "single"
    question = ForeignQuestion(
        stem.title,
        stem.text,
        kind=kind,
        choices=tuple(quiz.choices),
        answers=quiz.answers,
        explanation=quiz.explanation,
    )
    losses = quiz.losses if has_answer else [*quiz.losses, no_answer(quiz.start + 1)]
    return Reading(NOTATION, stem.start, quiz.end, question, tuple(losses), shows_key=has_answer)
