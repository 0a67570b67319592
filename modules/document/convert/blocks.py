"""Cuts a text into blocks: the words of a question, its choices, and the answer that follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from modules.document.convert.answers import Tail, read_tail
from modules.document.convert.choices import Run, runs
from modules.document.convert.keys import Key
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.stems import QUIZLIKE, Stem, asks, find_stem
from modules.document.convert.ticks import has_bold_choice, is_marked


@dataclass(slots=True)
class Block:
    """Describes a question as it stands in a text. ``is_in_quiz`` tells whether a heading above calls it a quiz.

    ``key`` is the answer of a list elsewhere, ``key_reason`` the words that explain it there.
    ``unclear_key`` has letters that are the key of this question, or of all ``questions_of_key`` up to this one.
    ``is_plain`` tells whether the choices are a list in which only bold words say what is right.
    """

    stem: Stem
    run: Run
    tail: Tail
    is_in_quiz: bool
    key: str = ""
    key_reason: str = ""
    unclear_key: str = ""
    questions_of_key: int = 0
    is_plain: bool = False

    @property
    def line(self) -> int:
        """Returns the line of the question, from 1."""
        return self.stem.start + 1

    @property
    def is_asking(self) -> bool:
        last = self.stem.text.rpartition("\n\n")[2]
        return self.stem.is_named or asks(self.stem.title) or asks(last)

    def may_be_read(self, *, has_answer: bool) -> bool:
        """Checks whether the words and choices are a question, with an answer or without one."""
        if self.run.is_counted:  # without an answer it may be any list in a list
            return (self.is_asking or self.is_in_quiz) if has_answer else (self.is_asking and self.is_in_quiz)
        return has_answer or self.is_asking or bool(self.stem.number) or self.is_in_quiz


def blocks(lines: Lines, keys: list[Key], taken: Sequence[tuple[int, int]] = ()) -> list[Block]:
    """Returns the blocks of a text. ``taken`` are the spans of lines that belong to something else."""
    spans = sorted([*taken, *((key.start, key.end) for key in keys)])
    return list(_without_lone_bold(_blocks(lines, spans)))


def _blocks(lines: Lines, spans: Sequence[tuple[int, int]]) -> Iterator[Block]:
    floor, last_number = lines.matter.lines, 0
    context = Context(lines)
    ends = iter([*spans, (len(lines), len(lines))])
    start, end = next(ends)
    for run in _choices(lines):
        while end <= run.start:
            floor, last_number = max(floor, end), 0
            start, end = next(ends)
        is_plain = not is_marked(run)
        if run.start >= start or run.start < floor or (is_plain and not has_bold_choice(run.choices)):
            continue
        stem = find_stem(lines, floor, run.start, last_number)
        if stem is None or not (stem.title or stem.text):
            floor = floor if is_plain else run.end
            continue
        tail = read_tail(lines, run.end)
        block = Block(stem, run, tail, context.is_in_quiz(stem.start), is_plain=is_plain)
        if is_plain and not (block.is_in_quiz and (stem.number or block.is_asking)):
            continue  # a list in which some words are bold
        yield block
        floor, last_number = tail.end, stem.number


def _choices(lines: Lines) -> Iterator[Run]:
    """Yields the runs without those with letters that boxes follow: they are statements of the question."""
    before: Run | None = None
    for run in runs(lines):
        has_boxes = run.is_boxed and not run.is_lettered
        if before and not (before.is_lettered and has_boxes and lines.skip_blank(before.end) == run.start):
            yield before
        before = run
    if before:
        yield before


def _without_lone_bold(blocks: Iterable[Block]) -> list[Block]:
    """Returns the blocks without a single plain list under words that ask nothing: its bold item only stands out."""
    found = list(blocks)
    plain = [block for block in found if block.is_plain]
    is_lone = len(plain) == 1 and not plain[0].is_asking
    return [block for block in found if not (is_lone and block.is_plain)]


class Context:
    """Follows the headings down a text."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.place = lines, 0
        self.path: list[tuple[int, bool]] = []  # the level of each heading above, and whether it names a quiz

    def is_in_quiz(self, place: int) -> bool:
        """Checks whether a heading above a line is called a quiz. The lines have to come in their order."""
        for line in range(self.place, place):
            if level := self.lines.levels[line]:
                while self.path and self.path[-1][0] >= level:
                    self.path.pop()
                self.path.append((level, bool(QUIZLIKE.search(heading_words(self.lines.all[line])))))
        self.place = max(self.place, place)
        level = self.lines.levels[place] or 7
        return any(is_quiz for above, is_quiz in self.path if above < level)
