"""Holds a quiz that was written for another program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from modules.document.convert.losses import WRITING
from modules.document.convert.portable import PortableQuestion, PortableQuiz, portable_quiz
from modules.document.html.images import ImageIndex, find_image
from modules.document.problems import Problem
from modules.document.syntax.values import Document

# What no other program takes from a quiz, whatever the format.
ALWAYS = ("sections", "rules")


@dataclass(frozen=True, slots=True)
class Exported:
    """Holds the bytes of a file, its name, and one warning for each kind of thing that the format cannot say."""

    filename: str
    content: bytes
    problems: tuple[Problem, ...]


def take_apart(
    document: Document, images: Mapping[str, bytes], place: Callable[[str], str]
) -> tuple[PortableQuiz, dict[str, bytes]]:
    """Returns a quiz with the images that it shows, by their paths.

    ``place`` turns the path of an image into its address in the other program.
    """
    shown: dict[str, bytes] = {}
    paths, index = {path: path for path in images}, ImageIndex(images)

    def address(source: str) -> str | None:
        found = find_image(source, paths, index)
        if len(found) != 1:
            return None
        shown[found[0]] = images[found[0]]
        return place(found[0])

    return portable_quiz(document, address), shown


def problems_of(kinds: Iterable[str]) -> tuple[Problem, ...]:
    """Returns one warning for each kind, in the order of the table."""
    wanted = set(kinds)
    return tuple(
        Problem(0, "warning", f"unsaid-{kind}", template)
        for kind, template in WRITING.items()
        if kind in wanted
    )


def losses_of(quiz: PortableQuiz) -> set[str]:
    """Returns the kinds of things in a quiz that no format here can say."""
    document = quiz.document
    pinned = any(
        choice.pinned
        for question in (document.quiz.questions if document.quiz else ())
        for choice in question.choices
    )
    found = {*ALWAYS, *quiz.losses}
    found |= {"pinned"} if pinned and document.rules.shuffle else set()
    found |= {"scoring"} if document.rules.scoring == "all_or_nothing" and _has_multiple(quiz) else set()
    found |= {"judging"} if any(is_judged_specially(question) for question in quiz.questions) else set()
    found |= {"quiz-text"} if document.quiz and document.quiz.html.strip() else set()
    found |= {"checks"} if any(section.checks for section in document.sections) else set()
    return found


def is_judged_specially(question: PortableQuestion) -> bool:
    """Tells whether units, capitals or all signs count in a typed answer, or whether a number stands among words."""
    return any(
        answer.unit or answer.case or answer.as_written or (answer.value and question.kind == "short")
        for answer in question.answers
    )


def _has_multiple(quiz: PortableQuiz) -> bool:
    return any(question.kind == "multiple" for question in quiz.questions)
