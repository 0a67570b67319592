"""Says where a new section or question goes in a document, and with which words it begins."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from modules.document.syntax.placeholders import WORDS
from modules.document.syntax.source import split_lines
from modules.document.syntax.values import Document, Pool, Question, Quiz, Section

HASHES = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
BRACKETS = re.compile(r"[\[\]\\]")
USUAL_LEVEL = 2  # of a section, in a document that has none yet
DEEPEST_LEVEL = 6

QUESTION = """\
{marks} {question}

{choices}

> {explanation}
"""


@dataclass(frozen=True, slots=True)
class NewPart:
    """Holds lines that belong before a ``line`` of a text, counted from 1. ``title`` is replaced by the author first.

    A ``line`` after the last one means the end of the text.
    """

    line: int
    text: str
    title: str


def new_section(document: Document, caret: int, language: str, within: range | None = None) -> NewPart:
    """Returns a section that follows the one on the line ``caret``. It never stands inside the quiz.

    ``language`` is used where the document states none. ``within`` are the lines that may be changed, if not all.
    """
    words = _words(document, language)
    text = f"{'#' * _section_level(document, caret)} {words['section']}\n\n{words['text']}\n"
    return _placed(document, _bounded(_section_place(document, caret), within), text, words["section"])


def new_question(document: Document, caret: int, language: str, within: range | None = None) -> NewPart:
    """Returns a question that follows the one on the line ``caret``, or else the last one of the quiz.

    A document without a quiz gets one at its end. The other arguments are those of :func:`new_section`.
    """
    words = _words(document, language)
    if document.quiz is None:
        end = _end(document)
        level = _section_level(document, end)
        question = _question(document, min(level + 1, DEEPEST_LEVEL), words)
        text = f"{'#' * level} {words['quiz']}\n\n{question}"
        return _placed(document, _bounded(end, within), text, words["question"])
    place = _bounded(_question_place(document, document.quiz, caret), within)
    text = _question(document, _question_level(document.quiz, place), words)
    return _placed(document, place, text, words["question"])


def _words(document: Document, language: str) -> dict[str, str]:
    is_english = (document.language or language).lower().startswith("en")
    return WORDS["en" if is_english else "id"]


def _bounded(line: int, within: range | None) -> int:
    return min(max(line, within.start), within.stop) if within else line


def _placed(document: Document, line: int, text: str, title: str) -> NewPart:
    """Returns a new part with the blank lines that it needs around it."""
    lines = split_lines(document.text)
    before = "\n" if line > 1 and lines[line - 2].strip() else ""
    after = "\n" if line <= len(lines) else ""
    return NewPart(line, before + text + after, title)


def _end(document: Document) -> int:
    return len(split_lines(document.text)) + 1


# ------------------------------------------------------------------------------------------------- sections


def _section_place(document: Document, caret: int) -> int:
    quiz = document.quiz
    starts = sorted(_part_levels(document))
    following = bisect_right(starts, caret)
    if quiz and following and starts[following - 1] == quiz.line:
        return quiz.line
    return starts[following] if following < len(starts) else _end(document)


def _section_level(document: Document, caret: int) -> int:
    """Returns the level of a new section: that of the part on the line ``caret``, or of the first part.

    A single heading of the first level becomes the title as soon as a deeper heading follows it.
    """
    levels = _part_levels(document)
    if not levels or list(levels.values()) == [1]:
        return USUAL_LEVEL
    starts = sorted(levels)
    return levels[starts[max(bisect_right(starts, caret) - 1, 0)]] or USUAL_LEVEL


def _part_levels(document: Document) -> dict[int, int]:
    """Returns the level of each section and of the quiz by its first line. A text without a heading has the level 0."""
    parts: list[Section | Quiz] = [*document.sections, *([document.quiz] if document.quiz else [])]
    return {part.line: _level(part.source) for part in parts}


# ------------------------------------------------------------------------------------------------ questions


def _question(document: Document, level: int, words: dict[str, str]) -> str:
    """Returns a question. Each next question has its right choice in the next place."""
    asked = document.quiz.questions if document.quiz else ()
    choices = [f"- [ ] {words['wrong']}", f"- [ ] {words['other']}"]
    choices.insert(len(asked) % 3, f"- [x] {words['right']}")
    return QUESTION.format(
        marks="#" * level,
        question=words["question"],
        choices="\n".join(choices),
        explanation=f"{words['explanation']} {_way_back(document, words)}".rstrip(),
    )


def _way_back(document: Document, words: dict[str, str]) -> str:
    """Returns a link to the first section that no question explains, or else to the last section."""
    asked = document.quiz.questions if document.quiz else ()
    explained = {identity for question in asked for identity in question.explains}
    left = [section for section in document.sections if section.identity not in explained]
    section = next(iter([*left, *document.sections[-1:]]), None)
    if section is None or not _level(section.source):
        return ""
    return words["read"].format(link=f"[{BRACKETS.sub('', section.title)}](#{section.identity})")


def _question_place(document: Document, quiz: Quiz, caret: int) -> int:
    after_quiz = (section.line for section in document.sections if section.line > quiz.line)
    end = min(after_quiz, default=_end(document))
    if not quiz.line <= caret < end:
        return end
    return min((line for line in _piece_levels(quiz) if line > caret), default=end)


def _question_level(quiz: Quiz, place: int) -> int:
    """Returns the level of the question before a line, or else of what follows the heading there."""
    pieces = _piece_levels(quiz)
    before = max((line for line in pieces if line < place), default=0)
    is_question = any(question.line == before for question in quiz.questions)
    neighbour = before if is_question else min((line for line in pieces if line >= place), default=0)
    return pieces.get(neighbour, 0) or min((_level(quiz.source) or USUAL_LEVEL) + 1, DEEPEST_LEVEL)


def _piece_levels(quiz: Quiz) -> dict[int, int]:
    """Returns the level of each question and pool of a quiz by its line."""
    pieces: list[Question | Pool] = [*quiz.questions, *quiz.pools]
    return {piece.line: _level(piece.source) for piece in pieces}


def _level(source: str) -> int:
    """Returns the level of the heading with which a text begins, or 0."""
    lines = split_lines(source)[:2]
    if lines and (hashes := HASHES.match(lines[0])):
        return len(hashes[1])
    if len(lines) == 2 and (underline := UNDERLINE.match(lines[1])):
        return 1 if underline[1].startswith("=") else 2
    return 0
