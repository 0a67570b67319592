"""Recognises which notations a text holds, and reads their questions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from modules.document.convert import (
    aiken,
    chat_lines,
    fences,
    gift_in_text,
    headings,
    labels,
    lettered,
    liascript,
    listed,
    mkdocs_quiz,
    on_one_line,
    open_answers,
    open_key,
    pairs,
    question_tables,
    task_lists,
    ticked,
    true_false,
)
from modules.document.convert.blocks import blocks
from modules.document.convert.converted import loss
from modules.document.convert.key_matching import match_keys
from modules.document.convert.key_of_all import share_keys
from modules.document.convert.keys import Key, keys
from modules.document.convert.keys_apart import keys_apart
from modules.document.convert.leaks import Leak, find_leaks, problems_of, rest_of_key
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Part, Reading, with_attributes
from modules.document.convert.shape import Shape, shape_of
from modules.document.deadline import NEVER, Deadline, TooSlow
from modules.document.problems import N_, Problem
from modules.document.syntax import limits
from modules.document.syntax.lookalikes import names_key
from modules.document.syntax.values import Document

CODE = "other-notation"
SHOWN = "shown-key"
QUIZ_REPORTED = frozenset({"looks-like-quiz", "stray-quiz"})  # say the same of a list of tasks
OUR_KEY = "- [x]"
NEAR_MISS = "marks"  # in the quiz, where the parser reports each of them itself
FRAMED = (
    headings,
    mkdocs_quiz,
    liascript,
    gift_in_text,
    question_tables,
    true_false,
    pairs,
    on_one_line,
    listed,
    open_answers,
    open_key,
)  # notations with signs of their own, which are read before all others
SENTENCES = {
    fences.NOTATION: N_(
        "The whole document is one code block, so it is shown as code. Take out this line and the last line of the block."
    ),
    headings.NOTATION: N_(
        "Headings say --question-- and --answer-- here, but no question is read, and learners would see the answers ({count} in all). Convert them, or write each question as a heading in a section “Kuis akhir”."
    ),
    mkdocs_quiz.NOTATION: N_(
        "Questions of mkdocs-quiz are not read here, and learners would see their key ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    liascript.NOTATION: N_(
        "Quizzes of LiaScript are not read here, and learners would see their key ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    gift_in_text.NOTATION: N_(
        "Questions in GIFT are not read here, and learners would see their key ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    aiken.NOTATION: N_(
        "Questions in the format Aiken are not read here, and learners would see their key ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    task_lists.NOTATION: N_(
        "These look like questions, but they stand outside a quiz, and learners would see what is ticked ({count} in all). Convert them, or write each as a heading below a heading “Kuis akhir”."
    ),
    lettered.NOTATION: N_(
        "Choices with letters and an answer are shown as text, with their key ({count} in all). Convert them, or write each question as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    listed.NOTATION: N_(
        "Choices in a plain list and an answer are shown as text, with their key ({count} in all). Convert them, or write each question as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    open_answers.NOTATION: N_(
        "Answers below questions are shown as text ({count} in all). Convert them, or write each question as a heading with its accepted answers, - [=], in a section “Kuis akhir”."
    ),
    question_tables.NOTATION: N_(
        "Questions in a table are shown as text, with their key ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
    ticked.NOTATION: N_(
        "Choices that a sign such as ✅ or bold words mark are shown as text, with that sign ({count} in all). Convert them, or write each question as a heading with choices [ ] and [x] in a section “Kuis akhir”."
    ),
}
SECONDS = 5  # that a page waits for the search; raised, a hostile text holds a process longer
NOT_SEARCHED = N_(
    "This text is too long to be searched for questions in other notations. Check whether it shows learners a key."
)
KEYLESS = N_(
    "These look like questions without their answers, and nobody can answer them here ({count} in all). Convert them, or write each as a heading with choices [ ] and [x] in a section “Kuis akhir”."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Describes the questions in one notation: the lines, from 1, on which they begin.

    ``shows_key`` tells whether learners would see a right answer if the text was loaded as it is.
    """

    notation: str
    lines: tuple[int, ...]
    shows_key: bool

    @property
    def count(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class Found:
    """Describes the notations that a text holds, in the order in which they begin.

    ``leaks`` are the places outside these questions where learners would read an answer or a key.
    """

    seen: tuple[Seen, ...] = ()
    leaks: tuple[Leak, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.seen or self.leaks)

    @property
    def count(self) -> int:
        """Returns the number of questions in all notations."""
        return sum(seen.count for seen in self.seen if seen.notation != fences.NOTATION)

    @property
    def shows_key(self) -> bool:
        return bool(self.leaks) or any(seen.shows_key for seen in self.seen)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Returns one warning for each notation, at the first line that has it, and one for each leak."""
        of_notations = tuple(
            Problem(
                seen.lines[0],
                "warning",
                CODE,
                SENTENCES[seen.notation] if seen.shows_key or seen.notation == fences.NOTATION else KEYLESS,
                {"count": seen.count},
            )
            for seen in self.seen
            if seen.notation != NEAR_MISS
        )
        return (*of_notations, *problems_of(self.leaks, SHOWN, stays=False))


@dataclass(frozen=True, slots=True)
class Read:
    """Holds everything that was read from a text, by its lines. ``frames`` are lines that only frame questions.

    ``leaks`` are places that look like an answer or a key and belong to no question.
    """

    lines: Lines
    shape: Shape | None
    readings: tuple[Reading, ...]
    keys: tuple[Key, ...]
    losses: tuple[Problem, ...]
    frames: frozenset[int]
    leaks: tuple[Leak, ...]


def with_warnings(document: Document, deadline: Deadline | None = None) -> Document:
    """Returns a parsed document with a warning for each notation that its text holds, among its other problems.

    A document that is refused for its size is not searched. A warning says so if the time was too short.
    """
    if limits.broken(document.errors):
        return document
    reported = {problem.code for problem in document.problems}
    try:
        found = recognise(document.text, deadline or Deadline(SECONDS)).problems
    except TooSlow:
        found = (Problem(0, "warning", "not-searched", NOT_SEARCHED),)
    added = [
        problem
        for problem in found
        if problem.template != SENTENCES[task_lists.NOTATION] or not reported & QUIZ_REPORTED
    ]
    problems = sorted((*document.problems, *added), key=lambda p: (p.line, p.severity, p.code))
    return replace(document, problems=tuple(problems))


def recognise(text: str, deadline: Deadline = NEVER) -> Found:
    """Returns which notations a text holds. Raises nothing but what ``deadline`` raises."""
    return _recognise(_Asked(text, deadline))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Holds a text that was asked about. The time that is left makes no other question of it."""

    text: str
    deadline: Deadline = field(compare=False)


# One page asks several times about the same text. Raised, more texts of up to 2 MB stay in memory.
@lru_cache(maxsize=8)
def _recognise(asked: _Asked) -> Found:
    text = asked.text
    if whole := fences.unwrap(text):
        inner = recognise(whole.text, asked.deadline)
        lines = tuple(
            replace(seen, lines=tuple(line + whole.line for line in seen.lines)) for seen in inner.seen
        )
        shows_key = inner.shows_key or OUR_KEY in whole.text
        leaks = tuple(replace(leak, line=leak.line + whole.line) for leak in inner.leaks)
        return Found((Seen(fences.NOTATION, (whole.line,), shows_key), *lines), leaks)
    starts: dict[str, list[Reading]] = {}
    everything = read(text, asked.deadline)
    for reading in everything.readings:
        starts.setdefault(reading.notation, []).append(reading)
    return Found(
        tuple(
            Seen(notation, tuple(r.start + 1 for r in readings), any(r.shows_key for r in readings))
            for notation, readings in starts.items()
        ),
        everything.leaks,
    )


def read(text: str, deadline: Deadline = NEVER) -> Read:
    """Returns the questions of a text that our parser does not read, with the shape of the text if there are any.

    Raises nothing but what ``deadline`` raises.
    """
    lines = Lines(text, deadline)
    labels.write_plain(lines)
    shown, levels = list(lines.shown), list(lines.levels)
    parts = [_framed(lines, family.read) for family in FRAMED]
    found_keys = list(keys(lines))
    for key in found_keys:
        key.given = sum(part.answered.count(key.start) for part in parts)
    taken = [(reading.start, reading.end) for part in parts for reading in part.readings]
    plain = list(_from_blocks(lines, found_keys, taken))
    readings = sorted([*(r for part in parts for r in part.readings), *plain], key=lambda r: r.start)
    shape = shape_of(lines) if readings else None
    if shape:
        readings = _kept(lines, readings, shape, shown, levels)
    used = tuple(key for key in found_keys if key.is_used and readings)
    said = _said_around(lines, readings)
    frames = frozenset([*(place for part in parts for place in part.frames), *said])
    others = [key for key in found_keys if key not in used and key.start not in frames]
    taken_out = _taken(lines, readings, used, frames)
    gone = [key for key in used if not _keeps_name(lines, taken_out, key)]
    losses = [*(problem for part in parts for problem in part.losses), *_left_out(lines, said)]
    return Read(
        lines,
        shape,
        tuple(with_attributes(reading, lines.all[reading.start]) for reading in readings),
        used,
        tuple(losses),
        frames,
        find_leaks(lines, taken_out, others, readings, (lambda _lines: shape) if shape else shape_of, gone),
    )


def _kept(
    lines: Lines, readings: list[Reading], shape: Shape, shown: Sequence[bool], levels: Sequence[int]
) -> list[Reading]:
    """Returns the readings that the parser does not read itself, and gives the lines of the others back."""
    kept = _unread(readings, shape)
    starts = {reading.start for reading in kept}
    for reading in (reading for reading in readings if reading.start not in starts):
        _give_back(lines, reading, shown, levels)
    return kept


def _keeps_name(lines: Lines, taken: bytearray, key: Key) -> bool:
    """Leaves the name of a key in the text where answers of other questions remain below it."""
    is_kept = names_key(heading_words(lines.all[key.start])) and rest_of_key(lines, taken, key) is not None
    if is_kept:
        taken[key.start] = 0
        key.start += 1
    return is_kept


def _said_around(lines: Lines, readings: Sequence[Reading]) -> list[int]:
    """Returns the lines of a chat assistant around a document with questions."""
    taken = {place for reading in readings for place in range(reading.start, reading.end)}
    return [place for place in chat_lines.said_around(lines) if place not in taken] if readings else []


def _left_out(lines: Lines, said: Sequence[int]) -> Iterator[Problem]:
    template = N_("This line of a chat assistant is left out: {words}")
    for place in said:
        if not lines.is_rule(place):
            yield loss(place + 1, template, words=lines.all[place].strip())


def _give_back(lines: Lines, reading: Reading, shown: Sequence[bool], levels: Sequence[int]) -> None:
    """Gives the lines of a reading that is not used back to the text."""
    span = slice(reading.start, reading.end)
    lines.shown[span], lines.levels[span] = list(shown[span]), list(levels[span])


def _taken(
    lines: Lines, readings: Sequence[Reading], used: Sequence[Key], frames: frozenset[int]
) -> bytearray:
    """Returns a mark for each line that converting takes out of the text. The heading of a key may stay."""
    taken = bytearray(len(lines))
    spans = [(reading.start, reading.end) for reading in readings]
    spans += [(key.start + bool(lines.levels[key.start]), key.end) for key in used]
    for start, end in spans:
        taken[start:end] = b"\1" * (end - start)
    for place in frames:
        taken[place] = 1
    return taken


def _framed(lines: Lines, family: Callable[[Lines], Part]) -> Part:
    """Returns what a family reads, and takes its lines from those that others may read."""
    lines.deadline.check()
    part = family(lines)
    for reading in part.readings:
        for place in range(reading.start, reading.end):
            lines.shown[place], lines.levels[place] = False, 0
    return part


def _from_blocks(lines: Lines, found_keys: list[Key], taken: Sequence[tuple[int, int]]) -> Iterator[Reading]:
    """Yields the questions that consist of words, choices and perhaps an answer."""
    found = blocks(lines, found_keys, taken)
    match_keys(found, found_keys)
    share_keys(lines, found)
    found_keys += keys_apart(lines, found, found_keys)
    for block in found:
        lines.deadline.check()
        reading = task_lists.read(block) or lettered.read(block) or ticked.read(block)
        if reading and reading.notation == lettered.NOTATION and aiken.is_aiken(block, lines):
            reading = replace(reading, notation=aiken.NOTATION)
        if reading:
            yield reading


def _unread(readings: Sequence[Reading], shape: Shape) -> list[Reading]:
    """Returns the readings without those that the parser reads as questions already."""
    spans = sorted(shape.read)
    starts = [start for start, _end in spans]
    kept = []
    for reading in readings:
        before = bisect_right(starts, reading.end - 1) - 1
        holds_quiz = shape.quiz is not None and reading.start <= shape.quiz[0] < reading.end
        if not holds_quiz and (before < 0 or spans[before][1] <= reading.start):
            is_near = reading.notation == task_lists.NOTATION and shape.is_in_quiz(reading.start)
            kept.append(replace(reading, notation=NEAR_MISS) if is_near else reading)
    return kept
