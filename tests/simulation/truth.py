"""The truth: who has read and answered what, by the uids that only authors know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .rows import Row


@dataclass(frozen=True)
class Given:
    """An answer as it was given: to what question, in which words, and what was chosen, by key."""

    question: int
    source: str
    choices: tuple[tuple[str, str], ...]  # key and text of each that was shown
    chosen: dict[str, int]  # the uids of the chosen choices by their keys


@dataclass
class Truth:
    """Rows lead from a uid to its row, be it archived; owners from a row to the uid that it is."""

    section_rows: dict[int, int] = field(default_factory=dict)
    section_owners: dict[int, int] = field(default_factory=dict)
    question_rows: dict[int, int] = field(default_factory=dict)
    question_owners: dict[int, int] = field(default_factory=dict)
    section_past: dict[int, set[int]] = field(default_factory=dict)  # by row, all uids that it has been
    question_past: dict[int, set[int]] = field(default_factory=dict)
    readings: dict[int, dict[int, int]] = field(default_factory=dict)  # row: {enrolment: revision}
    lapsed: dict[int, dict[int, int]] = field(
        default_factory=dict
    )  # by the load that is judged, in the same way
    given: dict[int, Given] = field(default_factory=dict)  # by response
    keys: dict[int, dict[str, int]] = field(
        default_factory=dict
    )  # by version, the uid of the choice of each key
    texts: dict[int, str] = field(default_factory=dict)  # of each choice that there ever was, the latest
    finished: dict[int, datetime] = field(default_factory=dict)  # by enrolment

    def own_section(self, uid: int, row: int) -> None:
        self.section_rows[uid], self.section_owners[row] = row, uid
        self.section_past.setdefault(row, set()).add(uid)

    def own_question(self, uid: int, row: int) -> None:
        self.question_rows[uid], self.question_owners[row] = row, uid
        self.question_past.setdefault(row, set()).add(uid)

    def key_of(self, choice: int, question_row: int, versions: dict[int, Row]) -> str | None:
        """The key that a choice has, or had last, in a question."""
        found = None
        for version in sorted(versions.values(), key=lambda one: one.number):
            if version.question_id == question_row:
                by_uid = {uid: key for key, uid in self.keys.get(version.pk, {}).items()}
                found = by_uid.get(choice, found)
        return found
