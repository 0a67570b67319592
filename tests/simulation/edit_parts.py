"""Provides the steps that edits of sections and questions share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from .authors import Author
from .documents import Document, Question, Section

Part = TypeVar("Part", Section, Question)


def replace_part(author: Author, old: Section | Question, new: Section | Question) -> Document:
    """Returns the document with one part replaced by another."""
    document = author.document
    if isinstance(old, Section):
        changed = (new if section is old else section for section in document.sections)
        return replace(document, sections=tuple(changed))
    return replace(
        document, questions=tuple(new if question is old else question for question in document.questions)
    )


def move_one(author: Author, parts: Sequence[Part]) -> tuple[Part, ...] | None:
    if len(parts) < 2:
        return None
    moved = list(parts)
    part = moved.pop(author.random.randrange(len(moved)))
    places = [place for place in range(len(parts)) if parts[place] is not part]
    moved.insert(author.random.choice(places), part)
    return tuple(moved)


def any_section(author: Author) -> Section | None:
    return author.random.choice(author.document.sections) if author.document.sections else None


def any_question(author: Author) -> Question | None:
    return author.random.choice(author.document.questions) if author.document.questions else None


def removed_parts(author: Author, kind: type[Part]) -> list[Part]:
    active = {part.uid for part in (*author.document.sections, *author.document.questions)}
    excluded = active | author.absorbed
    return [part for uid, part in author.seen.items() if uid not in excluded and isinstance(part, kind)]
