"""Holds what loading a document changes, as values.

A plan has its changes, its ambiguities, and the decisions about them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modules.authoring.states import PartState
from modules.document.syntax import parser
from modules.models import Module
from modules.quizzes.trials import Effect

# What learners who have read a changed section are told: nothing, that it changed, or that they have to read it again.
# With "rest", only those read it again who have not read all the sections that it has taken in.
NO_CHOICE = "-"
TELL = ("nothing", "tell", "rest", "again")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Holds what an instructor has decided. Anything left out is decided as the plan proposes.

    ``by_ambiguity`` has by :attr:`Ambiguity.key` the key of the chosen candidate, or ``""`` for something new. ``tell``
    has by the identity of a section a word of :data:`TELL`. ``regrade`` has the identities of questions whose submitted
    attempts are graded again with the new key, and ``judged_anew`` those whose typed answers are then judged as today.
    ``contradicted`` has by the same keys the parts that were all chosen for one incoming part: nothing is decided then.
    The first is the choice at the incoming part, or :data:`NO_CHOICE`, and the others were said to become it.
    """

    by_ambiguity: Mapping[str, str] = field(default_factory=dict)
    tell: Mapping[str, str] = field(default_factory=dict)
    regrade: frozenset[str] = frozenset()
    judged_anew: frozenset[str] = frozenset()
    contradicted: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Describes one of the earlier sections, questions or choices of an ambiguity.

    ``people`` counts those who have read, answered or chosen it. ``is_right`` is ``None`` unless it is a choice.
    """

    key: str
    title: str
    text: str
    people: int
    is_right: bool | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Describes an incoming part that could be one of several earlier ones, or none of them.

    ``kind`` is ``section``, ``question`` or ``choice``, or ``document`` if the whole may be a translation. Of a choice,
    ``within`` is the title of its question.
    ``decision`` is a candidate's key, ``""`` for something new, ``None`` while nobody has decided. ``proposal`` is the
    decision that the page proposes.
    """

    key: str
    kind: str
    title: str
    text: str
    candidates: tuple[Candidate, ...]
    decision: str | None = None
    within: str = ""
    proposal: str = ""

    @property
    def scope(self) -> str:
        """Returns where keys of candidates are unique: among the sections, the questions, or one question's choices."""
        return self.key.rpartition(":")[0] if self.kind == "choice" else self.kind


@dataclass(frozen=True, slots=True)
class ChoiceChange:
    """Holds a choice before and after, as plain text; ``None`` if there was none, or will be none."""

    before: str | None
    after: str | None
    was_right: bool
    is_right: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Describes what happens to one part of the document. ``states`` is empty for a part that stays as it is.

    ``kind`` is ``preamble`` (title and introduction), ``section``, ``quiz`` (its heading, introduction and pools) or
    ``question``. ``identity`` is the incoming one; of a removed part, its former one. ``before`` and ``after`` are
    its Markdown. ``row`` is the primary key of the section or question that continues or goes. ``from_place`` and
    ``to_place`` count the parts of its kind from 1.

    ``people`` counts those who have read or answered the part. ``past`` also counts those who have to read it again, or
    have it in an attempt: while there are any, the part is not deleted. Some people have read an earlier text that the
    part says again: ``knowing`` counts those whose reading is valid, ``returning`` those whose reading had lapsed.

    ``partial`` counts those who have read a section, and not all of the sections that it takes in. ``adds_text`` says
    that a section which takes in others, or is split off, also has text that none of them had.

    ``relatives`` has the titles of the parts that it was split from, or that are merged into it. Of a removed part, it
    has the title of the part that took its text. ``halves`` has the titles of the parts that are split off from it.
    """

    kind: str
    identity: str
    title: str
    states: tuple[PartState, ...] = ()
    old_title: str = ""
    before: str = ""
    after: str = ""
    row: int | None = None
    from_place: int | None = None
    to_place: int | None = None
    people: int = 0
    partial: int = 0
    adds_text: bool = False
    past: int = 0
    knowing: int = 0
    returning: int = 0
    relatives: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    is_slight: bool = False  # a typing error, or a change of looks: learners need not be told
    tell: str = "nothing"  # of a section that changed
    proposed: str = "nothing"  # what is told unless the instructor decides otherwise
    choices: tuple[ChoiceChange, ...] = ()  # of a question whose choices or key changed
    effect: Effect | None = None  # of a question whose key changed: what regrading it alone would do
    effect_anew: Effect | None = (
        None  # what regrading does if typed answers are judged as today, where that differs
    )
    open_attempts: int = 0  # attempts that hold it and could be graded with the new key
    regrade: bool = False
    is_judged_anew: bool = False

    @property
    def unaware(self) -> int:
        """Counts the learners who can be told of a changed section: they have not read what it says now."""
        return self.people - self.knowing

    @property
    def fate(self) -> str:
        """Returns what becomes of a removed part: it is ``archived`` with somebody's work, or ``deleted``."""
        return "archived" if self.past else "deleted"

    @property
    def counted_as(self) -> tuple[str, ...]:
        """Returns the words in which the change is counted.

        A fact that two states or two parts tell is counted once: a change of the key is no other change, and of merged
        parts only the removed one counts.
        """
        words: dict[str, None] = dict.fromkeys(state for state in self.states if state != PartState.MERGED)
        if self.choices:
            of_key = (PartState.CHANGED, PartState.PARSED_ANEW)
            words = {"key" if state in of_key else state: None for state in words} | {"key": None}
        if PartState.REMOVED in words:
            words = {PartState.MERGED if self.relatives else self.fate: None}
        return tuple(words)

    @property
    def is_quiet(self) -> bool:
        """Checks whether the part changes nothing for anybody."""
        return not self.states


@dataclass(frozen=True, slots=True)
class Setting:
    """Describes a changed value of the whole module.

    ``name`` is ``title``, ``address``, ``language``, ``summary``, ``access``, the name of a rule of the quiz, or
    ``pools``. Pools are tuples of title, questions to ask (``None`` for all) and questions.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Kept:
    """Holds the rows that continue, by the identities of the incoming parts. A part without a row here gets a new one.

    ``origins`` has the rows of the sections that new ones were split from, ``wholes`` those that archived ones come
    out of again, and ``merged`` those that a section takes in.
    ``questions`` are the incoming ones, with the keys that their choices keep.
    """

    sections: Mapping[str, int] = field(default_factory=dict)
    origins: Mapping[str, int] = field(default_factory=dict)
    wholes: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    question_rows: Mapping[str, int] = field(default_factory=dict)
    questions: tuple[parser.Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Says everything that loading a document will do.

    ``base_revision`` is the revision that the plan was made for, ``None`` for a new module. ``changes`` has all parts,
    also unchanged ones, in the order of the document. ``effect`` is that of all chosen regrades.

    ``open_attempts`` counts attempts that keep the questions they began with. ``held_up`` counts learners who have not
    finished and have to read new sections; with ``gates_quiz``, before the quiz. ``finishes`` counts learners who
    finish by the load, and ``tested`` those who have to pass a new quiz.
    """

    module: Module | None
    base_revision: int | None
    document: parser.Document
    decisions: Decisions = field(default_factory=Decisions)
    changes: tuple[Change, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    settings: tuple[Setting, ...] = ()
    open_attempts: int = 0
    held_up: int = 0
    keeps_opening: bool = False  # the quiz still opens at once, although the document does not say so
    gates_quiz: bool = False
    effect: Effect = field(default_factory=Effect)
    kept: Kept = field(default_factory=Kept)
    finishes: int = 0
    tested: int = 0

    @property
    def brings_quiz(self) -> bool:
        """Checks whether an existing module gets a quiz that it has not had, or had archived."""
        return any(
            change.kind == "quiz" and {PartState.NEW, PartState.RESTORED} & set(change.states)
            for change in self.changes
        )

    @property
    def open_ambiguities(self) -> tuple[Ambiguity, ...]:
        return tuple(ambiguity for ambiguity in self.ambiguities if ambiguity.decision is None)

    @property
    def is_possible(self) -> bool:
        return not self.document.errors and not self.open_ambiguities

    @property
    def changes_nothing(self) -> bool:
        is_same = self.module is not None and self.module.text() == self.document.text
        parses_anew = any(PartState.PARSED_ANEW in change.states for change in self.changes)
        return is_same and not parses_anew and not self.settings  # another file's name may give another title

    @property
    def shortens(self) -> bool:
        """Checks whether a section or the quiz is removed, which may be all that a learner had still to do."""
        removed = (change.kind for change in self.changes if PartState.REMOVED in change.states)
        return bool({"section", "quiz"} & set(removed))

    @property
    def takes_out_everything(self) -> bool:
        """Checks whether every active part is removed, so that it is hardly the same module any more."""
        active = [change for change in self.changes if change.from_place is not None]
        return bool(active) and all(PartState.REMOVED in change.states for change in active)

    @property
    def active_parts(self) -> list[Change]:
        """Returns the changes of the sections and questions that the module has now."""
        return [
            change
            for change in self.changes
            if change.kind in ("section", "question") and change.from_place is not None
        ]

    @property
    def gone_parts(self) -> list[Change]:
        """Returns the active sections and questions that are removed, and whose text no other part takes in."""
        return [
            change
            for change in self.active_parts
            if PartState.REMOVED in change.states and not change.relatives
        ]

    @property
    def takes_out_most(self) -> bool:
        """Checks whether more than half of the active sections and questions go: it may be another module."""
        return 2 * len(self.gone_parts) > len(self.active_parts)

    @property
    def counts_otherwise(self) -> bool:
        return any(setting.name == "counts" for setting in self.settings)

    @property
    def changes_grades(self) -> bool:
        return bool(self.effect.attempts) or self.counts_otherwise

    @property
    def numbers(self) -> dict[str, int]:
        """Counts sections and questions by each word of :attr:`Change.counted_as`, and settings."""
        parts = [change for change in self.changes if change.kind in ("section", "question")]
        words = Counter(word for change in parts for word in change.counted_as)
        return {**words, **({"settings": len(self.settings)} if self.settings else {})}
