"""Parses the accepted answers of a question: words, words as they are written, and numbers with or without a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from markdown_it.token import Token

from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem
from modules.document.syntax.doubtful_numbers import doubts
from modules.document.syntax.numbers import (
    AROUND,
    AcceptedNumber,
    accepted_number,
    is_grouped,
    possible_values,
    quantity,
    typed_values,
)
from modules.document.syntax.question_attributes import has
from modules.document.syntax.signs import INVISIBLE
from modules.document.syntax.values import LONGEST_ANSWER, Answer

# Only after a number, so that the roots ±3 are words, as are 2 ± √3.
TOLERANCE = re.compile(
    r"\d\s*(?:[^\d,;=]{1,30}?\s*(?:±|\+/-|\+-)(?=\s|\Z)|(?:±|\+/-|\+-))\s*(?:[+-]?[.,]?\d|\Z)"
)
MARKUP = frozenset({"strong_open", "em_open", "s_open"})
# Underscores around a name, or stars between signs: nobody emphasises a part of a word.
SIGNS = re.compile(r"_[^\W_]\w*_|(?<=\w)\*+\w+\*|\*\w+\*+(?=\w)")
SEVERAL = re.compile(r"\S\s+/\s+\S|\S\s*;\s+\S")
EITHER = re.compile(r"(?P<one>\S+(?: \S+){0,2}) (?:atau|or) (?P<other>\S+(?: \S+){0,2})")
QUOTED = re.compile(r"[\"“„«](?P<words>.+)[\"”“»]|[‘'](?P<single>.+)[’']")
SUP = re.compile(r"<sup\b[^<>]*>", re.IGNORECASE)
RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


@dataclass(frozen=True, slots=True)
class Line:
    """An accepted answer as it stands in the document: its tokens (of one paragraph, or none) and its words."""

    number: int
    inline: Token | None
    words: str


def parse(lines: Sequence[Line], attributes: Attributes) -> tuple[list[Answer], list[Problem]]:
    """Returns the accepted answers, with what is wrong or doubtful in them.

    ``{case}`` makes capitals count, and ``{unit=required}`` the unit of a number.
    """
    unit = attributes.values.get("unit")
    answers = [_answer(line, any_unit=unit is not None) for line in lines]
    problems = [
        problem for line, answer in zip(lines, answers, strict=True) for problem in _problems(line, answer)
    ]
    case_counts = has(attributes, "case")
    return [
        replace(
            answer,
            case=case_counts and not answer.as_written,
            needs_unit=unit == "required" and bool(answer.unit),
        )
        for answer in answers
    ], problems


def _answer(line: Line, *, any_unit: bool) -> Answer:
    if code := _code(line.inline):
        return Answer(code, as_written=True)
    text = _text(line)
    number = accepted_number(text, any_unit=any_unit)
    if number is None or not _is_typeable(text, number):
        return Answer(text)
    return Answer(text, number.value, number.tolerance, number.unit, unit_first=number.is_unit_first)


def _is_typeable(text: str, number: AcceptedNumber) -> bool:
    """Tells whether a number counts as right if a learner types it as the author wrote it, without a tolerance."""
    typed = typed_values(
        AROUND.split(text)[0], number.unit, needs_unit=bool(number.unit), is_unit_first=number.is_unit_first
    )
    return Fraction(Decimal(number.value)) in typed or number.tolerance is not None


def _code(inline: Token | None) -> str:
    """Returns what stands in backticks, if nothing else stands there."""
    children = [
        child for child in (inline.children if inline else None) or [] if child.content or child.nesting
    ]
    return children[0].content if len(children) == 1 and children[0].type == "code_inline" else ""


def _text(line: Line) -> str:
    """Returns the words of an answer, or its source where Markdown takes signs away that belong to it."""
    source = " ".join(line.inline.content.split()) if line.inline else ""
    return source if _loses_signs(line) else _raised(line) or line.words


def _raised(line: Line) -> str:
    """Returns the words of an answer with superscripts, since 10<sup>3</sup> is not 103, or nothing if it has none."""
    children = (line.inline.children if line.inline else None) or []
    if not any(SUP.match(child.content) for child in children if child.type == "html_inline"):
        return ""
    words, is_raised = "", False
    for child in children:
        if child.type == "html_inline":
            is_raised = bool(SUP.match(child.content))
        else:
            words += child.content.translate(RAISED) if is_raised else child.content
    return " ".join(words.split())


def _loses_signs(line: Line) -> bool:
    """Tells whether markup is made of signs that belong to an answer, as in ``__init__`` and ``2*3*4``."""
    inline = line.inline
    has_markup = inline is not None and any(child.type in MARKUP for child in inline.children or [])
    return has_markup and inline is not None and bool(SIGNS.search(inline.content))


def _problems(line: Line, answer: Answer) -> Iterator[Problem]:
    yield from _unanswerable(line, answer.text)
    if answer.as_written or not answer.text:
        return
    if _loses_signs(line):
        yield _markup(line, answer)
    elif _has_formula(line):
        yield _formula(line, answer)
    yield from doubts(line.number, answer)
    if answer.value is None:
        yield from _of_words(line, answer.text)
    elif not _has_decimal_tolerance(answer) and is_grouped(_number_in(answer.text)):
        yield _grouped(line, answer)


def _unanswerable(line: Line, text: str) -> Iterator[Problem]:
    """Yields an error where nobody could type the answer: it is longer than the field, or nothing of it can be seen."""
    if len(text) > LONGEST_ANSWER:
        template = N_(
            "This accepted answer has {count} characters, and learners can type {most}. Shorten it, or ask in another way."
        )
        params: dict[str, str | int] = {"count": len(text), "most": LONGEST_ANSWER}
        yield Problem(line.number, "error", "long-accepted-answer", template, params)
    elif text and not INVISIBLE.sub("", text).strip():
        template = N_("This accepted answer has only characters that nobody can see. Write it anew.")
        yield Problem(line.number, "error", "unseen-answer", template)


def _of_words(line: Line, text: str) -> Iterator[Problem]:
    if TOLERANCE.search(text):
        template = N_(
            "“{answer}” has a tolerance, but is no number with a unit that is known. Write it such as 8 ± 1 or 8 km ± 1, or write {{unit=optional}} behind the question to name the unit yourself."
        )
        yield Problem(line.number, "error", "tolerance", template, {"answer": text[:80]})
    elif SEVERAL.search(text) or EITHER.fullmatch(text):
        template = N_(
            "“{answer}” counts as one answer. If these are several, give each a line of its own that begins with [=]."
        )
        yield Problem(line.number, "warning", "several-answers", template, {"answer": text[:80]})
    elif match := QUOTED.fullmatch(text):
        template = N_(
            "The quotation marks around “{answer}” belong to the answer. Take them out, or write it in backticks."
        )
        words = match["words"] or match["single"]
        yield Problem(line.number, "warning", "quoted-answer", template, {"answer": words[:80]})


def _markup(line: Line, answer: Answer) -> Problem:
    template = N_(
        "Markdown reads signs in this accepted answer as markup. It counts as “{answer}”. Write it in backticks, as `{answer}`, if every sign counts."
    )
    return Problem(line.number, "warning", "answer-markup", template, {"answer": answer.text[:80]})


def _has_formula(line: Line) -> bool:
    """Tells whether an answer has a formula with commands, which learners would have to type."""
    children = (line.inline.children if line.inline else None) or []
    return any("\\" in child.content for child in children if child.type.startswith("math_inline"))


def _formula(line: Line, answer: Answer) -> Problem:
    template = N_(
        "This formula counts as “{answer}”, which learners would have to type. Write the answer as they type it, such as 1/2 or x^2."
    )
    return Problem(line.number, "warning", "answer-formula", template, {"answer": answer.text[:80]})


def _has_decimal_tolerance(answer: Answer) -> bool:
    """Tells whether a tolerance shows that the number is a decimal: nobody writes 25.000 ± 0.5 and means thousands."""
    return answer.tolerance is not None and Decimal(answer.tolerance) < 1


def _number_in(text: str) -> str:
    """Returns the number of an answer as it is written, without its unit and its tolerance."""
    middle = quantity(AROUND.split(text)[0], any_unit=True)
    return middle.number if middle else ""


def _grouped(line: Line, answer: Answer) -> Problem:
    values = possible_values(_number_in(answer.text))
    params = {"answer": answer.text[:80], "value": str(values[0])}
    if len(values) == 1:
        template = N_("“{answer}” is read as {value}. Write it without points and commas between thousands.")
        return Problem(line.number, "warning", "grouped-number", template, params)
    template = N_(
        "“{answer}” is read as the decimal {value}. Write {other} if it is in thousands, or {value} ± 0 if it is a decimal."
    )
    params |= {"value": _shortest(answer.value or ""), "other": str(values[1])}
    return Problem(line.number, "warning", "grouped-number", template, params)


def _shortest(value: str) -> str:
    return value.rstrip("0").rstrip(".")


def kind_of(answers: Iterable[Answer]) -> str:
    """Returns ``numerical`` if every accepted answer is a number, else ``short``."""
    return "numerical" if all(answer.value is not None for answer in answers) else "short"
