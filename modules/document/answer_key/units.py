"""Cuts a document into the units that may have a key: the questions, and the other parts of the quiz."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from markdown_it.token import Token

from modules.document.html.plain_text import plain
from modules.document.html.tokens import parse
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.parser import parse_document
from modules.document.syntax.quiz import COMMENT, is_quote, is_tasks, top_level
from modules.document.syntax.source import normalise, split_lines
from modules.document.syntax.values import Document, Pool, Question, Quiz

Group = list[Token]  # one block at the top level, with everything inside it


@dataclass(frozen=True, slots=True)
class Unit:
    """Describes a question, the heading of a pool, or the introduction of the quiz.

    ``start`` and ``end`` are lines from 0, the end excluded. ``groups`` are its blocks, its heading first.
    """

    title: str
    heading: str
    start: int
    end: int
    groups: tuple[Group, ...]

    @property
    def asks(self) -> bool:
        return any(map(is_tasks, self.groups))


def units_of(text: str) -> list[Unit]:
    """Returns the units of a document in their order. A document without a quiz and without questions has none."""
    document = parse_document(text, is_limited=False)
    groups = [group for group in top_level(blocks_of(text)) if group[0].map]
    lines = sorted({*_spans_of_quiz(document), *_spans_of_checks(document, groups)})
    starts = [first_line(group) for group in groups]
    units = []
    for start, end in lines:
        inside = tuple(groups[bisect_left(starts, start) : bisect_left(starts, end)])
        units.append(Unit(plain(inside[0][1]), _one_line(inside[0][1]), start, end, inside))
    return units


def blocks_of(text: str) -> list[Token]:
    """Returns the tokens of a text, each with its line in the file, without the footnotes at their end."""
    normal = normalise(text)
    matter, _problems = parse_front_matter(normal)
    body = "".join(normal.split("\n", matter.lines)[matter.lines :])
    tokens = parse("\n" * matter.lines + body)
    end = next((i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    return tokens[:end]


def first_line(group: Sequence[Token]) -> int:
    return (group[0].map or [0])[0]


def fingerprint(lines: Sequence[str]) -> str:
    """Returns a few signs that change with the text of a unit, but not with its line ends."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _one_line(words: Token) -> str:
    return " ".join(COMMENT.sub("", words.content).split())


def _spans_of_quiz(document: Document) -> Iterator[tuple[int, int]]:
    quiz = document.quiz
    parts: list[Quiz | Pool | Question] = [quiz, *quiz.pools, *quiz.questions] if quiz else []
    for part in parts:
        yield part.line - 1, part.line - 1 + len(split_lines(part.source))


def _spans_of_checks(document: Document, groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """Yields the lines of the questions in sections: from the heading to the quotes right under the answers."""
    places = {first_line(group): place for place, group in enumerate(groups)}
    for check in chain.from_iterable(section.checks for section in document.sections):
        place = places[check.line - 1]
        yield check.line - 1, _last_line(_answers_end(groups[place], islice(groups, place + 1, None)))


def _answers_end(heading: Group, following: Iterable[Group]) -> Group:
    """Returns the last block of a question in a section: its choices, or a quote right under them."""
    end = heading
    has_choices = False
    for group in following:
        if group[0].type == "heading_open" or (has_choices and not is_tasks(group) and not is_quote(group)):
            break
        has_choices = has_choices or is_tasks(group)
        end = group if has_choices else end
    return end


def _last_line(group: Sequence[Token]) -> int:
    return (group[0].map or [0, 0])[1]
