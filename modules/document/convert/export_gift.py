"""Writes a quiz in GIFT, the text format of Moodle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from modules.document.convert.exported import Exported, losses_of, problems_of, take_apart
from modules.document.convert.portable import PortableQuestion
from modules.document.syntax.values import Document

SIGNS = re.compile(r"[\\:#={}~]")
LONGEST_NAME = 100  # characters of the name of a question in a list of questions


def export_gift(document: Document) -> Exported:
    """Returns the quiz of a document that has no errors."""
    quiz, _images = take_apart(document, {}, str)
    losses = losses_of(quiz)
    lines = [f"$CATEGORY: {category_path(document.title)}\n"]
    category = ""
    for question in quiz.questions:
        losses.update(_losses(question))
        title = question.pool.title if question.pool else ""
        if title != category:
            lines.append(f"$CATEGORY: {category_path(document.title, title)}\n")
            category = title
        lines.append(_question(question))
    return Exported(f"{document.slug}.gift.txt", "\n".join(lines).encode(), problems_of(losses))


def category_path(*titles: str) -> str:
    """Returns the path of a category of Moodle, in which ``//`` stands for a stroke."""
    return "/".join(
        ["$course$", "top", *(" ".join(title.split()).replace("/", "//") for title in titles if title)]
    )


def _losses(question: PortableQuestion) -> Iterator[str]:
    if question.points != 1:
        yield "points"
    if question.pool and question.pool.draw:
        yield "draw"
    if question.kind == "short" and any("->" in answer.text for answer in question.answers):
        yield "arrow"


def _question(question: PortableQuestion) -> str:
    answers = "".join(f"\t{line}\n" for line in _answers(question))
    opening = "{#" if question.kind == "numerical" else "{"
    return f"// [id:{question.identity}]\n::{_escaped(question.title[:LONGEST_NAME])}::[html]{_escaped(question.prompt)} {opening}\n{answers}}}\n"


def _answers(question: PortableQuestion) -> Iterator[str]:
    right = sum(choice.right for choice in question.choices)
    for choice in question.choices:
        feedback = f"#{_escaped(choice.feedback)}" if choice.feedback else ""
        yield f"{_sign(question, is_right=choice.right, right=right)}{_escaped(choice.html)}{feedback}"
    for answer in question.answers:
        if answer.value is None or question.kind == "short":
            yield f"={_escaped(answer.text.replace('*', chr(92) + '*'))}"  # a bare asterisk stands for any text
        else:
            yield f"={answer.value}:{answer.tolerance or '0'}"
    if question.explanation:
        yield f"####{_escaped(question.explanation)}"


def _sign(question: PortableQuestion, *, is_right: bool, right: int) -> str:
    if question.kind == "single":
        return "=" if is_right else "~"
    return f"~%{'' if is_right else '-'}{share(right)}%"


def share(count: int) -> str:
    """Returns the percentage that each of so many right choices gives, in the form that Moodle knows."""
    return f"{float(Fraction(100, count)):.5f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return SIGNS.sub(r"\\\g<0>", text).replace("\n", "\\n")
