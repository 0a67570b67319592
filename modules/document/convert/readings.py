"""Holds a question that was read from a text, with the lines that it takes there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from modules.document.convert.choices import Choice
from modules.document.convert.converted import loss
from modules.document.convert.writing import ForeignChoice, ForeignQuestion
from modules.document.html.tokens import Attributes, parse
from modules.document.problems import N_, Problem
from modules.document.syntax.near_misses import number_of_points, points_in
from modules.document.syntax.quiz import POINTS


@dataclass(frozen=True, slots=True)
class Reading:
    """Describes a question on the lines from ``start`` to ``end``, the end excluded, in a ``notation``.

    ``shows_key`` tells whether the text as it stands shows its right answer to everyone.
    """

    notation: str
    start: int
    end: int
    question: ForeignQuestion
    losses: tuple[Problem, ...] = ()
    shows_key: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Describes what one family of notations found: questions, losses beside them, and lines that only frame them.

    ``answered`` has, for each question with its answer in a key elsewhere, the first line of that key.
    """

    readings: tuple[Reading, ...] = ()
    losses: tuple[Problem, ...] = ()
    frames: tuple[int, ...] = ()
    answered: tuple[int, ...] = ()


def with_attributes(reading: Reading, heading: str) -> Reading:
    """Returns a reading with what its title says about identity and points, in our notation or in others."""
    question = reading.question
    if question.title.endswith("}") and heading.rstrip().endswith("}"):
        attributes: Attributes = parse(f"# {question.title}")[0].meta["attributes"]
        points = _points(attributes.values.get("points", ""))
        has_any = attributes.id or attributes.values or attributes.classes
        title = question.title[: question.title.rfind("{")].rstrip() if has_any else question.title
        is_multiple = "multiple" in attributes.values and question.kind == "single"
        kind = "multiple" if is_multiple else question.kind
        question = replace(question, title=title, kind=kind, points=points, identity=attributes.id)
    if question.points == 1 and (match := points_in(question.title)):
        points = _points(number_of_points(match))
        title = question.title[: len(question.title) - len(match[0])].rstrip()
        question = replace(question, title=title, points=points)
    return replace(reading, question=question)


def _points(written: str) -> Fraction:
    written = written.replace(",", ".")
    return Fraction(written) if POINTS.fullmatch(written) and Fraction(written) > 0 else Fraction(1)


def no_answer(line: int) -> Problem:
    """Returns the loss of a question whose right answer was not found."""
    return loss(line, N_("The right answer of this question was not found. Mark one with [x]."))


def foreign_choices(choices: list[Choice], right: set[int]) -> tuple[ForeignChoice, ...]:
    """Returns choices for writing. ``right`` has the positions of the right ones."""
    return tuple(
        ForeignChoice(choice.text, place in right, "\n".join(choice.feedback))
        for place, choice in enumerate(choices)
    )
