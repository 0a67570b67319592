"""Follows one document from its first load to its last, with an author, some learners, and the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import TELL, Ambiguity, Change, Decisions, Plan
from modules.document.syntax import parser
from modules.models import Module, Quiz

from . import invariants, matches, merges, plans
from .authors import Author, Habits, create_author
from .documents import Document
from .edit_document import TRANSLATION
from .edits import WEIGHTS, Edit, edit
from .learners import Learner, Studying, create_learners
from .outcomes import WRONG
from .rows import Rows, rows_of
from .silly import as_text, silly_questions
from .truth import Truth

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST_ROUNDS = 20  # rounds of ambiguities that one load may have; a load that needs more is a failure


@dataclass
class Failure:
    """Describes a broken promise, with the texts before and after."""

    document: int
    load: int
    promise: str  # "wrong", "plan", "writing", "invariant", "dump" or "database"
    sentence: str
    edits: list[str]
    old: str
    new: str


@dataclass
class Tally:
    """Counts results. ``parts`` is counted by kind of edit, kind of part, whether it was renamed, and outcome."""

    loads: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    parts: Counter[tuple[str, str, bool, str]] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    silly: list[str] = field(default_factory=list)  # the questions that nobody should have been asked


class Course:
    """Follows one document. The same arguments give the same course.

    With ``habits`` the author has them, and the learners are studious, so that a short course shows much.
    """

    def __init__(
        self,
        seed: str,
        number: int,
        edits: int,
        weights: Mapping[Edit, float] = WEIGHTS,
        habits: Habits | None = None,
    ) -> None:
        self.random = Random(f"{seed}-{number}")
        self.number, self.edits, self.weights = number, edits, weights
        self.author: Author = create_author(self.random, number, habits)
        self.truth, self.tally = Truth(), Tally()
        self.known = {section.uid for section in self.author.document.sections}
        self.now = NOON
        self.module = self._begin()
        self.learners: list[Learner] = create_learners(
            self.random, self.module, edits // 2, self.now, are_studious=habits is not None
        )

    def run(self) -> Tally:
        while sum(self.tally.edits.values()) < self.edits:
            self._study()
            self._load()
        return self.tally

    # --------------------------------------------------------------------------------------------- first load

    def _begin(self) -> Module:
        text = self.author.document.write()
        plan = planning.plan_document(None, uploads.parse_with_images(text))
        module = apply.apply_plan(plan, by=None, now=self.now)
        opens = self.random.choice(
            (Quiz.QuizOpens.AT_ONCE, Quiz.QuizOpens.AT_ONCE, Quiz.QuizOpens.AFTER_SECTIONS)
        )
        Module.objects.filter(pk=module.pk).update(published_at=self.now)
        Quiz.objects.filter(module=module).update(quiz_opens=opens)
        module.refresh_from_db()
        after = rows_of(module)
        nothing = replace(after, sections={}, questions={}, versions={}, readings={})
        for side in matches.sides(self.author.document, nothing, after, self.truth):
            list(matches.matches(side))
        list(matches.note_choices(self.author.document, nothing, after, self.truth))
        return module

    # ---------------------------------------------------------------------------------------- between loads

    def _study(self) -> None:
        self.now += timedelta(hours=1)
        for learner in self.learners:
            if self.tally.loads < learner.stays and self.random.random() < 0.5:
                Studying(
                    self.random, learner, self.module, self.author.document, self.truth, self.now
                ).study()

    # -------------------------------------------------------------------------------------------------- loads

    def _load(self) -> None:
        self.now += timedelta(hours=1)
        old = self.author.document
        self.author.history.append(old)
        self.author.causes.clear()
        edits_left = self.edits - sum(self.tally.edits.values())
        edit_kinds = self._edit(min(edits_left, self.random.randint(1, 3)))
        self.tally.edits.update(edit_kinds)
        self.tally.loads += 1
        self.module = Module.objects.get(pk=self.module.pk)
        before = rows_of(self.module)
        plan = self._plan(before)
        if self.tally.loads % 10 == 1 and rows_of(self.module) != before:
            self._fail("writing", "planning has written something", edit_kinds, old)
        if plan.open_ambiguities:
            self._fail(
                "plan",
                f"ambiguities remain after {MOST_ROUNDS} rounds: {plan.open_ambiguities[0].key}",
                edit_kinds,
                old,
            )
            return
        apply.apply_plan(plan, by=None, now=self.now)
        after = rows_of(self.module)
        self._judge(plan, before, after, edit_kinds, old)

    def _edit(self, count: int) -> list[str]:
        """Lets the author make some edits and returns their names. A translation is loaded by itself."""
        kinds: list[str] = []
        while len(kinds) < count and TRANSLATION not in kinds:
            kinds.append(edit(self.author, self.weights))
        return kinds

    def _plan(self, before: Rows) -> Plan:
        """Returns a plan with every ambiguity decided by the truth, and some other decisions of an instructor."""
        document = uploads.parse_with_images(self.author.document.write(), module=self.module)
        uids = self._uids(document)
        decisions = Decisions()
        for _round in range(MOST_ROUNDS):
            plan = planning.plan_document(self.module, document, decisions)
            if not plan.open_ambiguities:
                break
            choices = {
                ambiguity.key: self._answer(ambiguity, uids, before, decisions, document)
                for ambiguity in plan.open_ambiguities
            }
            self._count_questions(plan, before)
            self.tally.figures["proposals that were right"] += sum(
                choices[ambiguity.key] == ambiguity.proposal for ambiguity in plan.open_ambiguities
            )
            decisions = replace(decisions, by_ambiguity={**decisions.by_ambiguity, **choices})
        return planning.plan_document(self.module, document, self._decide(plan, decisions))

    def _uids(self, document: parser.Document) -> dict[str, int]:
        """Returns the uids of the incoming sections, questions and choices, by the keys of their ambiguities."""
        written = self.author.document
        uids = {
            f"section:{section.identity}": part.uid
            for section, part in zip(document.sections, written.sections, strict=True)
        }
        questions = document.quiz.questions if document.quiz else ()
        for question, part in zip(questions, written.questions, strict=True):
            uids[f"question:{question.identity}"] = part.uid
            for choice, written_choice in zip(question.choices, part.choices, strict=True):
                uids[f"choice:{question.identity}:{choice.key}"] = written_choice.uid
        return uids

    def _count_questions(self, plan: Plan, before: Rows) -> None:
        silly = list(silly_questions(plan, before))
        self.tally.figures["questions asked"] += len(plan.open_ambiguities)
        self.tally.figures["silly questions"] += len(silly)
        self.tally.figures["questions about the whole document"] += sum(
            ambiguity.kind == "document" for ambiguity in plan.open_ambiguities
        )
        self.tally.silly += [
            f"document {self.number}, load {self.tally.loads}: {as_text(*found)}" for found in silly
        ]

    def _answer(
        self,
        ambiguity: Ambiguity,
        uids: dict[str, int],
        before: Rows,
        decisions: Decisions,
        document: parser.Document,
    ) -> str:
        """Returns the key of the candidate that the author means, or an empty string for something new."""
        if ambiguity.kind in ("section", "question", "choice"):
            return self._right_candidate(ambiguity, uids, before)
        answer = ambiguity.candidates[0].key
        by_ambiguity = {**decisions.by_ambiguity, ambiguity.key: answer}
        plan = planning.plan_document(self.module, document, replace(decisions, by_ambiguity=by_ambiguity))
        return answer if self._pairs_nothing_wrongly(plan, uids) else ""

    def _pairs_nothing_wrongly(self, plan: Plan, uids: dict[str, int]) -> bool:
        """Checks whether a plan gives no part the row of another one."""
        rows = {f"section:{identity}": row for identity, row in plan.kept.sections.items()}
        rows |= {f"question:{identity}": row for identity, row in plan.kept.question_rows.items()}
        known = {f"section:{uid}": row for uid, row in self.truth.section_rows.items()}
        known |= {f"question:{uid}": row for uid, row in self.truth.question_rows.items()}
        return all(known.get(f"{key.partition(':')[0]}:{uids[key]}") == row for key, row in rows.items())

    def _right_candidate(self, ambiguity: Ambiguity, uids: dict[str, int], before: Rows) -> str:
        """Returns the key of the candidate that the author means, or an empty string for a new part."""
        uid = uids[ambiguity.key]
        if ambiguity.kind == "choice":
            question = self.truth.question_rows.get(uids["question:" + ambiguity.key.split(":")[1]], 0)
            right_key = self.truth.key_of(uid, question, before.versions) or ""
        else:
            right_key = self._row_of(ambiguity.kind, uid)
        offered = {candidate.key for candidate in ambiguity.candidates}
        known = (before.sections if ambiguity.kind == "section" else before.questions).keys()
        if ambiguity.kind != "choice" and right_key and right_key not in offered and int(right_key) in known:
            self.tally.figures["questions without the right answer"] += 1
        return right_key if right_key in offered else ""

    def _row_of(self, kind: str, uid: int) -> str:
        """Returns the key of the row of a part, or an empty string where it has none, or lost it to another part."""
        truth = self.truth
        is_section = kind == "section"
        row = (truth.section_rows if is_section else truth.question_rows).get(uid, 0)
        owner = (truth.section_owners if is_section else truth.question_owners).get(row)
        return str(row) if owner == uid else ""

    def _decide(self, plan: Plan, decisions: Decisions) -> Decisions:
        """Adds random decisions: what readers of some changed sections have to do, and which keys are regraded."""
        tell = {}
        regrade = set()
        for change in plan.changes:
            is_decided = (
                change.kind == "section" and "changed" in change.states and self.random.random() < 0.1
            )
            if is_decided:
                words = [word for word in TELL if word != "rest" or "merged" in change.states]
                tell[change.identity] = self.random.choice(words)
            if change.effect and self.random.random() < 0.5:
                regrade.add(change.identity)
        self.tally.figures["keys graded again"] += len(regrade)
        return replace(decisions, tell=tell, regrade=frozenset(regrade))

    # ------------------------------------------------------------------------------------------------ verdict

    def _judge(self, plan: Plan, before: Rows, after: Rows, edit_kinds: list[str], old: Document) -> None:
        document, truth, uids = self.author.document, self.truth, self._uids(plan.document)
        self._let_lapse(plan, after)
        self._let_return(plan, before, after)
        ambiguity_keys = frozenset(plan.decisions.by_ambiguity)
        asked_choices = frozenset(uids[key] for key in ambiguity_keys if key.startswith("choice:"))
        found_matches = [
            match
            for side in matches.sides(document, before, after, truth, ambiguity_keys, self.author.kin(old))
            for match in matches.matches(side)
        ]
        found_matches += matches.note_choices(document, before, after, truth, asked_choices)
        for match in found_matches:
            cause = self.author.causes.get(match.uid, "nothing of its own")
            self.tally.parts[cause, match.kind, match.is_renamed, match.outcome] += 1
        wrong = [
            f"{match.kind} {match.uid} has the work of another"
            for match in found_matches
            if match.outcome == WRONG
        ]
        wrong += matches.wrong_readings(document, before, after, truth)
        wrong += matches.wrong_responses(after, truth)
        wrong += merges.unread_texts(old, document, plan, before, after, truth)
        questions = {truth.question_rows[question.uid]: question for question in document.questions}
        wrong += plans.wrong_marks(plan, before, after, truth, questions)
        promises = {
            "wrong": wrong,
            "plan": plans.differences(plan, before, after),
            "invariant": [
                *invariants.broken(self.module, document.write(), after),
                *invariants.broken_between(before, after),
            ],
        }
        for promise, sentences in promises.items():
            for sentence in sentences:
                self._fail(promise, sentence, edit_kinds, old)
        self._count(plan, after)

    def _let_lapse(self, plan: Plan, after: Rows) -> None:
        """Notes in the truth which sections have to be read again."""
        self.truth.lapsed = {}
        for change in plan.changes:
            if change.kind == "section" and "removed" not in change.states:
                row = plan.kept.sections.get(change.identity, 0)  # else new, and nobody has read it
                readings = self.truth.readings.get(row, {})
                merged = plan.kept.merged.get(change.identity, ())
                kept = {
                    key: revision
                    for key, revision in readings.items()
                    if self._stays(change.tell, key, merged)
                    or self._has_read_it(change, revision, row, after)
                }
                self.truth.lapsed[row] = {key: readings[key] for key in readings.keys() - kept.keys()}
                self.truth.readings[row] = kept

    def _stays(self, tell: str, enrolment: int, merged: Collection[int]) -> bool:
        """Tells whether a reading still counts: with "rest", if all merged sections have been read too."""
        has_all = all(enrolment in self.truth.readings.get(row, {}) for row in merged)
        return tell != "again" and (tell != "rest" or has_all)

    def _has_read_it(self, change: Change, revision: int, row: int, after: Rows) -> bool:
        """Tells whether a section with "rest" has the text again that was read at a revision."""
        return change.tell == "rest" and after.text_read(row, revision) == after.sections[row].source

    def _let_return(self, plan: Plan, before: Rows, after: Rows) -> None:
        """Notes in the truth which readings count again because their text has returned."""
        self.truth.returned = {}
        for change in plan.changes:
            row = plan.kept.sections.get(change.identity, 0) if change.kind == "section" else 0
            if row and change.tell != "again" and "removed" not in change.states:
                returned = after.returned_readings(row, before)
                self.truth.returned[row] = returned
                self.truth.readings[row] = {**self.truth.readings.get(row, {}), **returned}
                self.tally.figures["readings that came back"] += len(returned)

    def _count(self, plan: Plan, after: Rows) -> None:
        """Counts how much this load has tested."""
        halves = [
            section
            for section in self.author.document.sections
            if section.parent and section.uid not in self.known
        ]
        self.known |= {section.uid for section in self.author.document.sections}
        noticed = {change.identity for change in plan.changes if "split" in change.states}
        rows = {row.pk: row for row in after.active_sections}
        self.tally.figures["splits"] += len(halves)
        self.tally.figures["splits noticed"] += sum(
            rows[self.truth.section_rows[half.uid]].identity in noticed for half in halves
        )
        for name in ("readings", "responses", "former", "regrades"):
            self.tally.figures[name] = len(getattr(after, name))
        self.tally.figures["finished"] = sum(
            bool(enrolment.finished_at) for enrolment in after.enrolments.values()
        )

    def _fail(self, promise: str, sentence: str, edit_kinds: list[str], old: Document) -> None:
        self.tally.failures.append(self.failure(promise, sentence, edit_kinds, old))

    def failure(
        self, promise: str, sentence: str, made: list[str] | None = None, old: Document | None = None
    ) -> Failure:
        """Describes a promise that the last load has broken."""
        texts = [(document or self.author.document).write() for document in (old, None)]
        return Failure(self.number, self.tally.loads, promise, sentence, made or [], *texts)
