"""Tells how a document is cut: the level of its sections, its final quiz, and the questions that are read already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from modules.document.convert.lines import Lines
from modules.document.html.tokens import parse
from modules.document.syntax import checks, pools
from modules.document.syntax.quiz import is_tasks, top_level
from modules.document.syntax.sections import Outline, Part, cut_document, line_of


@dataclass(frozen=True, slots=True)
class Shape:
    """Describes the cut of a document; lines count from 0, and each span leaves out its end.

    ``title`` is the line of the title's heading, ``levels`` has the level of each heading by its line. ``quiz`` is the
    span of the final quiz, at ``quiz_level``. ``read`` are the spans of questions that are in our notation.
    """

    title: int | None
    levels: dict[int, int]
    depth: int
    quiz: tuple[int, int] | None
    quiz_level: int
    read: tuple[tuple[int, int], ...]

    def is_read(self, place: int) -> bool:
        return any(start <= place < end for start, end in self.read)

    def is_in_quiz(self, place: int) -> bool:
        return self.quiz is not None and self.quiz[0] <= place < self.quiz[1]


def shape_of(lines: Lines) -> Shape:
    """Returns the cut of a document as the parser makes it."""
    matter = lines.matter
    text = "\n" * matter.lines + "\n".join(lines.all[matter.lines :])
    tokens = parse(text, deadline=lines.deadline)
    outline = cut_document(tokens, matter, len(lines), title="")
    quiz = next((part for part in outline.parts if part.is_quiz), None)
    return Shape(
        title=_title(outline, tokens),
        levels=dict(_headings(tokens)),
        depth=outline.depth,
        quiz=(quiz.line - 1, quiz.end) if quiz else None,
        quiz_level=quiz.level if quiz else 0,
        read=(*(_questions(quiz) if quiz else ()), *_checks(tokens, len(lines))),
    )


def _title(outline: Outline, tokens: Sequence[Token]) -> int | None:
    return None if outline.title_start is None else line_of(tokens[outline.title_start]) - 1


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    for token in tokens:
        if token.type == "heading_open" and token.level == 0:
            yield line_of(token) - 1, int(token.tag[1])


def _questions(quiz: Part) -> Iterator[tuple[int, int]]:
    """Yields the spans of the questions of a quiz whose choices or accepted answers all have a mark of ours."""
    for cut in pools.cuts(quiz.tokens, quiz.level):
        tokens = quiz.tokens[cut.start : cut.end]
        items = [item for group in top_level(tokens) if is_tasks(group) for item in top_level(group[1:-1])]
        if not cut.is_pool and items and all("task" in item[0].meta for item in items):
            end = line_of(quiz.tokens[cut.end]) - 1 if cut.end < len(quiz.tokens) else quiz.end
            yield line_of(tokens[0]) - 1, end


def _checks(tokens: Sequence[Token], end: int) -> Iterator[tuple[int, int]]:
    """Yields the spans of the headings that have the class of questions in the text."""
    headings = [token for token in tokens if token.type == "heading_open" and token.level == 0]
    for place, heading in enumerate(headings):
        if checks.is_marked(heading):
            deeper = (
                line_of(following) - 1 for following in headings[place + 1 :] if following.tag <= heading.tag
            )
            yield line_of(heading) - 1, next(deeper, end)
