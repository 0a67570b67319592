"""Translates a whole document.

The edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

from dataclasses import replace

from .authors import Author
from .documents import Block, Choice, Document, Question, Section
from .translation import translated

TRANSLATION = "translate"  # the name of the edit


def translate(author: Author) -> Document | None:
    """Translates every heading and text, once. Code, numbers and the addresses of links stay.

    It is the first edit of its load, since nobody could tell which part is which if parts were moved, too.
    """
    document = author.document
    if document.is_translated or author.causes:
        return None
    return replace(
        document,
        is_translated=True,
        settings=tuple(line.replace("language: id", "language: en") for line in document.settings),
        introduction=tuple(map(translated, document.introduction)),
        sections=tuple(map(_section, document.sections)),
        questions=tuple(map(_question, document.questions)),
        quiz_words=translated(document.quiz_words),
    )


def _section(section: Section) -> Section:
    return replace(section, heading=translated(section.heading), blocks=tuple(map(_block, section.blocks)))


def _block(block: Block) -> Block:
    return block if block.kind == "code" else replace(block, lines=tuple(map(translated, block.lines)))


def _question(question: Question) -> Question:
    return replace(
        question,
        heading=translated(question.heading),
        choices=tuple(map(_choice, question.choices)),
        answers=tuple(map(translated, question.answers)),
        body=translated(question.body),
        explanation=translated(question.explanation),
    )


def _choice(choice: Choice) -> Choice:
    return replace(choice, text=translated(choice.text), feedback=translated(choice.feedback))
