"""Compares the rows after a load with the truth: each part has to keep its row and all learners' work on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.document.compare.likeness import body
from modules.document.compare.matching import WORDS_THAT_TELL
from modules.document.compare.question_text import divide

from .documents import Document, Question
from .outcomes import (
    ASKED,
    HALF,
    HEIR,
    MATCHED,
    MISTAKEN,
    RENEWED,
    TOGETHER,
    TWIN,
    UNMATCHED,
    WRONG,
    Match,
)
from .rows import Row, Rows
from .silly import TELLING, says_the_same, words_of
from .truth import Truth

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class Side:
    """Holds the parts and rows of one kind, sections or questions, for one load."""

    kind: str
    parts: tuple[Any, ...]  # as in the author's current document
    now: list[Row]  # the active rows, in their order
    before: Mapping[int, Row]
    source_of: Callable[[Row], str]
    work: set[int]  # the rows with learners' work before the load
    after: Rows
    rows: dict[int, int]
    owners: dict[int, int]
    past: dict[int, set[int]]  # by row, the uids of all parts that it has been
    own: Callable[[int, int], None]
    asked: frozenset[str]  # the keys of the ambiguities of this load
    kin: dict[int, set[int]]  # by part, the merged parts that are most of its text now
    lines_read: dict[int, set[str]]  # by enrolment, from all that was read ever


def sides(
    document: Document,
    before: Rows,
    after: Rows,
    truth: Truth,
    asked: frozenset[str] = frozenset(),
    kin: dict[int, set[int]] | None = None,
) -> tuple[Side, Side]:
    """Returns the sections and the questions of a load. ``asked`` holds the keys of its ambiguities."""
    sections = Side(
        "section",
        document.sections,
        after.active_sections,
        before.sections,
        lambda row: str(row.source),
        before.with_readings,
        after,
        truth.section_rows,
        truth.section_owners,
        truth.section_past,
        truth.own_section,
        asked,
        kin or {},
        truth.lines_read,
    )
    questions = Side(
        "question",
        document.questions,
        after.active_questions,
        before.questions,
        before.source_of,
        set(before.takers),
        after,
        truth.question_rows,
        truth.question_owners,
        truth.question_past,
        truth.own_question,
        asked,
        {},
        truth.lines_read,
    )
    return sections, questions


def matches(side: Side) -> Iterator[Match]:
    """Yields the outcome of each part, then updates the truth to the rows, even where they are wrong."""
    pairs = list(zip(side.parts, side.now, strict=True))
    outcomes = [(part.uid, row, _outcome(side, part, row)) for part, row in pairs]
    for uid, row, outcome in outcomes:
        own_row = side.before.get(side.rows.get(uid, 0))
        if outcome:
            is_renamed = own_row is not None and (own_row.identity != row.identity or outcome == UNMATCHED)
            yield Match(uid, outcome, is_renamed, side.kind)
    for uid, row, _ in outcomes:
        side.own(uid, row.pk)


def _outcome(side: Side, part: Any, row: Row) -> str:
    """Returns the outcome of a part, or an empty string for a part that is new or had no row left."""
    own_pk, before = side.rows.get(part.uid, 0), side.before.get(row.pk)
    if own_pk == row.pk and before:
        return _how_found(side, before, row)
    # A part without work may have lost its row to another one. It has no row to come back to then.
    known = side.before.get(own_pk) if side.owners.get(own_pk) == part.uid else None
    if before is None and known and _has_only_another_heading(side, known, row):
        return ""
    if before is None:
        return (HALF if _other_half_has(side, part, row) else UNMATCHED) if known else ""
    owner = side.owners.get(row.pk)
    if owner == part.uid:
        return MATCHED
    if owner in (getattr(part, "parent", 0), *side.kin.get(part.uid, ())):
        return HALF
    if part.uid in side.past.get(row.pk, ()) and not _is_robbed(side, owner):
        return HALF  # the row was this part before it was split, and its later half is gone or went back, too
    if _is_half_that_has_most(side, part, before, owner):
        return HALF
    is_nothing_else = not known or not part.lines
    if is_nothing_else and before.identity == row.identity and _is_gone_or_empty(side, before, owner):
        return HEIR
    if _says_the_same(side, part, row, known):
        return TWIN
    return WRONG if row.pk in side.work else MISTAKEN


def _says_the_same(side: Side, part: Any, row: Row, known: Row | None) -> bool:
    """Checks whether a row has or had the words of a part, or had each line of it and readers of all of them."""
    before = side.before[row.pk]
    text = side.source_of(known) if known else _incoming_source(side, row)
    if side.source_of(before).split() == text.split() or _had_same_text(side, before, row, is_new=not known):
        return True
    return side.kind == "section" and _had_all_lines(side, part, row)


def _has_only_another_heading(side: Side, known: Row, row: Row) -> bool:
    """Checks whether a part without words has got another heading. Then nothing of it is left to be recognised."""
    return known.identity != row.identity and not body(side.source_of(known)).split()


def _how_found(side: Side, before: Row, row: Row) -> str:
    if f"{side.kind}:{row.identity}" in side.asked:
        return RENEWED if _is_renewed(side, before, row) else ASKED
    is_renamed = before.identity != row.identity
    return TOGETHER if is_renamed and any(key.startswith("document:") for key in side.asked) else MATCHED


def _is_renewed(side: Side, before: Row, row: Row) -> bool:
    """Checks whether less than half of the words of a section, or of what a question asks, are those from before."""
    old, new = (
        _telling_words(side, source) for source in (side.source_of(before), _incoming_source(side, row))
    )
    return bool(old and new) and 2 * len(old & new) < max(len(old), len(new))


def _telling_words(side: Side, source: str) -> set[str]:
    text = divide(source)[0] if side.kind == "question" else body(source)
    return {word for word in words_of(text) if len(word) >= TELLING}


def _is_gone_or_empty(side: Side, before: Row, owner: int | None) -> bool:
    """Checks whether the former owner of a heading is gone, or had no text under it."""
    is_gone = owner not in {other.uid for other in side.parts}
    return is_gone or not body(side.source_of(before)).split()


def _had_same_text(side: Side, before: Row, row: Row, *, is_new: bool) -> bool:
    """Checks whether an earlier text of a section is the current one word for word.

    For a new section, the text under its heading is enough.
    """
    if side.kind != "section":
        return False
    earlier = [before, *(former for former in side.after.former.values() if former.section_id == row.pk)]
    now = body(str(row.source)).split()
    return any(
        (body(str(former.source)).split() == now and len(now) >= WORDS_THAT_TELL)
        if is_new
        else str(former.source).split() == str(row.source).split()
        for former in earlier
    )


def _is_robbed(side: Side, owner: int | None) -> bool:
    """Checks whether the owner of a row is still there and has got a row that it never was before."""
    rows = {part.uid: row.pk for part, row in zip(side.parts, side.now, strict=True)}
    return owner in rows and owner not in side.past.get(rows[owner], ())


def _is_half_that_has_most(side: Side, part: Any, before: Row, owner: int | None) -> bool:
    """Checks whether a part took in the row's owner, gave half of it away again, and has most of its text."""
    halves = {other.uid for other in side.parts if getattr(other, "parent", None) == part.uid}
    lines = set(part.lines)
    return owner in halves and 2 * sum(line in side.source_of(before) for line in lines) > len(lines)


def _had_all_lines(side: Side, part: Any, row: Row) -> bool:
    """Checks whether all that a section says was in earlier texts of a row, and whoever has read the row has read it.

    A line with a slip in it is the same line.
    """
    earlier = [side.before[row.pk], *(f for f in side.after.former.values() if f.section_id == row.pk)]
    text = "\n".join(str(former.source) for former in earlier)
    had = {line.strip("-*| ") for line in SENTENCE_END.split(text)}
    readers = side.after.readers.get(row.pk, {})
    return bool(readers and part.lines) and all(
        (line in text or any(says_the_same(line, known) for known in had))
        and all(
            any(says_the_same(line, known) for known in side.lines_read.get(enrolment, set()))
            for enrolment in readers
        )
        for line in part.lines
    )


def _incoming_source(side: Side, row: Row) -> str:
    return str(row.source) if side.kind == "section" else side.after.source_of(row)


def _other_half_has(side: Side, part: Any, row: Row) -> bool:
    """Checks whether a part that was split off has the part's own row, and whether the readings count for both."""
    own_pk = side.rows[part.uid]
    halves = [other for other, other_row in zip(side.parts, side.now, strict=True) if other_row.pk == own_pk]
    is_split = any(getattr(half, "parent", None) == part.uid for half in halves)
    return is_split and side.after.readers.get(row.pk) == side.after.readers.get(own_pk)


# ---------------------------------------------------------------------------------------------- readings


def wrong_readings(document: Document, before: Rows, after: Rows, truth: Truth) -> Iterator[str]:
    """Yields a sentence for each section whose readings are not those of the truth, then updates the truth.

    Only a part that was split off may have the readings of another section. It keeps them even when that section has
    to be read again, because a learner who has read the whole has read the half. A section that comes back may have
    readings of learners who have read its lines elsewhere.
    """
    parts = {truth.section_rows[part.uid]: part.uid for part in document.sections}
    lines = {truth.section_rows[part.uid]: part.lines for part in document.sections}
    active = {row.pk for row in before.active_sections}
    parents = {part.uid: part.parent for part in document.sections}
    for pk, row in after.sections.items():
        actual, expected = after.readers.get(pk, {}), truth.readings.get(pk, {})
        allowed = [expected] if pk in before.sections else [{}]
        if actual not in allowed and pk not in before.sections:
            rows = [*_rows_of_family(parts.get(pk), parents, truth), *_rows_containing(row, before)]
            allowed += [readings for other in rows for readings in truth.readings_of_the_whole(other)]
        if actual not in allowed and pk in before.sections and pk not in active:
            more = {key: actual[key] for key in actual.keys() - expected.keys()}
            has_read = all(_has_read(truth.lines_read.get(key, set()), lines.get(pk, [])) for key in more)
            allowed += [{**expected, **more}] if has_read else []
        if actual not in allowed:
            yield f"readings of “{row.title}”: {actual}, expected {expected}"
    truth.readings = {pk: after.readers.get(pk, {}) for pk in after.sections}
    if before.readings.keys() - after.readings.keys():
        yield "readings are gone"


def _has_read(known: set[str], lines: Sequence[str]) -> bool:
    """Checks whether a learner has read the longer ones of some lines, apart from typing errors."""
    longer = [line for line in lines if len(line.split()) >= WORDS_THAT_TELL]
    return all(line in known or any(says_the_same(line, other) for other in known) for line in longer)


def _rows_of_family(uid: int | None, parents: dict[int, int | None], truth: Truth) -> list[int]:
    """Returns all rows that a section, the sections that it was split from, and its other halves have had."""
    line: list[int] = []
    while uid and uid not in line:
        line.append(uid)
        uid = parents.get(uid)
    family = {*line, *(half for half, parent in parents.items() if parent in line)}
    return [row for row, owner in truth.section_owners.items() if owner in family]


def _rows_containing(row: Row, before: Rows) -> Iterator[int]:
    """Yields the rows whose text contained every line of this row, so that their readers have read it too."""
    lines = set(body(str(row.source)).splitlines()) - {""}
    for pk, section in before.sections.items():
        if lines and all(line in str(section.source) for line in lines):
            yield pk


# ---------------------------------------------------------------------------------------------- responses


def wrong_responses(after: Rows, truth: Truth) -> Iterator[str]:
    """Yields a sentence for each answer that has moved to another question, text or choice."""
    for pk, answer in truth.given.items():
        response = after.responses.get(pk)
        if response is None:
            yield f"response {pk} is gone"
            continue
        version = after.versions[response.version_id]
        if truth.question_owners.get(version.question_id) != answer.question:
            yield f"an answer to “{answer.source.splitlines()[0]}” is with another question"
        shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
        if version.source != answer.source or shown != answer.choices:
            yield f"the text that was answered is no longer “{answer.source.splitlines()[0]}”"
        if answer.chosen and set(answer.chosen) != set(response.answer):
            yield f"the answer to “{answer.source.splitlines()[0]}” has changed"
        yield from _wrong_choices(after, version.question_id, answer, truth)


def _wrong_choices(after: Rows, question: int, answer: Any, truth: Truth) -> Iterator[str]:
    current = truth.keys.get(after.questions[question].current_id, {})
    for key, uid in answer.chosen.items():
        other = current.get(key, uid)
        if other != uid and truth.texts[other].casefold() != truth.texts[uid].casefold():
            yield f"“{truth.texts[uid]}” was chosen, and its key says “{truth.texts[other]}” now"


def note_choices(
    document: Document, before: Rows, after: Rows, truth: Truth, asked: frozenset[int] = frozenset()
) -> Iterator[Match]:
    """Yields the outcome of each reworded choice, then notes in the truth which key each choice has now.

    ``asked`` holds the uids of the choices that were ambiguous in this load.
    """
    for question, row in zip(document.questions, after.active_questions, strict=True):
        version = after.versions[row.current_id]
        if version.pk not in before.versions or version.source != before.versions[version.pk].source:
            yield from _reworded_choices(question, row, after, truth, asked)
        keys = [choice["key"] for choice in version.choices]
        uids = [choice.uid for choice in question.choices]
        truth.keys[version.pk] = dict(zip(keys, uids, strict=True))
    truth.texts |= {choice.uid: choice.text for question in document.questions for choice in question.choices}


def _reworded_choices(
    question: Question, row: Row, after: Rows, truth: Truth, asked: frozenset[int]
) -> Iterator[Match]:
    keys = [choice["key"] for choice in after.versions[row.current_id].choices]
    others = {pk: version for pk, version in after.versions.items() if pk != row.current_id}
    for choice, key in zip(question.choices, keys, strict=True):
        before = truth.key_of(choice.uid, row.pk, others)
        if before and truth.texts[choice.uid] != choice.text:
            found = ASKED if choice.uid in asked else MATCHED
            yield Match(choice.uid, found if key == before else UNMATCHED, True, "choice")
