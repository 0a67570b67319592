"""Records what learners have really read and answered, by the uids that only authors know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from .rows import Row


@dataclass(frozen=True)
class GivenAnswer:
    """Describes an answer as it was given: the question, its text, and the chosen choices by key."""

    question: int
    source: str
    choices: tuple[tuple[str, str], ...]  # key and text of each choice that was shown
    chosen: dict[str, int]  # the uids of the chosen choices by their keys


@dataclass
class Truth:
    """Records the true state. Rows map a uid to its row, even an archived one; owners map a row to its uid."""

    section_rows: dict[int, int] = field(default_factory=dict)
    section_owners: dict[int, int] = field(default_factory=dict)
    question_rows: dict[int, int] = field(default_factory=dict)
    question_owners: dict[int, int] = field(default_factory=dict)
    section_past: dict[int, set[int]] = field(
        default_factory=dict
    )  # by row, the uids of all parts that it has been
    question_past: dict[int, set[int]] = field(default_factory=dict)
    readings: dict[int, dict[int, int]] = field(default_factory=dict)  # row: {enrolment: revision}
    lapsed: dict[int, dict[int, int]] = field(
        default_factory=dict
    )  # the readings that the current load lets lapse, in the same form
    returned: dict[int, dict[int, int]] = field(default_factory=dict)  # likewise, those that count again
    given: dict[int, GivenAnswer] = field(default_factory=dict)  # by response
    keys: dict[int, dict[str, int]] = field(
        default_factory=dict
    )  # by version, the uid of the choice of each key
    texts: dict[int, str] = field(default_factory=dict)  # by uid, the latest text of every choice
    lines_read: dict[int, set[str]] = field(default_factory=dict)  # by enrolment, from all that was read ever
    finished: dict[int, datetime] = field(default_factory=dict)  # by enrolment

    def own_section(self, uid: int, row: int) -> None:
        self.section_rows[uid], self.section_owners[row] = row, uid
        self.section_past.setdefault(row, set()).add(uid)

    def own_question(self, uid: int, row: int) -> None:
        self.question_rows[uid], self.question_owners[row] = row, uid
        self.question_past.setdefault(row, set()).add(uid)

    def readings_of_the_whole(self, row: int) -> Iterator[dict[int, int]]:
        """Yields the readings of a section of which a part may have been split off: as they are, and as they were.

        A reading that counts again is one of the section without the part.
        """
        readings, returned = self.readings.get(row, {}), self.returned.get(row, {})
        yield readings
        yield self.lapsed.get(row, {})
        yield {key: revision for key, revision in readings.items() if key not in returned}

    def key_of(self, choice: int, question_row: int, versions: dict[int, Row]) -> str | None:
        """Returns the key that a choice has, or had last, in a question."""
        key = None
        for version in sorted(versions.values(), key=lambda version: version.number):
            if version.question_id == question_row:
                keys = {uid: choice_key for choice_key, uid in self.keys.get(version.pk, {}).items()}
                key = keys.get(choice, key)
        return key
