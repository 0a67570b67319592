"""Puts the quiz of a file that is a quiz alone into the text of its module, whose sections stay."""

from __future__ import annotations

import re
from dataclasses import replace

from modules.authoring.policy import module_for_document
from modules.authoring.uploads import Upload
from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.quiz_draft import questions_of
from modules.document.problems import N_, Problem
from modules.document.syntax import parser
from modules.document.syntax.values import Document
from modules.models import Module, ModuleQuerySet

DEEPEST = (
    2  # the level of a quiz's heading: headings in the texts of its questions begin with the fourth level
)
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]")
UNDERLINED = re.compile(r"[^\n]+\n {0,3}(=|-)+[ \t]*(?:\n|\Z)")
INTO = N_(
    "This file is a quiz alone. So the draft is the text of “{title}” with its final quiz replaced; its sections and rules stay. For a module of its own, give the file another name or category."
)
ALONE = N_(
    "This file is a quiz alone, without sections. Loading this draft takes all sections out of “{title}”."
)


def for_module(
    upload: Upload, module: Module | None, *, among: ModuleQuerySet
) -> tuple[Upload, Module | None]:
    """Returns an upload and its module. A quiz alone becomes the text of its module with that quiz, and says so.

    The quiz goes into the given module, or else into the one ``among`` some that has its title. The latter is not
    returned: whether the draft replaces that module is for its author to say.
    """
    if upload.quiz is None:
        return upload, module
    document = parser.parse_document(upload.text, name=upload.filename)
    found = module_for_document(document, module, among=among)
    if found is None:
        return upload, None
    text = with_quiz(found.text(), upload.quiz)
    remark = Problem(0, "warning", "quiz-alone", INTO if text else ALONE, {"title": found.title})
    losses = (remark, *upload.losses)
    if not text:
        return replace(upload, losses=losses), module
    return replace(upload, text=text, losses=losses), module


def with_quiz(text: str, quiz: ForeignQuiz) -> str:
    """Returns a text with other questions in its quiz, or an empty text where these cannot take their place."""
    document = parser.parse_document(text, is_limited=False)
    parts = [document.preamble, *(section.source for section in document.sections)]
    place = document.quiz.place + 1 if document.quiz else len(parts)
    heading = document.quiz.source if document.quiz else _heading(document)
    level = _level(heading)
    old = document.quiz.text if document.quiz else ""
    is_whole = "".join([*parts[:place], old, *parts[place:]]) == document.text
    if not is_whole or not 1 <= level <= DEEPEST:
        return ""
    before, after = "".join(parts[:place]), "".join(parts[place:])
    pieces = (before.rstrip(), heading.strip(), questions_of(quiz, level=level + 1).strip(), after.strip())
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _heading(document: Document) -> str:
    """Returns the heading of a quiz beside the sections of a document that has none, and nothing if it wants none."""
    if "quiz" not in document.lacks or not document.sections:
        return ""
    level = _level(document.sections[0].source)
    words = "Final quiz" if document.language.startswith("en") else "Kuis akhir"
    return f"{'#' * level} {words} {{.quiz}}" if level else ""


def _level(source: str) -> int:
    """Returns the level of the heading that a part begins with, or 0."""
    if match := HEADING.match(source):
        return len(match[1])
    underlined = UNDERLINED.match(source)
    return (1 if underlined[1] == "=" else 2) if underlined else 0
