"""Compares the sections, or questions, of a module with those of a document: which continues which, and its changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from modules.authoring.columns import LONGEST_TITLE
from modules.authoring.plan import Ambiguity, Candidate, Change, Decisions
from modules.authoring.states import PartState
from modules.document.compare.choices import IMAGE
from modules.document.compare.likeness import body
from modules.document.compare.lines import longest_rise
from modules.document.compare.matching import Matching, Part, match
from modules.document.syntax import parser
from modules.document.syntax.source import normalise
from modules.models import Module, Question, Quiz, Section, with_readers


class Comparison:
    """Compares the sections, or the questions, of a module with those of a document."""

    def __init__(
        self,
        kind: str,
        rows: Sequence[Any],
        coming: Sequence[parser.Section] | Sequence[parser.Question],
        decisions: Decisions,
        is_translated: bool = False,
    ) -> None:
        self.kind, self.coming, self.decisions = kind, {part.identity: part for part in coming}, decisions
        self.rows = {str(row.pk): row for row in rows}
        self.active = [key for key, row in self.rows.items() if row.archived_at is None]
        self.old = [_old_part(key, row) for key, row in self.rows.items()]
        self.new = [
            Part(part.identity, part.identity, part.title, part.source, is_question=kind == "question")
            for part in coming
        ]
        self.matching: Matching = match(self.old, self.new, self._decided(), is_translated=is_translated)

    def _decided(self) -> dict[str, str]:
        prefix = f"{self.kind}:"
        return {
            key.removeprefix(prefix): value
            for key, value in self.decisions.by_ambiguity.items()
            if key.startswith(prefix) and (not value or value in self.rows)  # a kept decision may be old
        }

    def partner_of(self, identity: str) -> Any:
        return self.rows.get(self.matching.pairs.get(identity, ""))

    def halves_of(self, row: Any) -> list[Any]:
        """Returns the incoming parts that are split off from a row, or come out of it again."""
        taken = {**self.matching.origins, **self.matching.wholes}
        return [self.coming[new] for new, old in taken.items() if old == str(row.pk)]

    def merged_into(self, identity: str) -> list[Any]:
        """Returns the rows whose text, or sentences of it, an incoming part takes in."""
        merged, taken = self.matching.merged, self.matching.taken
        return [
            self.rows[old]
            for old in dict.fromkeys((*merged, *taken))
            if merged.get(old) == identity or identity in taken.get(old, ())
        ]

    def rows_by_identity(self, pairs: Mapping[str, str]) -> dict[str, int]:
        return {identity: int(key) for identity, key in pairs.items()}

    @property
    def ambiguities(self) -> list[Ambiguity]:
        asked = {
            **self.matching.ambiguities,
            **{new: (old,) for new, old in self._decided().items() if new in self.coming},
        }
        return [self._add_ambiguity(identity, keys) for identity, keys in asked.items()]

    def _add_ambiguity(self, identity: str, keys: Iterable[str]) -> Ambiguity:
        part = self.coming[identity]
        rows = [self.rows[key] for key in keys if key in self.rows]
        candidates = tuple(Candidate(str(row.pk), str(row), row.source, _ever(row)) for row in rows)
        name, decision = f"{self.kind}:{identity}", self._decided().get(identity)
        return Ambiguity(name, self.kind, part.title, part.source, candidates, decision)

    def changes(self) -> list[Change]:
        """Returns each part in the order of the document. A removed part comes after the part that it followed."""
        removed = self._removed()
        listed = removed.pop("", [])
        for place, identity in enumerate(self.coming, start=1):
            listed.append(self._change(identity, place))
            listed += removed.pop(self.matching.pairs.get(identity, ""), [])
        return listed

    def _removed(self) -> dict[str, list[Change]]:
        """Returns removed parts by the row of the part before them that stays; first of all under the empty string."""
        kept = set(self.matching.pairs.values())
        removed: dict[str, list[Change]] = {}
        last = ""
        for place, key in enumerate(self.active, start=1):
            if key in kept:
                last = key
            else:
                removed.setdefault(last, []).append(self._removal(key, place))
        return removed

    def _removal(self, key: str, place: int) -> Change:
        row = self.rows[key]
        target = self.coming.get(self.matching.merged.get(key, ""))
        return Change(
            self.kind,
            row.identity,
            str(row),
            (PartState.REMOVED,),
            old_title=str(row),
            before=row.source,
            row=row.pk,
            from_place=place,
            people=_ever(row),
            past=_past(row),
            relatives=(target.title,) if target else (),
        )

    def _change(self, identity: str, place: int) -> Change:
        part, row = self.coming[identity], self.partner_of(identity)
        if row is None:
            return self._arrival(part, place)
        key = str(row.pk)
        merged = self.merged_into(identity)
        return Change(
            self.kind,
            identity,
            part.title,
            self._states(row, part, bool(merged)),
            old_title=str(row),
            before=row.source,
            after=part.source,
            row=row.pk,
            from_place=self.active.index(key) + 1 if key in self.active else None,
            to_place=place,
            people=_people(row),
            past=_past(row),
            relatives=tuple(str(other) for other in merged),
            halves=tuple(half.title for half in self.halves_of(row)),
        )

    def _arrival(self, part: parser.Section | parser.Question, place: int) -> Change:
        origin = self.rows.get(self.matching.origins.get(part.identity, ""))
        return Change(
            self.kind,
            part.identity,
            part.title,
            (PartState.SPLIT,) if origin else (PartState.NEW,),
            after=part.source,
            to_place=place,
            people=_people(origin) if origin and self.kind == "section" else 0,
            relatives=(str(origin),) if origin else (),
        )

    def _states(self, row: Any, part: Any, is_merged: bool) -> tuple[PartState, ...]:
        before, after = row.source, part.source
        is_renamed = str(row) != part.title[:LONGEST_TITLE]
        is_same = says_the_same(before, after)
        is_changed = not is_same and not (is_renamed and says_the_same(body(before), body(after)))
        states = {
            PartState.RESTORED: row.archived_at is not None,
            PartState.RENAMED: is_renamed,
            PartState.CHANGED: is_changed,
            PartState.IMAGES: is_same and _shows_others(row, part),
            PartState.MOVED: str(row.pk) in self._moved,
            PartState.MERGED: is_merged,
        }
        return tuple(state for state in PartState if states.get(state))

    @cached_property
    def _moved(self) -> set[str]:
        """Returns the rows that do not keep their order among the others: as few as possible."""
        places = {key: place for place, key in enumerate(self.active)}
        kept = [self.matching.pairs.get(identity, "") for identity in self.coming]
        order = [key for key in kept if key in places]
        staying = longest_rise([places[key] for key in order])
        return set(order) - {order[place] for place in staying}


def says_the_same(before: str, after: str) -> bool:
    """Checks whether two pieces of Markdown differ only in line ends, and in white space at their end.

    A part that is no longer the last one gets a line end.
    """
    return normalise(before).rstrip() == normalise(after).rstrip()


# ------------------------------------------------------------------------------------------ rows of a module


def sections_of(module: Module) -> list[Section]:
    """Returns the sections of a module with their ``readers`` and former texts, active ones first and in order."""
    rows = with_readers(module.sections.all()).prefetch_related("former_texts")
    return sorted(rows, key=lambda row: (row.archived_at is not None, row.place, row.pk))


def questions_of(quiz: Quiz | None) -> list[Question]:
    """Returns the questions of a quiz with their versions and ``takers``, active ones first and in order."""
    if quiz is None:
        return []
    rows = quiz.questions.with_takers().select_related("current").prefetch_related("versions")
    for row in rows:
        row.archived_at = row.archived_at or quiz.archived_at  # with its quiz
    return sorted(rows, key=lambda row: (row.archived_at is not None, row.place, row.pk))


def _old_part(key: str, row: Section | Question) -> Part:
    former = (
        tuple((former.identity, former.source) for former in row.former_texts.all())
        if isinstance(row, Section)
        else tuple((row.identity, version.source) for version in row.versions.all())
    )
    return Part(
        key,
        row.identity,
        str(row),
        row.source,
        is_active=row.archived_at is None,
        matters=_past(row) > 0,
        former=former,
        is_question=isinstance(row, Question),
    )


def _shows_others(row: Section | Question, part: parser.Section | parser.Question) -> bool:
    """Checks whether the same text shows other images than before. Their names are made of their contents."""
    before, after = (
        [path.rpartition("/")[2] for path in IMAGE.findall(_html_of(form))] for form in (row, part)
    )
    return before != after and len(before) == len(after)


def _html_of(form: Any) -> str:
    if isinstance(form, Question):
        version = form.current
        return "".join([version.html, *(choice["html"] for choice in version.choices)]) if version else ""
    return "".join([form.html, *(choice.html for choice in getattr(form, "choices", ()))])


def _people(row: Section | Question) -> int:
    """Counts the learners who have read a section and need not do so again; who has answered a question."""
    return (row.readers if isinstance(row, Section) else row.answered) or 0


def _ever(row: Section | Question) -> int:
    """Counts the learners who have ever read a section, or answered a question."""
    return (row.ever_read if isinstance(row, Section) else row.answered) or 0


def _past(row: Section | Question) -> int:
    """Counts the learners whose work keeps a row: they have read the section, or have the question in an attempt."""
    return (row.ever_read if isinstance(row, Section) else row.takers) or 0
