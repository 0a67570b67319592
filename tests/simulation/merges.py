"""Checks that a merge gives nobody a reading of text that they have not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modules.authoring.plan import Plan

from .documents import Document, Section
from .rows import Rows
from .truth import Truth

FEW = 0.1  # of the words of a section, for those that came to be an edit
TELLING = 5  # words of a line that a learner has to have read; shorter ones stand in many sections


def unread_texts(
    old: Document, new: Document, plan: Plan, before: Rows, after: Rows, truth: Truth
) -> Iterator[str]:
    """Yields a sentence for each reading of a section that has taken in text which the learner has not read.

    A section counts as read, whatever has been edited in it since. An instructor may decide that the section stays
    read. Then nothing is wrong. A few words that came are an edit. If the row of the other section goes on with the
    rest of its text, that section was not merged: a paragraph was moved, and learners are told of a changed section.
    """
    active = {row.pk for row in after.active_sections}
    for section in new.sections:
        row = after.sections[truth.section_rows[section.uid]]
        if row.identity in plan.decisions.tell:
            continue
        for uid, lines in _taken_in(old, new, section).items():
            if truth.section_rows[uid] in active:
                continue
            had_read = before.readers.get(truth.section_rows[uid], {})
            for enrolment in after.readers.get(row.pk, {}):
                unread = lines - truth.lines_read.get(enrolment, set())
                if unread and enrolment not in had_read:
                    yield f"“{row.title}” counts as read by {enrolment}, who never read “{min(unread)}”"


def _taken_in(old: Document, new: Document, section: Section) -> dict[int, set[str]]:
    """Returns the lines that came into a section from sections of the last document that are gone, by their uids."""
    before = next((other for other in old.sections if other.uid == section.uid), None)
    if before is None:
        return {}
    came = {line for line in set(section.lines) - set(before.lines) if line.count(" ") + 1 >= TELLING}
    staying = {other.uid for other in new.sections}
    gone = [other for other in old.sections if other.uid not in staying]
    taken = {other.uid: came & set(other.lines) for other in gone}
    return {uid: lines for uid, lines in taken.items() if _words(lines) > FEW * _words(section.lines)}


def _words(lines: Iterable[str]) -> int:
    return sum(len(line.split()) for line in lines)
