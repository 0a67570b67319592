"""Holds the rows after a load against the truth: is each part still the row that it was, with all that hangs on it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.document.compare.likeness import body
from modules.document.compare.matching import WORDS_THAT_TELL

from .documents import Document, Question
from .outcomes import ASKED, HALF, HEIR, MATCHED, MISTAKEN, TWIN, UNMATCHED, WRONG, Match
from .rows import Row, Rows
from .truth import Truth


@dataclass(frozen=True)
class Side:
    """What differs between sections and questions, for one load."""

    kind: str
    parts: tuple[Any, ...]  # as the author has them now
    now: list[Row]  # as they stand now, in their order
    before: Mapping[int, Row]
    source_of: Callable[[Row], str]
    work: set[int]  # the rows on which somebody's work hung before
    after: Rows
    rows: dict[int, int]
    owners: dict[int, int]
    past: dict[int, set[int]]  # by row, all that it has been
    own: Callable[[int, int], None]
    asked: frozenset[str]  # the keys of the doubts that there were
    kin: dict[int, set[int]]  # what was merged into a part, and is more of it now than what it was itself


def sides(
    document: Document,
    before: Rows,
    after: Rows,
    truth: Truth,
    asked: frozenset[str] = frozenset(),
    kin: dict[int, set[int]] | None = None,
) -> tuple[Side, Side]:
    """The sections and the questions of a load. ``asked`` has the keys of its doubts."""
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
    )
    return sections, questions


def matches(side: Side) -> Iterator[Match]:
    """What became of each part; the truth is brought up to date, also where it was not held."""
    taken = list(zip(side.parts, side.now, strict=True))
    found = [(part.uid, row, _outcome(side, part, row)) for part, row in taken]
    for uid, row, outcome in found:
        mine = side.before.get(side.rows.get(uid, 0))
        if outcome:
            yield Match(uid, outcome, mine is not None and mine.identity != row.identity, side.kind)
    for uid, row, _outcome_of_it in found:
        side.own(uid, row.pk)


def _outcome(side: Side, part: Any, row: Row) -> str:
    """The word for what became of a part; empty for one that is new, or that had no row left."""
    mine, before = side.rows.get(part.uid, 0), side.before.get(row.pk)
    if mine == row.pk and before:
        return ASKED if f"{side.kind}:{row.identity}" in side.asked else MATCHED
    known = side.before.get(mine)
    if before is None:
        return (HALF if _other_half_has(side, part, row) else UNMATCHED) if known else ""
    owner = side.owners.get(row.pk)
    if owner == part.uid:
        return MATCHED
    if owner in (getattr(part, "parent", 0), *side.kin.get(part.uid, ())):
        return HALF
    if part.uid in side.past.get(row.pk, ()) and owner not in {one.uid for one in side.parts}:
        return HALF  # it was this before it was split, and the half that it has been since is gone
    if not known and before.identity == row.identity and _leaves_its_heading(side, before, owner):
        return HEIR
    text = side.source_of(known) if known else _coming_source(side, row)
    if side.source_of(before).split() == text.split() or _has_said(side, before, row, is_new=not known):
        return TWIN
    return WRONG if row.pk in side.work else MISTAKEN


def _leaves_its_heading(side: Side, before: Row, owner: int | None) -> bool:
    """Whether what had a heading is gone, or had nothing but its heading to be told by."""
    is_gone = owner not in {one.uid for one in side.parts}
    return is_gone or not body(side.source_of(before)).split()


def _has_said(side: Side, before: Row, row: Row, *, is_new: bool) -> bool:
    """Whether those who read a section have read in it, word for word, what it says now: then it is no other thing.

    Of a section that is new, the text under its heading is enough.
    """
    if side.kind != "section":
        return False
    earlier = [before, *(one for one in side.after.former.values() if one.section_id == row.pk)]
    now = body(str(row.source)).split()
    return any(
        (body(str(one.source)).split() == now and len(now) >= WORDS_THAT_TELL)
        if is_new
        else str(one.source).split() == str(row.source).split()
        for one in earlier
    )


def _coming_source(side: Side, row: Row) -> str:
    return str(row.source) if side.kind == "section" else side.after.source_of(row)


def _other_half_has(side: Side, part: Any, row: Row) -> bool:
    """Whether the row of a part is that of what was split off from it, and the readings count for both."""
    mine = side.rows[part.uid]
    halves = [one for one, its in zip(side.parts, side.now, strict=True) if its.pk == mine]
    is_split = any(getattr(half, "parent", None) == part.uid for half in halves)
    return is_split and side.after.readers.get(row.pk) == side.after.readers.get(mine)


# ---------------------------------------------------------------------------------------------- readings


def wrong_readings(document: Document, before: Rows, after: Rows, truth: Truth) -> Iterator[str]:
    """Readings that count where they did not, and ones that no longer count.

    Only what is split off from a section may have the readings of that, also where that is to be read again: who has
    read the whole has read the half. The truth is brought up to date.
    """
    parts = {truth.section_rows[part.uid]: part.uid for part in document.sections}
    parents = {part.uid: part.parent for part in document.sections}
    for pk, row in after.sections.items():
        actual, known = after.readers.get(pk, {}), truth.readings.get(pk, {})
        allowed = [known] if pk in before.sections else [{}]
        if actual not in allowed and pk not in before.sections:
            rows = [*_rows_that_it_may_be_from(parts.get(pk), parents, truth), *_rows_that_said(row, before)]
            allowed += [readings.get(one, {}) for one in rows for readings in (truth.readings, truth.lapsed)]
        if actual not in allowed:
            yield f"readings of “{row.title}”: {actual} and not {known}"
    truth.readings = {pk: after.readers.get(pk, {}) for pk in after.sections}
    if before.readings.keys() - after.readings.keys():
        yield "readings are gone"


def _rows_that_it_may_be_from(uid: int | None, parents: dict[int, int | None], truth: Truth) -> list[int]:
    """All rows that a section, those that it was split from, and its own other halves have had."""
    line: list[int] = []
    while uid and uid not in line:
        line.append(uid)
        uid = parents.get(uid)
    family = {*line, *(half for half, parent in parents.items() if parent in line)}
    return [row for row, owner in truth.section_owners.items() if owner in family]


def _rows_that_said(row: Row, before: Rows) -> Iterator[int]:
    """The rows in which every line of a text stood, as one or within one: who has read the whole has read the part."""
    lines = set(body(str(row.source)).splitlines()) - {""}
    for pk, one in before.sections.items():
        if lines and all(line in str(one.source) for line in lines):
            yield pk


# ---------------------------------------------------------------------------------------------- responses


def wrong_responses(after: Rows, truth: Truth) -> Iterator[str]:
    """Answers that are with another question, to other words, or that name another choice by now."""
    for pk, given in truth.given.items():
        response = after.responses.get(pk)
        if response is None:
            yield f"response {pk} is gone"
            continue
        version = after.versions[response.version_id]
        if truth.question_owners.get(version.question_id) != given.question:
            yield f"an answer to “{given.source.splitlines()[0]}” is with another question"
        shown = tuple((choice["key"], choice["text"]) for choice in version.choices)
        if version.source != given.source or shown != given.choices:
            yield f"the text that was answered is no longer “{given.source.splitlines()[0]}”"
        if given.chosen and set(given.chosen) != set(response.answer):
            yield f"the answer to “{given.source.splitlines()[0]}” has changed"
        yield from _wrong_choices(after, version.question_id, given, truth)


def _wrong_choices(after: Rows, question: int, given: Any, truth: Truth) -> Iterator[str]:
    current = truth.keys.get(after.questions[question].current_id, {})
    for key, uid in given.chosen.items():
        other = current.get(key, uid)
        if other != uid and truth.texts[other].casefold() != truth.texts[uid].casefold():
            yield f"“{truth.texts[uid]}” was chosen, and its key says “{truth.texts[other]}” now"


def note_choices(document: Document, before: Rows, after: Rows, truth: Truth) -> Iterator[Match]:
    """Tell the truth which key each choice has now, and say of reworded ones whether they kept theirs."""
    for question, row in zip(document.questions, after.active_questions, strict=True):
        version = after.versions[row.current_id]
        if version.pk not in before.versions or version.source != before.versions[version.pk].source:
            yield from _reworded(question, row, after, truth)
        keys = [choice["key"] for choice in version.choices]
        uids = [choice.uid for choice in question.choices]
        truth.keys[version.pk] = dict(zip(keys, uids, strict=True))
    truth.texts |= {choice.uid: choice.text for one in document.questions for choice in one.choices}


def _reworded(question: Question, row: Row, after: Rows, truth: Truth) -> Iterator[Match]:
    keys = [choice["key"] for choice in after.versions[row.current_id].choices]
    others = {pk: version for pk, version in after.versions.items() if pk != row.current_id}
    for choice, key in zip(question.choices, keys, strict=True):
        before = truth.key_of(choice.uid, row.pk, others)
        if before and truth.texts[choice.uid] != choice.text:
            yield Match(question.uid, MATCHED if key == before else UNMATCHED, True, "choice")
